/** Decides which files come on the list: duplicates, limits, the page's own say. */

import type { AnnouncedLimits } from '../../ports/protocol.js';
import type { FileHandle, FileInput, SourceFile } from '../../ports/source.js';
import type { EngineOptions } from '../options.js';
import type { EngineEventMap } from '../upload/events.js';
import type { FileDescription, Upload } from '../upload/upload.js';
import type { UploadList } from '../upload/upload-list.js';
import { isTerminal } from '../upload/upload-state.js';
import { duplicateKey, renamed } from './duplicates.js';
import { mayBeSame } from './fingerprint.js';
import { checkFile, type ListTotals, type Rejection, type Restrictions, restrictionsOf } from './restriction.js';

export interface IntakeInit {
  readonly list: UploadList;
  readonly options: () => EngineOptions;
  readonly limits: () => AnnouncedLimits | null;
  /** An upload that is not on the list yet. */
  readonly make: (described: Described) => Upload;
  readonly emit: <Name extends 'upload-before' | 'upload-rejected'>(
    name: Name,
    detail: EngineEventMap[Name],
    cancelable?: boolean,
  ) => boolean;
}

export interface Admitted {
  readonly upload: Upload;
  /** Set when the upload is on the list already and seems to wait for this file. */
  readonly rejoins: Described | null;
  /** They leave the list in favour of the upload. */
  readonly replaces: Iterable<Upload>;
}

export interface AdmitOptions {
  /** None of the files is the one of this upload, however much it looks like it. */
  readonly except?: Upload;
  /** What is admitted takes the place of all that is on the list. */
  readonly replaceAll?: boolean;
}

/** A file with what is known of it. */
export interface Described {
  readonly file: File;
  readonly handle: FileHandle | null;
  readonly description: FileDescription;
}

export const describe = (input: FileInput): Described => {
  const { file: given, relativePath, handle = null } = 'file' in input ? input : { file: input, relativePath: '' };
  // Scripts without types bring blobs as well: they get the name that a form gives them.
  const file = given.name === undefined ? new File([given], 'blob', given) : given;
  const { name, size, type, lastModified, webkitRelativePath } = file;
  // An empty path says as much as none.
  const path = relativePath || webkitRelativePath || name;
  return { file, handle, description: { name, size, type, lastModified, relativePath: path } };
};

/** It lost its file, or its file went bad: choosing the file again means this upload, even if it could do without. */
const isAwaitingFile = ({ file, state }: Upload): boolean =>
  state.kind === 'failed' || (file === null && !isTerminal(state.kind));

/** It counts against limits: it is or may still be stored. */
const isCounted = ({ state }: Upload): boolean => state.kind !== 'canceled' && state.kind !== 'failed';

const totalsOf = (uploads: Iterable<Upload>): ListTotals => {
  const totals = { count: 0, bytes: 0 };
  for (const upload of uploads) {
    if (!isCounted(upload)) continue;
    totals.count += 1;
    totals.bytes += upload.facts.size;
  }
  return totals;
};

type Awaiting = Map<string, Upload[]>;

const awaitingByName = (uploads: readonly Upload[]): Awaiting => {
  const byName: Awaiting = new Map();
  for (const upload of uploads) {
    if (!isAwaitingFile(upload)) continue;
    const { name } = upload.facts;
    byName.set(name, [...(byName.get(name) ?? []), upload]);
  }
  return byName;
};

/** The one that the file may belong to, of its own folder if possible; nobody else gets it then. */
const takeAwaiting = (awaiting: Awaiting, { file, description }: Described): Upload | undefined => {
  const namesakes = awaiting.get(file.name);
  if (namesakes === undefined) return undefined;
  const fitting = namesakes.filter(({ facts, fingerprint }) => mayBeSame({ ...facts, fingerprint }, file));
  const taken = fitting.find(({ facts }) => facts.relativePath === description.relativePath) ?? fitting[0];
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

  /** What comes on the list, in order; the rest is told by `upload-rejected`. */
  admit(files: Iterable<FileInput>, { except, replaceAll = false }: AdmitOptions): Admitted[] {
    const { list, options, limits } = this.#init;
    const restrictions = restrictionsOf(options(), limits());
    const others = [...list].filter((upload) => upload !== except);
    const awaiting = awaitingByName(others);
    const kept = others.filter(({ state }) => state.kind !== 'canceled');
    const byKey = new Map(kept.map((upload) => [duplicateKey(upload.facts), upload]));
    const paths = new Set(kept.map(({ facts }) => facts.relativePath));
    const replaced = replaceAll ? [...list] : [];
    const course = { restrictions, byKey, paths, replaced, totals: totalsOf(list) };
    const admitted: Admitted[] = [];
    for (const input of files) {
      const described = describe(input);
      const upload = takeAwaiting(awaiting, described);
      const entry =
        upload === undefined ? this.#admitNew(described, course) : { upload, rejoins: described, replaces: replaced };
      if (entry !== null) admitted.push(entry);
    }
    return admitted;
  }

  /** Uploads that have not begun and that the limits now in force refuse. */
  nowRefused(): Upload[] {
    const { list, options, limits } = this.#init;
    const restrictions = restrictionsOf(options(), limits());
    const totals = { count: 0, bytes: 0 };
    const refused: Upload[] = [];
    for (const upload of list) {
      if (!isCounted(upload)) continue;
      const { state, description, file } = upload;
      const isFresh = file !== null && (state.kind === 'queued' || state.kind === 'preparing');
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
    const { restrictions, byKey, paths, replaced, totals } = course;
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
    const isRenamed = twin !== undefined && duplicates === 'rename';
    const named = isRenamed ? renamed(description, (path) => paths.has(path)) : description;
    const upload = this.#init.make({ file, handle, description: named });
    if (!this.#init.emit('upload-before', { upload: upload.snapshot }, true)) {
      return this.#reject(file, { code: 'rejected-before', message: 'the page refused the file' });
    }
    byKey.set(duplicateKey(named), upload);
    paths.add(named.relativePath);
    course.totals = { count: stays.count + 1, bytes: stays.bytes + named.size };
    return { upload, rejoins: null, replaces };
  }

  #reject(file: SourceFile, { code, message }: Rejection): null {
    this.#init.emit('upload-rejected', { file, code, message });
    return null;
  }
}

/** How far one call of `admit` is. */
interface Course {
  readonly restrictions: Restrictions;
  readonly byKey: Map<string, Upload>;
  readonly paths: Set<string>;
  /** They leave the list if the file comes on it. */
  readonly replaced: readonly Upload[];
  totals: ListTotals;
}
