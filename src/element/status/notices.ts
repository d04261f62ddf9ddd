/** Why files did not come on the list: one sentence for each reason, however many files it concerns. */

import { html, nothing, type TemplateResult } from 'lit';
import type { StringKey } from '../../locales/table.js';
import type { RejectionCode } from '../../ports/errors.js';
import type { FileInput, SourceFile } from '../../ports/source.js';
import { icons } from '../icons.js';
import type { Localizer } from '../language/localizer.js';
import { acceptedTypes, type Limits } from '../zone/drop-zone.js';
import { displayName } from './format.js';

/** Names told in full before "and 12 more". */
const MOST_NAMES = 3;

const CODE_KEYS = {
  'rejected-type': 'rejectedType',
  'rejected-count': 'rejectedCount',
  'rejected-duplicate': 'rejectedDuplicate',
  'rejected-before': 'rejectedBefore',
} as const satisfies Record<Exclude<RejectionCode, 'rejected-size'>, StringKey>;

export type NoticeKey =
  | (typeof CODE_KEYS)[keyof typeof CODE_KEYS]
  | 'rejectedLarge'
  | 'rejectedSmall'
  | 'rejectedTotal'
  | 'unreadable'
  | 'wrongFile';

const keyFor = (code: RejectionCode, { size }: SourceFile, limits: Limits): NoticeKey => {
  if (code !== 'rejected-size') return CODE_KEYS[code];
  if (size > limits.maxFileSize) return 'rejectedLarge';
  return size < limits.minFileSize ? 'rejectedSmall' : 'rejectedTotal';
};

/** A file that was chosen for an upload on the list and is not the one it began with. */
export interface WrongFile {
  /** Of the upload. */
  readonly id: string;
  readonly uploadName: string;
  readonly fileName: string;
  readonly input: FileInput;
}

/** What a button of the notice asks for. */
export type NoticeAnswer = 'start-over' | 'choose' | 'dismiss';

/** Refusals of one batch stay together, in milliseconds; the next batch begins anew. */
const BATCH_MS = 1_000;

export class Notices {
  readonly #changed: () => void;
  readonly #names = new Map<NoticeKey, string[]>();
  #wrongFile: WrongFile | null = null;
  #addedAt = 0;

  constructor(changed: () => void) {
    this.#changed = changed;
  }

  reject(file: SourceFile, code: RejectionCode, limits: Limits): void {
    this.add(keyFor(code, file, limits), file.name);
  }

  add(key: NoticeKey, name: string): void {
    const names = this.#names.get(key);
    if (names) names.push(name);
    else this.#names.set(key, [name]);
    this.#addedAt = performance.now();
    this.#changed();
  }

  /** Leaves the choice to the user: the upload begins anew with this file, or gets its own. */
  refuse(wrongFile: WrongFile): void {
    this.#wrongFile = wrongFile;
    this.add('wrongFile', wrongFile.fileName);
  }

  get wrongFile(): WrongFile | null {
    return this.#wrongFile;
  }

  clear(): void {
    if (this.#names.size === 0) return;
    this.#names.clear();
    this.#wrongFile = null;
    this.#changed();
  }

  /** Takes away what an earlier batch left. */
  beginBatch(): void {
    if (performance.now() - this.#addedAt > BATCH_MS) this.clear();
  }

  sentences(limits: Limits, texts: Localizer): string[] {
    return [...this.#names].map(([key, names]) => {
      const size = { rejectedSmall: limits.minFileSize, rejectedTotal: limits.maxTotalSize }[key as string];
      return texts.text(key, {
        count: names.length,
        names: listNames(names, texts),
        size: texts.bytes(size ?? limits.maxFileSize),
        max: limits.maxFiles,
        types: acceptedTypes(limits.accept, texts),
      });
    });
  }
}

const listNames = (names: readonly string[], texts: Localizer): string => {
  const shown = names.slice(0, MOST_NAMES).map(displayName);
  const more = names.length - shown.length;
  return texts.list(more > 0 ? [...shown, texts.text('moreNames', { count: more })] : shown);
};

export interface NoticeContext {
  readonly texts: Localizer;
  readonly limits: Limits;
  /** A second file does not take the place of the first. */
  readonly takesMany: boolean;
  readonly disabled: boolean;
}

type OnAnswer = (answer: NoticeAnswer) => void;

const renderChoice = (
  { fileName, uploadName }: WrongFile,
  { texts, disabled }: NoticeContext,
  onAnswer: OnAnswer,
): TemplateResult => {
  const button = (answer: NoticeAnswer, label: string, longLabel: string) => html`<button
    type="button"
    class="plain"
    part="button remedy"
    data-action=${answer}
    aria-label=${longLabel}
    ?disabled=${disabled}
    @click=${() => onAnswer(answer)}
  >${label}</button>`;
  return html`<div class="notice-buttons">
    ${button('start-over', texts.text('startOver'), texts.text('startOverFile', { name: displayName(fileName) }))}
    ${button('choose', texts.text('choose'), texts.text('chooseFileAgain', { name: displayName(uploadName) }))}
  </div>`;
};

/** The region is always there, because assistive technology only tells changes of regions it knows. */
export const renderNotices = (notices: Notices, context: NoticeContext, onAnswer: OnAnswer): TemplateResult => {
  const { texts, limits, takesMany } = context;
  const sentences = notices.sentences(takesMany ? limits : { ...limits, maxFiles: 1 }, texts);
  const { wrongFile } = notices;
  return html`
    <div class="notices" role="alert">${
      sentences.length === 0
        ? nothing
        : html`<div class="notice" part="notice">
            ${icons.alert}
            <div class="notice-text">
              ${sentences.map((sentence) => html`<p dir="auto">${sentence}</p>`)}
              ${wrongFile === null ? nothing : renderChoice(wrongFile, context, onAnswer)}
            </div>
            <button
              type="button"
              class="icon-button"
              part="action dismiss"
              aria-label=${texts.text('dismiss')}
              title=${texts.text('dismiss')}
              @click=${() => onAnswer('dismiss')}
            >${icons.close}</button>
          </div>`
    }</div>
  `;
};
