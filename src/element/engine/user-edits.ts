/** Applies the user's changes of the list to the engine, and then sends `input` and `change`. */

import type { EngineCore } from '../../engine/engine-core.js';
import type { UploadSnapshot } from '../../engine/upload/snapshot.js';
import { inSlices } from '../../lib/in-slices.js';
import type { StringKey } from '../../locales/table.js';
import type { FileInput } from '../../ports/source.js';
import type { Values } from '../language/localizer.js';
import type { RowAction } from '../list/upload-row.js';
import { displayName } from '../status/format.js';
import type { NoticeAnswer, Notices, WrongFile } from '../status/notices.js';
import { remedyFor } from '../status/status-line.js';
import type { SummaryAction } from '../status/summary.js';
import { UndoOffer } from '../status/undo-offer.js';
import type { Collected } from '../zone/collect-files.js';
import { fileIn, takeMany } from './take-files.js';

export interface EditsHost {
  /** Returns the engine with the current attributes applied. */
  readonly engine: () => EngineCore;
  /** Opens the picker for the missing file of one upload, or with null for all missing files. */
  readonly chooseAgain: (id: string | null) => void;
  /** Opens the picker for new files. */
  readonly choose: () => void;
  readonly start: () => void;
  readonly notices: Notices;
  readonly changed: () => void;
  /** Announces what was done to screen readers. */
  readonly say: (key: StringKey, values?: Values) => void;
  readonly render: () => void;
}

const removeAll = (engine: EngineCore, ...states: readonly UploadSnapshot['state'][]): void => {
  engine.remove(engine.uploads.flatMap(({ id, state }) => (states.includes(state) ? [id] : [])));
};

/** By id, because `retry()` without an id would also restart canceled uploads. */
const retryFailed = (engine: EngineCore): void => {
  const ids = engine.uploads.flatMap((upload) => {
    const isMended = upload.state === 'failed' && remedyFor(upload) === 'retry';
    return isMended || upload.reason === 'needs-sign-in' ? [upload.id] : [];
  });
  inSlices(ids, (slice) => {
    for (const id of slice) engine.retry(id);
  });
};

/** Ends a wait, so that the next attempt starts now; confirmed bytes stay. */
const tryNow = (engine: EngineCore, id: string): void => {
  engine.pause(id);
  engine.resume(id);
};

export class UserEdits {
  readonly #host: EditsHost;
  readonly undo: UndoOffer;

  constructor(host: EditsHost) {
    this.#host = host;
    this.undo = new UndoOffer(host);
  }

  /** Reports what was picked, dropped or pasted but cannot be read; the rest is taken in the same task. */
  receive({ files, unreadable, empty = [] }: Collected): void {
    this.undo.watchTask();
    this.#host.notices.clear();
    for (const path of unreadable) this.#host.notices.add('unreadable', path);
    // An empty folder is only reported when there were no files.
    if (files.length === 0) for (const path of empty) this.#host.notices.add('emptyFolder', path);
  }

