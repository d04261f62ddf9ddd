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
import { inNaturalOrder } from './natural-order.js';
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

export const describe = (input: FileInput): Described => {
  const { file: given, relativePath, handle = null } = 'file' in input ? input : { file: input, relativePath: '' };
  // Untyped scripts pass blobs as well, which get the name that forms give them.
  const file = given.name === undefined ? new File([given], 'blob', given) : given;
  const { name, size, type, lastModified, webkitRelativePath } = file;
  // An empty path counts as none.
  const path = relativePath || webkitRelativePath || name;
  return { file, handle, description: { name, size, type, lastModified, relativePath: path } };
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

type Awaiting = Map<string, Upload[]>;

const awaitingByName = (uploads: readonly Upload[]): Awaiting => {
  const byName: Awaiting = new Map();
  for (const upload of uploads) {
    if (!isAwaitingFile(upload)) continue;
    const { name } = upload.content.source;
    byName.set(name, [...(byName.get(name) ?? []), upload]);
  }
  return byName;
};

/** Takes the upload that the file may belong to, preferably of the same folder and target; each is taken once. */
const takeAwaiting = (awaiting: Awaiting, { file, description }: Described, target: string): Upload | undefined => {
  const namesakes = awaiting.get(file.name);
  if (namesakes === undefined) return undefined;
  const rank = ({ content: { source }, target: bound }: Upload): number =>
    Number(source.relativePath === description.relativePath) * 2 + Number(targetKey(bound) === target);
  const fitting = namesakes.filter(({ known }) => mayBeSame(known, file)).sort((a, b) => rank(b) - rank(a));
  const [taken] = fitting;
  awaiting.set(
    file.name,
    namesakes.filter((upload) => upload !== taken),
  );
  return taken;
};

export class Intake {
  readonly #init: IntakeInit;

  constructor(init: IntakeInit) {
    this.#init = init;
  }

  /** Returns the admitted files, in order; emits `upload-rejected` for the others. */
  admit(files: Iterable<FileInput>, how: AdmitOptions): Admitted[] {
    const { list, options, limits } = this.#init;
    const { except = [], replaceAll = false, target = this.#init.target() } = how;
    const restrictions = restrictionsOf(options(), limits());
    const key = targetKey(target);
    const ofTarget = [...list].filter(
      ({ state, target: bound }) => state.kind !== 'canceled' && targetKey(bound) === key,
    );
    const isOther = (upload: Upload): boolean => !except.includes(upload);
    const awaiting = awaitingByName([...list].filter(isOther));
    const byKey = new Map(ofTarget.filter(isOther).map((upload) => [duplicateKey(upload.content.source), upload]));
    // A failed upload in `except` leaves its name to the file that was chosen again; a waiting one keeps it.
    const named = ofTarget.filter((upload) => isOther(upload) || upload.state.kind !== 'failed');
    const names = new TakenNames(replaceAll ? [] : named.map(({ description }) => description));
    const replaced = replaceAll ? [...list] : [];
    const course = { target, restrictions, byKey, names, replaced, totals: totalsOf(list) };
    const admitted: Admitted[] = [];
    for (const described of inNaturalOrder(Array.from(files, describe))) {
      const upload = takeAwaiting(awaiting, described, key);
      const entry =
        upload === undefined ? this.#admitNew(described, course) : { upload, rejoins: described, replaces: replaced };
      if (entry !== null) admitted.push(entry);
    }
    return admitted;
  }

  /** Uploads to the current endpoint that have not been opened and exceed its limits. */
  nowRefused(): Upload[] {
    const { list, options, limits } = this.#init;
    const restrictions = restrictionsOf(options(), limits());
    const totals = { count: 0, bytes: 0 };
    const refused: Upload[] = [];
    for (const upload of list) {
      if (!isCounted(upload)) continue;
      const { state, description, file, target } = upload;
      const isBound = target.endpoint === this.#init.target().endpoint;
      const isFresh = isBound && file !== null && (state.kind === 'queued' || state.kind === 'preparing');
      const rejection = isFresh ? checkFile(description, restrictions, totals) : null;
      if (rejection !== null && file !== null) {
        this.#reject(file, rejection);
        refused.push(upload);
        continue;
      }
      totals.count += 1;
      totals.bytes += description.size;
    }
    return refused;
  }

  #admitNew({ file, handle, description }: Described, course: Course): Admitted | null {
    const { duplicates } = this.#init.options();
    const { target, restrictions, byKey, names, replaced, totals } = course;
    const twin = duplicates === 'keep' ? undefined : byKey.get(duplicateKey(description));
    if (twin !== undefined && duplicates === 'skip') {
      return this.#reject(file, { code: 'rejected-duplicate', message: 'the same file is on the list already' });
    }
    const replaces = new Set(replaced);
    if (twin !== undefined && duplicates === 'replace') replaces.add(twin);
    const left = totalsOf(replaces);
    const stays = { count: totals.count - left.count, bytes: totals.bytes - left.bytes };
    const rejection = checkFile(description, restrictions, stays);
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
    course.totals = { count: stays.count + 1, bytes: stays.bytes + named.size };
    return { upload, rejoins: null, replaces };
  }

  #reject(file: SourceFile, { code, message }: Rejection): null {
    this.#init.emit('upload-rejected', { file, code, message });
    return null;
  }
}

/** The state of one call of `admit`. */
interface Course {
  readonly target: UploadTarget;
  readonly restrictions: Restrictions;
  readonly byKey: Map<string, Upload>;
  readonly names: TakenNames;
  /** Uploads that each admitted file replaces. */
  readonly replaced: readonly Upload[];
  totals: ListTotals;
}
