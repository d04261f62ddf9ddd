/** Decides which files are added: duplicates, limits, and the page's `upload-before` listener. */

import type { AnnouncedLimits } from '../../ports/protocol.js';
import type { FileHandle, FileInput, SourceFile } from '../../ports/source.js';
import type { SourceRecord } from '../../ports/store.js';
import type { EngineOptions } from '../options.js';
import { duplicateKey, TakenNames } from '../upload/duplicates.js';
import type { EngineEventMap } from '../upload/events.js';
import type { FileDescription } from '../upload/file-description.js';
import { targetKey, type UploadTarget } from '../upload/target.js';
import type { Upload } from '../upload/upload.js';
import type { UploadList } from '../upload/upload-list.js';
import { isTerminal } from '../upload/upload-state.js';
import { mayBeSame } from './fingerprint.js';
import { checkFile, type ListTotals, type Rejection, type Restrictions, restrictionsOf } from './restriction.js';

export interface IntakeInit {
  readonly list: UploadList;
  readonly options: () => EngineOptions;
  readonly limits: () => AnnouncedLimits | null;
  /** The target of files that are added now. */
  readonly target: () => UploadTarget;
  /** Creates an upload, without adding it to the list. */
  readonly make: (
    described: Described & { readonly source: SourceRecord | null; readonly target: UploadTarget },
  ) => Upload;
  readonly emit: <Name extends 'upload-before' | 'upload-rejected'>(
    name: Name,
    detail: EngineEventMap[Name],
    cancelable?: boolean,
  ) => boolean;
}

export interface Admitted {
  readonly upload: Upload;
  /** Set when the upload is on the list already and may wait for this file. */
  readonly rejoins: Described | null;
  /** Uploads that this one replaces. */
  readonly replaces: Iterable<Upload>;
}

export interface AdmitOptions {
  /** Uploads that the files do not belong to, even if they look like it. */
  readonly except?: readonly Upload[];
  /** The admitted files replace all uploads on the list. */
  readonly replaceAll?: boolean;
  /** Where the files go; by default where files that are added now do. */
  readonly target?: UploadTarget;
}

/** A file with its description. */
export interface Described {
  readonly file: File;
  readonly handle: FileHandle | null;
  readonly description: FileDescription;
}

/** An empty path counts as none; blobs of untyped scripts have neither path nor name. */
export const pathOf = (input: FileInput): string => {
  const { file, relativePath } = 'file' in input ? input : { file: input, relativePath: '' };
  return relativePath || file.webkitRelativePath || (file.name ?? '');
};

export const describe = (input: FileInput): Described => {
  const { file: given, handle = null } = 'file' in input ? input : { file: input };
  // Untyped scripts pass blobs as well, which get the name that forms give them.
  const file = given.name === undefined ? new File([given], 'blob', given) : given;
  const { name, size, type, lastModified } = file;
  return { file, handle, description: { name, size, type, lastModified, relativePath: pathOf(input) || name } };
};

/** True when choosing the file again means this upload: its file is missing, or it has failed. */
const isAwaitingFile = ({ file, state }: Upload): boolean =>
  state.kind === 'failed' || (file === null && !isTerminal(state.kind));

/** True for uploads that count against limits, because they are or may still be stored. */
const isCounted = ({ state }: Upload): boolean => state.kind !== 'canceled' && state.kind !== 'failed';

const totalsOf = (uploads: Iterable<Upload>): ListTotals => {
  const totals = { count: 0, bytes: 0 };
  for (const upload of uploads) {
    if (!isCounted(upload)) continue;
    totals.count += 1;
    totals.bytes += upload.content.source.size;
  }
  return totals;
};

const addAwaiting = ({ awaiting }: ListIndex, upload: Upload): void => {
  const { name } = upload.content.source;
  const namesakes = awaiting.get(name) ?? [];
  namesakes.push(upload);
  awaiting.set(name, namesakes);
};

/** Takes the upload that the file may belong to, preferably of the same folder and target; each is taken once. */
const takeAwaiting = ({ awaiting, target }: ListIndex, { file, description }: Described): Upload | undefined => {
  const namesakes = awaiting.get(file.name);
  if (namesakes === undefined) return undefined;
  const key = targetKey(target);
  const rank = ({ content: { source }, target: bound }: Upload): number =>
    Number(source.relativePath === description.relativePath) * 2 + Number(targetKey(bound) === key);
  const [taken] = namesakes.filter(({ known }) => mayBeSame(known, file)).sort((a, b) => rank(b) - rank(a));
  if (taken !== undefined) namesakes.splice(namesakes.indexOf(taken), 1);
  return taken;
};

export class Intake {
  readonly #init: IntakeInit;
  /** Serves the next files as well, unless the list has changed otherwise: thousands come in slices, or one by one. */
  #last: ListIndex | null = null;

  constructor(init: IntakeInit) {
    this.#init = init;
  }

