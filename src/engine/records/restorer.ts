/**
 * Uploads that began on another page: brings them back from their records, gets their files again, and waits for those
 * that another tab still drives.
 */

import { defined } from '../../lib/defined.js';
import type { Hasher } from '../../ports/hasher.js';
import type { SourceFile } from '../../ports/source.js';
import type { UploadRecord } from '../../ports/store.js';
import type { Additions } from '../source/additions.js';
import { findFile } from '../source/file-access.js';
import { isSame, type KnownFile } from '../source/fingerprint.js';
import type { UploadTarget } from '../upload/target.js';
import type { Upload } from '../upload/upload.js';
import type { UploadInit } from '../upload/upload-init.js';
import type { UploadList } from '../upload/upload-list.js';
import { paused, QUEUED, type UploadState } from '../upload/upload-state.js';
import { isElsewhere } from '../upload/whereabouts.js';
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
  /** Where files go that are added now. */
  readonly target: () => UploadTarget;
  readonly attach: Additions['attach'];
  /** The upload may begin when its turn comes. */
  readonly ready: (upload: Upload) => void;
  /** The other tab finished it: it leaves this list. */
  readonly drop: (upload: Upload) => void;
}

const ELSEWHERE: UploadState = { kind: 'waiting', reason: 'other-tab', resumesAt: null, from: 'queued' };

export class Restorer {
  readonly #init: RestorerInit;
  /** Ends the waits for other tabs. */
  readonly #takeOvers = new Map<Upload, AbortController>();
  /** Look-ups of records that are under way. */
  #lookUps = 0;

  constructor(init: RestorerInit) {
    this.#init = init;
  }

  /** Whether more uploads may come on the list in a moment. */
  get isRestoring(): boolean {
    return this.#lookUps > 0;
  }

  /** Puts what earlier pages left unfinished on the list. None of it goes on before `goOn`. */
  async restore(): Promise<Upload[]> {
    const { list, keeper } = this.#init;
    this.#lookUps += 1;
    try {
      const found = await keeper.load((id) => list.has(id));
      const revived = await Promise.all(found.map((entry) => this.#revive(entry)));
      // Another look-up may have brought some of them meanwhile.
      const uploads = revived.filter(({ id }) => !list.has(id));
      for (const upload of uploads) list.add(upload);
      return uploads;
    } finally {
      this.#lookUps -= 1;
    }
  }

  /** Unless a listener has removed it. */
  goOn(upload: Upload): void {
    if (!this.#init.list.has(upload.id)) return;
    if (isElsewhere(upload)) void this.#awaitOtherTab(upload);
    else if (upload.state.kind === 'queued') this.#init.ready(upload);
  }

  /** No longer waits for another tab. */
  leave(upload: Upload): void {
    this.#takeOvers.get(upload)?.abort();
  }

  /**
   * Asks the user for the permission that these uploads wait for; call it from a click. One question after the other,
   * because an answer may hold for more than one file: for all of a folder, or for all that the site had before. The
   * first no ends the questions.
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
    return recall(this.#init.make({ ...init, ...defined({ metadata }) }), record);
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
        this.#init.drop(upload);
        return;
      }
      recall(upload, record);
      // From here on it can be paused and canceled as one of this page.
      upload.dispatch({ type: 'proceed' });
      const { file, state } = await this.#whereItStands(record);
      // The user may have chosen the file here while the other tab had the upload.
      if (upload.file === null && file !== null) upload.content.attach(file);
      if (upload.state.kind !== 'queued') return;
      const needsUser = state.kind === 'paused' && (upload.file === null || state.reason === 'user');
      if (needsUser) upload.dispatch({ type: 'pause', reason: state.reason });
      else this.#init.ready(upload);
    } catch {
      // The upload left the list before the other tab did.
    } finally {
      this.#takeOvers.delete(upload);
    }
  }
}

/** The chosen file. Its samples are those of what was sent, unless that is other content. */
const knownFrom = ({ source, ...record }: UploadRecord): KnownFile =>
  source ? { ...source, fingerprint: source.isPrepared ? source.fingerprint : record.fingerprint } : record;

const recall = (upload: Upload, record: UploadRecord): Upload => {
  upload.restored = record;
  upload.user = record.user ?? null;
  upload.createdAt = record.createdAt;
  upload.fingerprint = record.fingerprint;
  upload.parts = partsOf(record);
  upload.adopt(record.receipts);
  return upload;
};
