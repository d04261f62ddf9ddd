/** Shows why files were refused: one line per reason, however many files it concerns. */

import { html, nothing, type TemplateResult } from 'lit';
import type { StringKey } from '../../locales/table.js';
import type { RejectionCode } from '../../ports/errors.js';
import type { FileInput, SourceFile } from '../../ports/source.js';
import { icons } from '../icons.js';
import { directionOf, type Localizer } from '../language/localizer.js';
import { acceptedTypes, isUnreadable, type Limits } from '../zone/drop-zone.js';
import { displayName } from './format.js';

/** Maximum number of names before "and 12 more". */
const MAX_NAMES = 3;

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
  | 'emptyFolder'
  | 'error-configuration'
  | 'wrongFile';

/** Nothing is lost, so the user need not do anything. */
const HARMLESS: ReadonlySet<NoticeKey> = new Set(['rejectedDuplicate', 'emptyFolder']);

const keyFor = (code: RejectionCode, { size }: SourceFile, limits: Limits): NoticeKey => {
  // An error of the page, which no other file would avoid.
  if (isUnreadable(limits)) return 'error-configuration';
  if (code !== 'rejected-size') return CODE_KEYS[code];
  if (size > limits.maxFileSize) return 'rejectedLarge';
  return size < limits.minFileSize ? 'rejectedSmall' : 'rejectedTotal';
};

/** A file that was chosen for an upload of the list but is another one. */
export interface WrongFile {
  /** Id of the upload. */
  readonly id: string;
  readonly uploadName: string;
  readonly fileName: string;
  readonly input: FileInput;
}

/** The action of a button of the notice. */
export type NoticeAnswer = 'start-over' | 'choose' | 'dismiss';

interface Refused {
  readonly name: string;
  /** Bytes; 0 where the size does not matter. */
  readonly size: number;
}

/** One reason, ready to show. */
export interface NoticeLine {
  /** The number of files, which stands out before the text; empty for a single file. */
  readonly lead: string;
  readonly text: string;
  readonly isHarmless: boolean;
}

/** Refusals within this time, in milliseconds, belong to one batch; a new batch clears the old one. */
const BATCH_MS = 1_000;

export class Notices {
  readonly #changed: () => void;
  readonly #refused = new Map<NoticeKey, Refused[]>();
  #wrongFile: WrongFile | null = null;
  #addedAt = 0;

  constructor(changed: () => void) {
    this.#changed = changed;
  }

  reject(file: SourceFile, code: RejectionCode, limits: Limits): void {
    this.add(keyFor(code, file, limits), file.name, file.size);
  }

  add(key: NoticeKey, name: string, size = 0): void {
    const refused = this.#refused.get(key);
    if (refused) refused.push({ name, size });
    else this.#refused.set(key, [{ name, size }]);
    this.#addedAt = performance.now();
    this.#changed();
  }

  /** Asks the user: start the upload again with this file, or choose the original file. */
  refuse(wrongFile: WrongFile): void {
    this.#wrongFile = wrongFile;
    this.add('wrongFile', wrongFile.fileName);
  }

  get isShown(): boolean {
    return this.#refused.size > 0;
  }

  get wrongFile(): WrongFile | null {
    return this.#wrongFile;
  }

  clear(): void {
    if (this.#refused.size === 0) return;
    this.#refused.clear();
    this.#wrongFile = null;
    this.#changed();
  }

  /** Clears the refusals of an earlier batch. */
  beginBatch(): void {
    if (performance.now() - this.#addedAt > BATCH_MS) this.clear();
  }

  lines(limits: Limits, texts: Localizer): NoticeLine[] {
    return [...this.#refused].map(([key, refused]) => {
      const size = { rejectedSmall: limits.minFileSize, rejectedTotal: limits.maxTotalSize }[key as string];
      const whole = texts.text(key, {
        // The limit matters more than the number of refused files, whose names are shown.
        count: key === 'rejectedCount' ? limits.maxFiles : refused.length,
        names: listNames(refused, texts),
        size: texts.bytes(size ?? limits.maxFileSize),
        actual: texts.bytes(refused[0]?.size ?? 0),
        types: acceptedTypes(limits.accept, texts),
        expected: displayName(this.#wrongFile?.uploadName ?? ''),
      });
      const lead = refused.length > 1 ? (/^[^:：]*[:：]/.exec(whole)?.[0] ?? '') : '';
      return { lead, text: whole.slice(lead.length), isHarmless: HARMLESS.has(key) };
    });
  }
}

const listNames = (refused: readonly Refused[], texts: Localizer): string => {
  const shown = refused.slice(0, MAX_NAMES).map(({ name }) => displayName(name));
  const more = refused.length - shown.length;
  return texts.list(more > 0 ? [...shown, texts.text('moreNames', { count: more })] : shown);
};

export interface NoticeContext {
  readonly texts: Localizer;
  readonly limits: Limits;
  /** Whether a second file is added instead of replacing the first. */
  readonly takesMany: boolean;
  readonly disabled: boolean;
}

type OnAnswer = (answer: NoticeAnswer) => void;

const renderChoice = (
  { fileName, uploadName }: WrongFile,
  { texts, disabled }: NoticeContext,
  onAnswer: OnAnswer,
): TemplateResult => {
  const button = (answer: NoticeAnswer, label: string) => html`<button
    type="button"
    class="plain"
    part="button remedy"
    data-action=${answer}
    ?disabled=${disabled}
    @click=${() => onAnswer(answer)}
  >${label}</button>`;
  return html`<div class="notice-buttons">
    ${button('choose', texts.text('chooseExpected', { name: displayName(uploadName) }))}
    ${button('start-over', texts.text('uploadInstead', { name: displayName(fileName) }))}
  </div>`;
};

/** Always rendered, because assistive technology only announces changes of regions that it knows. */
export const renderNotices = (notices: Notices, context: NoticeContext, onAnswer: OnAnswer): TemplateResult => {
  const { texts, limits, takesMany } = context;
  const lines = notices.lines(takesMany ? limits : { ...limits, maxFiles: 1 }, texts);
  const isHarmless = lines.every((line) => line.isHarmless);
  const { wrongFile } = notices;
  return html`
    <div class="notices" role="alert">${
      lines.length === 0
        ? nothing
        : html`<div class="notice ${isHarmless ? 'harmless' : ''}" part="notice ${isHarmless ? 'notice-harmless' : ''}">
            ${icons.alert}
            <div class="notice-text">
              ${lines.map(
                ({ lead, text }) =>
                  html`<p dir=${directionOf(lead + text)}>${
                    lead === '' ? nothing : html`<strong>${lead}</strong>`
                  }${text}</p>`,
              )}
              ${wrongFile === null ? nothing : renderChoice(wrongFile, context, onAnswer)}
            </div>
            <button
              type="button"
              class="icon-button"
              part="action dismiss"
              aria-label=${texts.text('dismiss')}
              @click=${() => onAnswer('dismiss')}
            ><span class="tip" title=${texts.text('dismiss')}>${icons.close}</span></button>
          </div>`
    }</div>
  `;
};
