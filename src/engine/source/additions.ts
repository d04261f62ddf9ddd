/** Adds files: as new uploads, or as the files that uploads on the list wait for. */

import { inSlices } from '../../lib/in-slices.js';
import type { Hasher } from '../../ports/hasher.js';
import type { FileHandle, FileInput, SourceFile } from '../../ports/source.js';
import { isResumable } from '../upload/file-description.js';
import type { UploadSnapshot } from '../upload/snapshot.js';
import type { UploadTarget } from '../upload/target.js';
import type { Upload } from '../upload/upload.js';
import type { UploadList } from '../upload/upload-list.js';
import { isTerminal } from '../upload/upload-state.js';
import { openHandles, sortInputs } from './file-input.js';
import { identify, isEqual } from './fingerprint.js';
import { type AdmitOptions, type Described, describe, type Intake, pathOf } from './intake.js';
import { inNaturalOrder } from './natural-order.js';

export interface AdditionsInit {
  readonly list: UploadList;
  readonly intake: Intake;
  readonly hasher: Hasher;
  /** The target of files that are added now. */
  readonly target: () => UploadTarget;
  /** Puts a new upload on the list. */
  readonly enlist: (upload: Upload) => void;
  /** Starts those that may. */
  readonly pump: () => void;
  readonly remove: (uploads: readonly Upload[]) => void;
  /** Queues the upload. */
  readonly ready: (upload: Upload) => void;
  /** Tells the tab that drives the upload that this one has its file; false when this tab drives it. */
  readonly offer: (upload: Upload) => boolean;
}

/** Acts on uploads. */
export type Command = (uploads: readonly Upload[]) => void;

export class Additions {
  readonly #init: AdditionsInit;
  /** Commands for all uploads since each call of `add` whose files are not all on the list yet. */
  readonly #unfinished = new Set<Command[]>();

  constructor(init: AdditionsInit) {
    this.#init = init;
  }

  /**
   * As `take`, some hundreds per task; files of handles are added once they are opened. All go to the target of this
   * call. Calls `onAll` with the number of uploads once all are on the list.
   */
  add(inputs: Iterable<FileInput | FileHandle>, onAll?: (count: number) => void): readonly UploadSnapshot[] {
    const { files, handles } = sortInputs(inputs);
    const target = this.#init.target();
    const commands: Command[] = [];
    this.#unfinished.add(commands);
    let left = files.length + handles.length;
    let count = 0;
    const take = (slice: readonly FileInput[]) => {
      const added = this.take(slice, { target });
      count += added.length;
      left -= slice.length;
      if (left === 0) this.#unfinished.delete(commands);
      const uploads = added.flatMap(({ id }) => this.#init.list.chosen(id));
      for (const command of commands) command(uploads);
      if (left === 0) onAll?.(count);
      return added;
    };
    if (handles.length > 0) {
      void openHandles(handles).then((opened) => {
        left -= handles.length - opened.length;
        inSlices(opened, take);
      });
    }
    // All at once, because a slice would only be in order by itself.
    return inSlices(inNaturalOrder(files, pathOf), take);
  }

  /** Calls `command` with the uploads of earlier calls of `add` that are not on the list yet, once they are. */
  later(command: Command): void {
    for (const commands of this.#unfinished) commands.push(command);
  }

  /** Returns the uploads that were added or matched. */
  take(files: Iterable<FileInput>, how: AdmitOptions = {}): readonly UploadSnapshot[] {
    const { intake, enlist, pump, remove } = this.#init;
    const admitted = intake.admit(files, how);
    for (const { upload, rejoins, replaces } of admitted) {
      remove([...replaces].filter((replaced) => replaced !== upload));
      if (rejoins !== null) void this.#rejoin(upload, rejoins, how);
      else enlist(upload);
    }
    pump();
    return admitted.map(({ upload }) => upload.snapshot);
  }

  /** Attaches the file to an upload; true when it continues, from the confirmed parts or from zero. */
  async reattach(id: string, input: FileInput): Promise<boolean> {
    const { list, remove } = this.#init;
    const upload = list.get(id);
    if (upload === undefined) return false;
    const { file, handle } = describe(input);
    if (await this.attach(upload, file, handle)) return !isTerminal(upload.state.kind);
    const { source } = upload.content;
    const mayStartOver = upload.state.kind === 'failed' && source.name === file.name;
    if (!mayStartOver || !list.has(id)) return false;
    // A file that the limits refuse must not cost the user the upload.
    const taken = this.take([{ file, handle, relativePath: source.relativePath }], { except: [upload] });
    if (taken.length > 0) remove([upload]);
    return taken.length > 0;
  }

  /**
   * True when `file` is the upload's; the upload then continues, unless it was canceled or removed meanwhile. A file that
   * cannot be read at the moment is judged by its date: as another upload it could not be read either.
   */
  async attach(upload: Upload, file: SourceFile, handle: FileHandle | null): Promise<boolean> {
    const { list, hasher, ready, offer } = this.#init;
    if (!isResumable(upload) && upload.known.size === file.size) await identify(upload, hasher);
    const { known } = upload;
    if (!(await isEqual(known, file, hasher).catch(() => known.lastModified === file.lastModified))) return false;
    upload.content.attach(file);
    upload.handle = handle ?? upload.handle;
    if (!list.holds(upload) || upload.state.kind === 'canceled' || offer(upload)) return true;
    if (upload.dispatch({ type: 'resume' }) || upload.dispatch({ type: 'restart' })) ready(upload);
    return true;
  }

  /** Attaches a file that may be the upload's; if it is another one, it becomes a new upload. */
  async #rejoin(upload: Upload, { file, handle, description }: Described, how: AdmitOptions): Promise<void> {
    if (await this.attach(upload, file, handle)) return;
    const except = [...(how.except ?? []), upload];
    this.take([{ file, handle, relativePath: description.relativePath }], { ...how, except });
  }
}
