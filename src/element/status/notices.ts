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

/** These sentences leave the number of files to the title. */
const UNCOUNTED: ReadonlySet<NoticeKey> = new Set([
  'rejectedType',
  'rejectedLarge',
  'rejectedSmall',
  'rejectedTotal',
  'rejectedCount',
]);

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
      const text = texts.text(key, {
        // The limit matters more than the number of refused files, whose names are shown.
        count: key === 'rejectedCount' ? limits.maxFiles : refused.length,
        names: listNames(refused, texts),
        size: texts.bytes(size ?? limits.maxFileSize),
        actual: texts.bytes(refused[0]?.size ?? 0),
        types: acceptedTypes(limits.accept, texts),
        expected: displayName(this.#wrongFile?.uploadName ?? ''),
      });
      return { text, isHarmless: HARMLESS.has(key) };
    });
  }

  /** How many files were refused, for whatever reasons; empty where the sentences below say it. */
  title(texts: Localizer): string {
    const refused = [...this.#refused].filter(([key]) => key.startsWith('rejected'));
    const count = refused.reduce((sum, [, files]) => sum + files.length, 0);
    const isDue = count > 1 && refused.some(([key]) => UNCOUNTED.has(key));
    return isDue ? texts.text('filesSkipped', { count }) : '';
  }
}

const listNames = (refused: readonly Refused[], texts: Localizer): string => {
  // Isolated one by one: in a list that is not, names would read as one with the words around them.
  const shown = refused.slice(0, MAX_NAMES).map(({ name }) => `\u2068${displayName(name)}\u2069`);
  const more = refused.length - shown.length;
  return texts.list(more > 0 ? [...shown, texts.text('moreNames', { count: more })] : shown);
};

/** A value between the characters of an isolate, in which another one may stand. */
const ISOLATED = /\u2068((?:[^\u2068\u2069]|\u2068[^\u2069]*\u2069)*)\u2069/;

/** The text with elements in place of the characters that isolate its values, which would be copied with it. */
const renderIsolated = (text: string): unknown[] =>
  text.split(ISOLATED).map((piece, index) => (index % 2 === 1 ? html`<bdi>${renderIsolated(piece)}</bdi>` : piece));

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
  const title = notices.title(texts);
  const isHarmless = lines.every((line) => line.isHarmless);
  const { wrongFile } = notices;
  return html`
    <div class="notices" role="alert">${
      lines.length === 0
        ? nothing
        : html`<div class="notice ${isHarmless ? 'harmless' : ''}" part="notice ${isHarmless ? 'notice-harmless' : ''}">
            ${icons.alert}
            <div class="notice-text">
              ${title === '' ? nothing : html`<p dir=${directionOf(title)}><strong>${title}</strong></p>`}
              ${lines.map(({ text }) => html`<p dir=${directionOf(text)}>${renderIsolated(text)}</p>`)}
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
