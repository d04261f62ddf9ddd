/**
 * Keeps the records of uploads. The lock of a record is acquired before the record is visible, so that no page takes it
 * for an abandoned one; when the lock is released, another page may take the upload over.
 */

import type { Clock } from '../../ports/clock.js';
import type { Hasher } from '../../ports/hasher.js';
import type { Locks } from '../../ports/locks.js';
import type { Store, UploadRecord } from '../../ports/store.js';
import { identify } from '../source/fingerprint.js';
import { isResumable } from '../upload/file-description.js';
import type { Upload } from '../upload/upload.js';
import { contentOf, isBrief, isWorthKeeping, recordOf } from './record.js';
import { RecordLocks } from './record-locks.js';
import { RecordWriter } from './record-writer.js';

export interface FoundRecord {
  readonly record: UploadRecord;
  /** False while another tab drives the upload. */
  readonly isOurs: boolean;
}

export interface KeeperInit {
  /** False when nothing is recorded. */
  readonly isKeeping: () => boolean;
  /** Keys of the records of this page's list; empty when nothing is recorded. */
  readonly scopes: () => readonly string[];
  /** The current user at the backend; null where it reports none. Must not reject. */
  readonly user: () => Promise<string | null>;
  /** Called when records can no longer be kept. */
  readonly onBroken: () => void;
  /** The upload has ended, but its record could not be deleted. */
  readonly onOver: (id: string) => void;
  /** Records became visible to other pages. */
  readonly onKept: () => void;
}

type Ports = { readonly store: Store; readonly locks: Locks; readonly clock: Clock; readonly hasher: Hasher };

export class RecordKeeper {
  readonly #clock: Clock;
  readonly #hasher: Hasher;
  readonly #locks: RecordLocks;
  readonly #writer: RecordWriter;
  readonly #isKeeping: KeeperInit['isKeeping'];
  readonly #scopes: KeeperInit['scopes'];
  readonly #user: KeeperInit['user'];
  readonly #onOver: KeeperInit['onOver'];
  /** Uploads that have ended in other pages although their records may still exist. */
  readonly #over = new Set<string>();
  /** Uploads whose records are visible to other pages, each with the content of its record. */
  readonly #kept = new Map<string, string | undefined>();
  /** Uploads that may have a record, each with a new object per write, to detect writes during a deletion. */
  readonly #written = new Map<string, { readonly content?: string }>();
  /** Uploads that were sampled late, which is tried once. */
  readonly #sampled = new WeakSet<Upload>();
  /** Uploads whose records are being deleted. */
  readonly #leaving = new Set<string>();