  /** Attaches the missing file of one upload, or with null the missing files of several. */
  async takeAgain(id: string | null, files: readonly FileInput[]): Promise<void> {
    this.#host.notices.clear();
    const [first] = files;
    if (first === undefined) return;
    if (id === null) takeMany(files, this.#host);
    else if (this.#isRefused(id)) this.#startOver(this.#otherFile(id, first));
    else if (await this.#reattach(id, first)) this.#host.changed();
    else this.#refuse(id, first);
  }

  /** A file that has changed since its upload failed begins a new upload, which replaces that one. */
  async #reattach(id: string, file: FileInput): Promise<boolean> {
    const engine = this.#host.engine();
    const others = new Set(engine.uploads.map((upload) => upload.id));
    const before = this.#find(id);
    const isTaken = await engine.reattach(id, file);
    if (!isTaken || before === undefined || this.#find(id) !== undefined) return isTaken;
    const isInstead = (upload: UploadSnapshot) => !others.has(upload.id) && upload.name === before.name;
    this.undo.offer(
      [before],
      engine.uploads.filter(isInstead).map((upload) => upload.id),
    );
    return true;
  }

  /** Handles the button of a notice. */
  readonly answer = (answer: NoticeAnswer): void => {
    const { wrongFile } = this.#host.notices;
    this.#host.notices.clear();
    if (wrongFile === null || answer === 'dismiss') return;
    if (answer === 'choose') this.#host.chooseAgain(wrongFile.id);
    else this.#startOver(wrongFile);
  };

  /** Escape closes messages, and in that case must not close a dialog around the element. */
  readonly onKey = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || event.defaultPrevented || !this.#host.notices.isShown) return;
    event.preventDefault();
    event.stopPropagation();
    this.answer('dismiss');
  };

  /** Files that wait start in the order of the list, and those of a form are sent in it. */
  move(id: string, index: number): void {
    this.#edit((engine) => engine.move(id, index));
  }

  perform(action: Exclude<RowAction, 'move'>, id: string): void {
    const engine = this.#host.engine();
    if (action === 'choose' || action === 'choose-another') this.#host.chooseAgain(id);
    else if (action === 'replace') this.#host.choose();
    else if (action === 'continue') engine.resume(id);
    else if (action === 'upload-again') engine.retry(id);
    else if (action === 'try-now') tryNow(engine, id);
    else if (action === 'prioritize') this.#prioritize(id);
    else if (action === 'cancel' || action === 'remove') this.#withUndo(() => engine[action](id));
    else engine[action](id);
  }

  performAll(action: SummaryAction): void {
    const acts: Record<SummaryAction, () => void> = {
      start: () => this.#host.start(),
      'choose-again': () => this.#host.chooseAgain(null),
      'retry-all': () => retryFailed(this.#host.engine()),
      'choose-failed': () =>
        this.#host.chooseAgain(this.#host.engine().uploads.find(({ state }) => state === 'failed')?.id ?? null),
      'remove-failed': () => this.#withUndo((engine) => removeAll(engine, 'failed')),
      'pause-all': () => this.#host.engine().pause(),
      'continue-all': () => this.#host.engine().resume(),
      'resume-all': () => this.#host.engine().resume(),
      'cancel-all': () => this.#withUndo((engine) => engine.cancel()),
      clear: () => this.#withUndo((engine) => engine.clear()),
    };
    acts[action]();
  }

  #refuse(id: string, input: FileInput): void {
    this.#host.notices.refuse(this.#otherFile(id, input));
  }

  #otherFile(id: string, input: FileInput): WrongFile {
    const fileName = fileIn(input).name;
    return { id, input, fileName, uploadName: this.#find(id)?.name ?? fileName };
  }

  /** Whether only another file can take the place of the upload. */
  #isRefused(id: string): boolean {
    const upload = this.#find(id);
    return upload?.state === 'failed' && remedyFor(upload) === 'choose-another';
  }

  /** Replaces the upload at its position, and in its folder if the file is another version of the same file. */
  #startOver({ id, input, fileName, uploadName }: WrongFile): void {
    const relativePath = fileName === uploadName ? this.#find(id)?.relativePath : undefined;
    const described = input instanceof File ? { file: input } : input;
    this.#withUndo((engine) => {
      engine.remove(id);
      engine.addFiles([{ ...described, ...(relativePath !== undefined && { relativePath }) }]);
    });
  }

  #find(id: string): UploadSnapshot | undefined {
    return this.#host.engine().uploads.find((upload) => upload.id === id);
  }

  #prioritize(id: string): void {
    this.#host.engine().prioritize(id);
    const name = this.#find(id)?.name;
    if (name !== undefined) this.#host.say('saidNext', { name: displayName(name) });
  }

  #withUndo(act: (engine: EngineCore) => void): void {
    this.#edit(() => this.undo.watch(act));
  }

  /** Sends `input` and `change` only if the list has changed. */
  #edit(act: (engine: EngineCore) => void): void {
    const engine = this.#host.engine();
    const before = engine.uploads;
    act(engine);
    if (engine.uploads !== before) this.#host.changed();
  }
}
