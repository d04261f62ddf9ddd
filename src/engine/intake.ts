/** Decides which files come on the list: duplicates, limits, the page's own say. */

import type { AnnouncedLimits } from '../ports/protocol.js';
import type { FileHandle, FileInput, SourceFile } from '../ports/source.js';
import { duplicateKey, renamed } from './duplicates.js';
import type { EngineEventMap } from './events.js';
import { mayBeSame } from './identity.js';
import type { EngineOptions } from './options.js';
import { checkFile, type Rejection, restrictionsOf } from './restriction.js';
import type { FileDescription, Upload } from './upload.js';
import type { UploadList } from './upload-list.js';
import { isTerminal } from './upload-state.js';

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
  /** Leaves the list in favour of the upload. */
  readonly replaces: Upload | null;
}

/** A file with what is known of it. */
export interface Described {
  readonly file: File;
  readonly handle: FileHandle | null;
  readonly description: FileDescription;
}

export const describe = (input: FileInput): Described => {
  const { file, relativePath, handle = null } = 'file' in input ? input : { file: input, relativePath: undefined };
  const { name, size, type, lastModified, webkitRelativePath } = file;
  const path =
    [relativePath, webkitRelativePath].find((candidate) => candidate !== undefined && candidate !== '') ?? name;
  return { file, handle, description: { name, size, type, lastModified, relativePath: path } };
};

/** It lost its file, or its file went bad: choosing the file again means this upload, even if it could do without. */
const isAwaitingFile = ({ file, state }: Upload): boolean =>
  state.kind === 'failed' || (file === null && !isTerminal(state.kind));

type Awaiting = Map<string, Upload[]>;

const awaitingByName = (list: Iterable<Upload>, except: Upload | undefined): Awaiting => {
  const byName: Awaiting = new Map();
  for (const upload of list) {
    if (!isAwaitingFile(upload) || upload === except) continue;
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

  /**
   * What comes on the list, in order; the rest is told by `upload-rejected`. None of it is the file of `except`, however
   * much it looks like it.
   */
  admit(files: Iterable<FileInput>, except?: Upload): Admitted[] {
    const { list, options, limits } = this.#init;
    const restrictions = restrictionsOf(options(), limits());
    const totals = list.totals();
    const awaiting = awaitingByName(list, except);
    const kept = [...list].filter(({ state }) => state.kind !== 'canceled');
    const byKey = new Map(
      kept.filter((upload) => upload !== except).map((upload) => [duplicateKey(upload.facts), upload]),
    );
    const paths = new Set(kept.map(({ facts }) => facts.relativePath));
    const admitted: Admitted[] = [];
    for (const input of files) {
      const described = describe(input);
      const upload = takeAwaiting(awaiting, described);
      if (upload !== undefined) {
        admitted.push({ upload, rejoins: described, replaces: null });
        continue;
      }
      const check = (description: FileDescription) => checkFile(description, restrictions, totals);
      const entry = this.#admitNew({ ...described, byKey, paths, check });
      if (entry === null) continue;
      const { facts } = entry.upload;
      byKey.set(duplicateKey(facts), entry.upload);
      paths.add(facts.relativePath);
      totals.count += 1;
      totals.bytes += facts.size;
      admitted.push(entry);
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
      const { state, facts, file, type } = upload;
      if (state.kind === 'canceled' || state.kind === 'failed') continue;
      const isFresh = file !== null && (state.kind === 'queued' || state.kind === 'preparing');
      const rejection = isFresh ? checkFile({ ...facts, type }, restrictions, totals) : null;
      if (rejection !== null && file !== null) {
        this.#reject(file, rejection);
        refused.push(upload);
        continue;
      }
      totals.count += 1;
      totals.bytes += facts.size;
    }
    return refused;
  }

  #admitNew({ file, handle, description, byKey, paths, check }: NewFile): Admitted | null {
    const { duplicates } = this.#init.options();
    const twin = duplicates === 'keep' ? undefined : byKey.get(duplicateKey(description));
    if (twin !== undefined && duplicates === 'skip') {
      return this.#reject(file, { code: 'rejected-duplicate', message: 'the same file is on the list already' });
    }
    const rejection = check(description);
    if (rejection !== null) return this.#reject(file, rejection);
    const isRenamed = twin !== undefined && duplicates === 'rename';
    const named = isRenamed ? renamed(description, (path) => paths.has(path)) : description;
    const upload = this.#init.make({ file, handle, description: named });
    if (!this.#init.emit('upload-before', Object.freeze({ upload: upload.snapshot }), true)) {
      return this.#reject(file, { code: 'rejected-before', message: 'a listener of upload-before refused the file' });
    }
    return { upload, rejoins: null, replaces: duplicates === 'replace' ? (twin ?? null) : null };
  }

  #reject(file: SourceFile, { code, message }: Rejection): null {
    this.#init.emit('upload-rejected', Object.freeze({ file, code, message }));
    return null;
  }
}

interface NewFile extends Described {
  readonly byKey: ReadonlyMap<string, Upload>;
  readonly paths: ReadonlySet<string>;
  readonly check: (description: FileDescription) => Rejection | null;
}
