/** Files that the page or the user gives: new uploads, or the files that uploads of the list wait for. */

import { inSlices } from '../../lib/in-slices.js';
import type { Hasher } from '../../ports/hasher.js';
import type { FileHandle, FileInput, SourceFile } from '../../ports/source.js';
import type { UploadSnapshot } from '../upload/snapshot.js';
import type { Upload } from '../upload/upload.js';
import type { UploadList } from '../upload/upload-list.js';
import { isTerminal } from '../upload/upload-state.js';
import { openHandles, sortInputs } from './file-input.js';
import { isSame } from './fingerprint.js';
import { type AdmitOptions, type Described, describe, type Intake } from './intake.js';

export interface AdditionsInit {
  readonly list: UploadList;
  readonly intake: Intake;
  readonly hasher: Hasher;
  /** Puts a new upload on the list. */
  readonly enlist: (upload: Upload) => void;
  readonly discard: (uploads: readonly Upload[]) => void;
  /** The upload may begin when its turn comes. */
  readonly ready: (upload: Upload) => void;
}

export class Additions {
  readonly #init: AdditionsInit;

  constructor(init: AdditionsInit) {
    this.#init = init;
  }

  /** As `take`, some hundreds in a task; the files of handles come on the list once they are opened. */
  add(inputs: Iterable<FileInput | FileHandle>): readonly UploadSnapshot[] {
    const { files, handles } = sortInputs(inputs);
    const take = (slice: readonly FileInput[]) => this.take(slice);
    if (handles.length > 0) void openHandles(handles).then((opened) => inSlices(opened, take));
    return inSlices(files, take);
  }

  /** Those that are on the list now. */
  take(files: Iterable<FileInput>, how: AdmitOptions = {}): readonly UploadSnapshot[] {
    const { intake, enlist, discard } = this.#init;
    const admitted = intake.admit(files, how);
    for (const { upload, rejoins, replaces } of admitted) {
      discard([...replaces].filter((replaced) => replaced !== upload));
      if (rejoins !== null) void this.#rejoin(upload, rejoins, how);
      else enlist(upload);
    }
    return admitted.map(({ upload }) => upload.snapshot);
  }

  /** Gives an upload its file back; whether it goes on, from what is confirmed or from the beginning. */
  async reattach(id: string, input: FileInput): Promise<boolean> {
    const { list, discard } = this.#init;
    const upload = list.get(id);
    if (upload === undefined) return false;
    const { file, handle } = describe(input);
    if (await this.attach(upload, file, handle)) return !isTerminal(upload.state.kind);
    const { source } = upload.content;
    const mayStartOver = upload.state.kind === 'failed' && source.name === file.name;
    if (!mayStartOver || !list.has(id)) return false;
    discard([upload]);
    this.take([{ file, handle, relativePath: source.relativePath }]);
    return true;
  }

  /** True when `file` is the one that the upload waits for, which then goes on, unless it was canceled or removed meanwhile. */
  async attach(upload: Upload, file: SourceFile, handle: FileHandle | null): Promise<boolean> {
    const { list, hasher, ready } = this.#init;
    if (!(await isSame(upload.known, file, hasher))) return false;
    upload.content.attach(file);
    upload.handle = handle ?? upload.handle;
    if (!list.has(upload.id) || upload.state.kind === 'canceled') return true;
    if (upload.dispatch({ type: 'resume' }) || upload.dispatch({ type: 'restart' })) ready(upload);
    return true;
  }

  /** A file that looks like the one an upload waits for; if it turns out to be another, it is an upload of its own. */
  async #rejoin(upload: Upload, { file, handle, description }: Described, how: AdmitOptions): Promise<void> {
    if (await this.attach(upload, file, handle)) return;
    const except = [...(how.except ?? []), upload];
    this.take([{ file, handle, relativePath: description.relativePath }], { ...how, except });
  }
}