  constructor(
    { store, locks, clock, hasher }: Ports,
    { isKeeping, scopes, user, onBroken, onOver, onKept }: KeeperInit,
  ) {
    this.#clock = clock;
    this.#hasher = hasher;
    this.#locks = new RecordLocks(locks);
    this.#isKeeping = isKeeping;
    this.#scopes = scopes;
    this.#user = user;
    this.#onOver = onOver;
    this.#writer = new RecordWriter({
      store,
      clock,
      beforeWrite: async (ids) => {
        for (const id of ids) this.#written.set(id, {});
        await Promise.all(ids.map((id) => this.#locks.claim(id)));
      },
      isLastDeletion: () => this.#written.size <= this.#leaving.size,
      afterWrite: (ids) => {
        const before = this.#kept.size;
        for (const id of ids) if (this.#locks.owns(id)) this.#kept.set(id, this.#written.get(id)?.content);
        if (this.#kept.size > before) onKept();
      },
      onBroken,
    });
  }

  /**
   * Schedules a write of the record, or deletes it once there is nothing to continue. The record of a brief file is not
   * written again for its session alone.
   */
  checkpoint(upload: Upload): void {
    if (!isWorthKeeping(upload)) void this.forget(upload.id);
    else if (this.#isKeeping()) this.#writer.save(upload.id, () => this.#newsOf(upload));
  }

  /** Writes the record now, and resolves once a later page can read it. */
  async write(upload: Upload): Promise<void> {
    if (this.#isKeeping()) await this.#writer.write(upload.id, () => this.#recordOf(upload));
  }

  /** Writes the record now where a later page can read an older one; most short uploads have none. */
  async correct(upload: Upload): Promise<void> {
    if (this.#written.has(upload.id)) await this.write(upload);
  }

  /** Deletes the record, then releases the lock, unless the upload was claimed again meanwhile. */
  async forget(id: string): Promise<void> {
    this.#leaving.add(id);
    this.#writer.drop(id);
    // Most files are stored before they have a record, so there is nothing to delete.
    const written = this.#written.get(id);
    const isGone = written === undefined || (await this.#writer.forget(id));
    if (isGone) this.#kept.delete(id);
    if (isGone && this.#written.get(id) === written) this.#written.delete(id);
    if (!this.#leaving.delete(id)) return;
    // Other pages must not continue from a record that could not be deleted.
    if (!isGone) this.#onOver(id);
    this.#release(id);
  }

  /** Writes the record and releases the lock, so that another page can continue the upload. */
  async leave(upload: Upload): Promise<void> {
    await this.write(upload);
    // A failed write is not tried again, because the record may be another page's by then.
    this.#writer.drop(upload.id);
    this.#release(upload.id);
  }

  /** Another page reported the end of the upload but could not delete its record, so this page tries. */
  over(id: string): void {
    this.#over.add(id);
    void this.#writer.forget(id);
  }

  /** Makes this page the owner; false when another page is. */
  async claim(id: string): Promise<boolean> {
    this.#leaving.delete(id);
    return !this.#isKeeping() || this.#locks.claim(id);
  }

  /** Unknown records of earlier pages and of other tabs, in the order of their lists. */
  async load(isKnown: (id: string) => boolean): Promise<FoundRecord[]> {
    const isHeldHere = (id: string) => this.#locks.isHeldHere(id);
    const loaded = (await Promise.all(this.#scopes().map((scope) => this.#writer.load(scope)))).flat();
    // Uploads of another user must not be shown, and their sessions would refuse this user.
    const me = loaded.some(({ user }) => user != null) ? await this.#user() : null;
    const isMine = ({ user }: UploadRecord) => me === null || user == null || user === me;
    const isOpen = ({ id }: UploadRecord) => !isKnown(id) && !isHeldHere(id) && !this.#over.has(id);
    const records = loaded.filter((record) => isMine(record) && isOpen(record));
    for (const { id } of records) this.#written.set(id, {});
    records.sort((a, b) => a.createdAt - b.createdAt);
    const found = await Promise.all(records.map(async (record) => ({ record, isOurs: await this.claim(record.id) })));
    // Two lists of one page must not show the same upload; the other list may have claimed it at the same moment.
    return found.filter(({ record, isOurs }) => isOurs || !isHeldHere(record.id));
  }

  /** Takes the upload over once the other tab is gone. Null when the record no longer exists. */
  async takeOver(id: string, options: { readonly signal: AbortSignal }): Promise<UploadRecord | null> {
    await this.#locks.takeOver(id, options);
    this.#written.set(id, {});
    const record = this.#over.has(id) ? null : await this.#writer.get(id);
    if (record === null || options.signal.aborted) this.#release(id);
    options.signal.throwIfAborted();
    return record;
  }

  /** Null when the upload has ended, or when another tab owns it. */
  #recordOf(upload: Upload): UploadRecord | null {
    const { id } = upload;
    // `forget` releases the lock once the record is deleted.
    if (this.#leaving.has(id)) return null;
    const record = this.#locks.owns(id) ? recordOf(upload, this.#clock.wallNow()) : null;
    // The upload ended while its lock was requested.
    if (record === null) this.#release(id);
    // It may have been canceled and taken up again meanwhile, and the deletion between has removed the mark.
    else this.#written.set(id, isResumable(upload) ? {} : { content: contentOf(record) });
    return record;
  }

  /** Null when the visible record of a brief file says the same already. */
  #newsOf(upload: Upload): UploadRecord | null {
    const record = this.#recordOf(upload);
    if (record === null) return null;
    const { id } = upload;
    if (isBrief(upload)) return this.#written.get(id)?.content === this.#kept.get(id) ? null : record;
    void this.#identify(upload);
    return record;
  }

  /** Samples a brief file that was paused or has failed, so that a later page recognizes it after its date has changed. */
  async #identify(upload: Upload): Promise<void> {
    const { id, isOpened, fingerprint, content } = upload;
    if (!isOpened || fingerprint !== null || content.mustPrepareAgain || this.#sampled.has(upload)) return;
    this.#sampled.add(upload);
    await identify(upload, this.#hasher);
    // The record may have been deleted or left to another page meanwhile.
    if (upload.fingerprint !== null && this.#locks.owns(id) && !this.#leaving.has(id)) this.checkpoint(upload);
  }

  #release(id: string): void {
    this.#locks.release(id);
    this.#kept.delete(id);
  }
}