  /** Returns the admitted files, in order; emits `upload-rejected` for the others. */
  admit(files: Iterable<FileInput>, how: AdmitOptions): Admitted[] {
    const index = this.#indexFor(how);
    const { version } = index;
    // Listeners may change the list meanwhile.
    index.version = Number.NaN;
    const admitted: Admitted[] = [];
    for (const input of files) {
      const described = describe(input);
      const upload = takeAwaiting(index, described);
      const entry =
        upload === undefined
          ? this.#admitNew(described, index)
          : { upload, rejoins: described, replaces: index.replaced };
      if (entry !== null) admitted.push(entry);
    }
    index.version = version + admitted.filter(({ rejoins }) => rejoins === null).length;
    return admitted;
  }

  /** Options or limits have changed, or an upload has another name or other content. */
  forget(): void {
    this.#last = null;
  }

  /** Uploads to the current endpoint that have not been opened and exceed its limits. */
  nowRefused(): Upload[] {
    const { list, options, limits } = this.#init;
    const restrictions = restrictionsOf(options(), limits());
    this.forget();
    const totals = { count: 0, bytes: 0 };
    const refused: Upload[] = [];
    for (const upload of list) {
      if (!isCounted(upload)) continue;
      const { state, description, file, target } = upload;
      const isBound = target.endpoint === this.#init.target().endpoint;
      const isFresh = isBound && (state.kind === 'queued' || state.kind === 'preparing');
      const rejection = isFresh && file !== null ? checkFile(description, restrictions, totals) : null;
      if (rejection === null || file === null) {
        totals.count += 1;
        totals.bytes += description.size;
      } else {
        this.#reject(file, rejection);
        refused.push(upload);
      }
    }
    return refused;
  }

  #indexFor({ except, replaceAll, target = this.#init.target() }: AdmitOptions): ListIndex {
    const { list, options, limits } = this.#init;
    const { version } = list;
    const isOrdinary = !except && !replaceAll;
    if (isOrdinary && this.#last?.version === version && this.#last.target === target) return this.#last;
    const key = targetKey(target);
    const index: ListIndex = {
      version,
      restrictions: restrictionsOf(options(), limits()),
      target,
      awaiting: new Map(),
      byKey: new Map(),
      names: new TakenNames(),
      replaced: replaceAll ? [...list] : [],
      totals: totalsOf(list),
    };
    for (const upload of list) {
      const isOther = !except?.includes(upload);
      if (isOther && isAwaitingFile(upload)) addAwaiting(index, upload);
      if (upload.state.kind === 'canceled' || targetKey(upload.target) !== key) continue;
      if (isOther) index.byKey.set(duplicateKey(upload.content.source), upload);
      // A failed upload in `except` leaves its name to the file that was chosen again; a waiting one keeps it.
      if (!replaceAll && (isOther || upload.state.kind !== 'failed')) index.names.take(upload.description);
    }
    this.#last = isOrdinary ? index : null;
    return index;
  }

  #admitNew({ file, handle, description }: Described, index: ListIndex): Admitted | null {
    const { duplicates } = this.#init.options();
    const { target, byKey, names, replaced, totals } = index;
    const twin = duplicates === 'keep' ? undefined : byKey.get(duplicateKey(description));
    if (twin !== undefined && duplicates === 'skip') {
      return this.#reject(file, { code: 'rejected-duplicate', message: 'the file is on the list already' });
    }
    const replaces = new Set(replaced);
    if (twin !== undefined && duplicates === 'replace') replaces.add(twin);
    const left = totalsOf(replaces);
    const stays = { count: totals.count - left.count, bytes: totals.bytes - left.bytes };
    const rejection = checkFile(description, index.restrictions, stays);
    if (rejection !== null) return this.#reject(file, rejection);
    // A file that replaces another is sent under the same name.
    const named = duplicates === 'replace' ? description : names.distinct(description);
    // After a reload the file is identified by its name on disk.
    const source = named === description ? null : { ...description, fingerprint: null, isPrepared: false };
    const upload = this.#init.make({ file, handle, description: named, source, target });
    if (!this.#init.emit('upload-before', { upload: upload.snapshot }, true)) {
      return this.#reject(file, { code: 'rejected-before', message: 'the page refused the file' });
    }
    byKey.set(duplicateKey(description), upload);
    names.take(named);
    index.totals = { count: stays.count + 1, bytes: stays.bytes + named.size };
    return { upload, rejoins: null, replaces };
  }

  #reject(file: SourceFile, { code, message }: Rejection): null {
    this.#init.emit('upload-rejected', { file, code, message });
    return null;
  }
}

/** What files are checked against: the list as it is, with the files that were admitted since. */
interface ListIndex {
  /** That of the list once the admitted files are on it; NaN while they are chosen. */
  version: number;
  readonly restrictions: Restrictions;
  readonly target: UploadTarget;
  /** Uploads whose files are missing, or have failed, by name. */
  readonly awaiting: Map<string, Upload[]>;
  readonly byKey: Map<string, Upload>;
  readonly names: TakenNames;
  /** Uploads that each admitted file replaces. */
  readonly replaced: readonly Upload[];
  totals: ListTotals;
}
