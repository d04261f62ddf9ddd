/**
 * Restores uploads of earlier pages and other tabs from their records, reopens their files, and waits for those that
 * another tab still drives.
 */

import { defined } from '../../lib/defined.js';
import type { Hasher } from '../../ports/hasher.js';
import type { SourceFile } from '../../ports/source.js';
import type { UploadRecord } from '../../ports/store.js';
import type { Additions } from '../source/additions.js';
import { findFile } from '../source/file-access.js';
import { isSame } from '../source/fingerprint.js';
import type { KnownFile } from '../upload/file-description.js';
import type { UploadTarget } from '../upload/target.js';
import type { Upload } from '../upload/upload.js';
import type { UploadInit } from '../upload/upload-init.js';
import type { UploadList } from '../upload/upload-list.js';
import { paused, QUEUED, type UploadState } from '../upload/upload-state.js';
import { isElsewhere, isWithoutFile } from '../upload/wait-reasons.js';
import { askForFile, REFUSED } from './ask-for-file.js';
import { isFullySent, partsOf } from './record.js';
import type { FoundRecord, RecordKeeper } from './record-keeper.js';
import { recalledTarget } from './target-record.js';

export type MakeUpload = (
  init: Pick<UploadInit, 'id' | 'description' | 'file' | 'handle' | 'source' | 'state'> &
    Partial<Pick<UploadInit, 'target' | 'metadata'>>,
) => Upload;

export interface RestorerInit {
  readonly list: UploadList;
  readonly keeper: RecordKeeper;
  readonly hasher: Hasher;
  readonly make: MakeUpload;
  /** The target of files that are added now. */
  readonly target: () => UploadTarget;
  readonly attach: Additions['attach'];
  /** Queues the upload. */
  readonly ready: (upload: Upload) => void;
  /** Removes an upload from the list that the other tab finished. */
  readonly unlist: (upload: Upload) => void;
  /** This tab took the upload over, but lacks its file, which another tab may have. */
  readonly onMissing: (id: string) => void;
}

const ELSEWHERE: UploadState = { kind: 'waiting', reason: 'other-tab', resumesAt: null, from: 'queued' };

export class Restorer {
  readonly #init: RestorerInit;
  /** Controllers that abort the waits for other tabs. */
  readonly #takeOvers = new Map<Upload, AbortController>();
  /** Running look-ups of records. */
  #lookUps = 0;
  /** The newest look-up. */
  #lookUp: Promise<unknown> = Promise.resolve();

  constructor(init: RestorerInit) {
    this.#init = init;
  }

  /** True while records are being restored. */
  get isRestoring(): boolean {
    return this.#lookUps > 0;
  }

  /**
   * Puts the unfinished uploads of earlier pages on the list; `goOn` continues them. One look-up at a time, because each
   * must know what the one before it has put on the list.
   */
  async restore(): Promise<Upload[]> {
    this.#lookUps += 1;
    const found = this.#lookUp.then(() => this.#restore());
    this.#lookUp = found.catch(() => {});
    return found.finally(() => {
      this.#lookUps -= 1;
    });
  }

  async #restore(): Promise<Upload[]> {
    const { list, keeper } = this.#init;
    const found = await keeper.load((id) => list.has(id));
    const revived = await Promise.all(found.map(async (entry) => [await this.#revive(entry), entry.record] as const));
    // The user may have undone a removal meanwhile; an upload that is not listed must not report progress.
    const added = revived.filter(([{ id }]) => !list.has(id));
    return added.map(([upload, record]) => {
      list.add(recall(upload, record));
      return upload;
    });
  }

  /** Continues the upload, unless a listener has removed it. */
  goOn(upload: Upload): void {
    if (!this.#init.list.holds(upload)) return;
    if (isElsewhere(upload)) void this.#awaitOtherTab(upload);
    else if (upload.state.kind === 'queued') this.#init.ready(upload);
  }

  /** Stops waiting for the other tab. */
  leave(upload: Upload): void {
    this.#takeOvers.get(upload)?.abort();
  }

  /**
   * Asks the user for the permissions that these uploads wait for; call it from a click. One question at a time,
   * because an answer may apply to several files: to a folder, or to all files of earlier visits. Stops when the user
   * refuses.
   */
  async askForFiles(uploads: readonly Upload[]): Promise<void> {
    for (const upload of uploads) {
      const access = await askForFile(upload.handle);
      if ('file' in access) void this.#goOnWith(upload, access.file);
      else if (access.needs === 'needs-file') upload.dispatch({ type: 'pause', reason: access.needs });
      if (access === REFUSED) return;
    }
  }

  async #goOnWith(upload: Upload, file: SourceFile): Promise<void> {
    if (!(await this.#init.attach(upload, file, null))) upload.dispatch({ type: 'pause', reason: 'needs-file' });
  }

  async #revive({ record, isOurs }: FoundRecord): Promise<Upload> {
    const { id, handle } = record;
    const { file, state } = isOurs ? await this.#whereItStands(record) : { file: null, state: ELSEWHERE };
    const { source = null, metadata } = record;
    const target = recalledTarget(record.target, this.#init.target());
    const init = { id, description: record, file, handle, state, source, target };
    return this.#init.make({ ...init, ...defined({ metadata }) });
  }

  async #whereItStands(record: UploadRecord): Promise<{ file: SourceFile | null; state: UploadState }> {
    if (isFullySent(record)) return { file: null, state: QUEUED };
    const access = await findFile(record.handle);
    if ('needs' in access) return { file: null, state: paused(access.needs) };
    const { file } = access;
    if (!(await isSame(knownFrom(record), file, this.#init.hasher))) return { file: null, state: paused('needs-file') };
    return { file, state: record.pausedByUser ? paused('user') : QUEUED };
  }

  async #awaitOtherTab(upload: Upload): Promise<void> {
    const controller = new AbortController();
    this.#takeOvers.set(upload, controller);
    try {
      const record = await this.#init.keeper.takeOver(upload.id, { signal: controller.signal });
      if (record === null) {
        this.#init.unlist(upload);
        return;
      }
      recall(upload, record);
      // From here on this page can pause and cancel the upload.
      upload.dispatch({ type: 'proceed' });
      const { file, state } = await this.#whereItStands(record);
      // The user may have chosen the file here while the other tab drove the upload.
      if (upload.file === null && file !== null) upload.content.attach(file);
      if (controller.signal.aborted || upload.state.kind !== 'queued') return;
      const needsUser = state.kind === 'paused' && (upload.file === null || state.reason === 'user');
      if (!needsUser) return this.#init.ready(upload);
      upload.dispatch({ type: 'pause', reason: state.reason });
      if (isWithoutFile(upload)) this.#init.onMissing(upload.id);
    } catch {
      // The upload left the list before the other tab did.
    } finally {
      this.#takeOvers.delete(upload);
    }
  }
}

/** Describes the chosen file. Its fingerprint is that of the sent file, unless `prepare` made other content. */
const knownFrom = ({ source, ...record }: UploadRecord): KnownFile =>
  source ? { ...source, fingerprint: source.isPrepared ? source.fingerprint : record.fingerprint } : record;

const recall = (upload: Upload, record: UploadRecord): Upload => {
  upload.restored = record;
  upload.user = record.user ?? null;
  upload.createdAt = record.createdAt;
  upload.fingerprint = record.fingerprint;
  upload.parts = partsOf(record);
  upload.sourceCheck = record.isUnchecked === true ? 'due' : 'passed';
  upload.adopt(record.receipts);
  return upload;
};
