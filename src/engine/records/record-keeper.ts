/**
 * Custody of uploads across pages: their records, and the locks that give each of them one owner. A lock is held before
 * its record can be seen, so that no page takes a record for an abandoned one; the browser frees it when its
 * page dies, so that another page may take over.
 */

import type { Clock } from '../../ports/clock.js';
import type { Hold, Locks } from '../../ports/locks.js';
import type { Store, UploadRecord } from '../../ports/store.js';
import type { Upload } from '../upload/upload.js';
import { Ledger } from './ledger.js';
import { isWorthKeeping, recordOf } from './record.js';

export interface FoundRecord {
  readonly record: UploadRecord;
  /** False while another tab drives it. */
  readonly isOurs: boolean;
}

export interface KeeperInit {
  /** Where records of this page are found; empty when nothing is to be kept. */
  readonly scopes: () => readonly string[];
  /** Who is signed in at the backend; null where it does not say. Must not reject. */
  readonly user: () => Promise<string | null>;
  /** From now on nothing can be kept. */
  readonly onBroken: () => void;
  /** The upload is over, but its record may still be there. */
  readonly onOver: (id: string) => void;
  /** Other pages can see records now that they could not see before. */
  readonly onKept: () => void;
}

type Ports = { readonly store: Store; readonly locks: Locks; readonly clock: Clock };

const lockName = (id: string): string => `fastio-upload:${id}`;

export class RecordKeeper {
  readonly #ports: Ports;
  readonly #ledger: Ledger;
  readonly #scopes: KeeperInit['scopes'];
  readonly #user: KeeperInit['user'];
  readonly #onOver: KeeperInit['onOver'];
  /** Uploads that are over, as other pages say, though their records may still be there. */
  readonly #over = new Set<string>();
  readonly #holds = new Map<string, Hold>();
  /** Locks that were asked for. */
  readonly #claims = new Map<string, Promise<boolean>>();
  /** Uploads whose records others can see. */
  readonly #kept = new Set<string>();
  /** Uploads that may have a record, each with what stands for the last time that it was or could be written. */
  readonly #written = new Map<string, object>();
  /** Uploads whose records are being deleted. */
  readonly #leaving = new Set<string>();

  constructor(ports: Ports, { scopes, user, onBroken, onOver, onKept }: KeeperInit) {
    const { store, clock } = ports;
    this.#ports = ports;
    this.#scopes = scopes;
    this.#user = user;
    this.#onOver = onOver;
    this.#ledger = new Ledger({
      store,
      clock,
      beforeWrite: async (ids) => {
        for (const id of ids) this.#written.set(id, {});
        await Promise.all(ids.map((id) => this.#claimOnce(id)));
      },
      afterWrite: (ids) => {
        const before = this.#kept.size;
        for (const id of ids) if (this.#holds.has(id)) this.#kept.add(id);
        if (this.#kept.size > before) onKept();
      },
      onBroken,
    });
  }

  /** Soon writes where the upload stands, or forgets it once there is nothing to go on with. */
  checkpoint(upload: Upload): void {
    if (!isWorthKeeping(upload)) void this.forget(upload.id);
    else if (this.#isKeeping) this.#ledger.save(upload.id, () => this.#recordOf(upload));
  }

  /** Writes at once where the upload stands, and resolves when a later page could read it. */
  async write(upload: Upload): Promise<void> {
    if (this.#isKeeping) await this.#ledger.write(upload.id, () => this.#recordOf(upload));
  }

  /** Gives the upload up once its record is gone, unless it was claimed again in between. */
  async forget(id: string): Promise<void> {
    this.#leaving.add(id);
    this.#ledger.drop(id);
    // Most files are stored before they have a record.
    const written = this.#written.get(id);
    const isGone = written === undefined || (await this.#ledger.forget(id));
    if (isGone && this.#written.get(id) === written) this.#written.delete(id);
    if (!this.#leaving.delete(id)) return;
    // Another page that finds the record must not take it for one without an owner.
    if (!isGone) this.#onOver(id);
    this.#release(id);
  }

  /** Writes where the upload stands, and leaves the rest to another page. */
  async leave(upload: Upload): Promise<void> {
    await this.write(upload);
    this.#release(upload.id);
  }

  /** Another page says that the upload is over; its record is deleted here, if that can be done. */
  over(id: string): void {
    this.#over.add(id);
    void this.#ledger.forget(id);
  }

  /** Makes this page the owner; false when another one is. */
  async claim(id: string): Promise<boolean> {
    this.#leaving.delete(id);
    return !this.#isKeeping || this.#claimOnce(id);
  }

  /** Records of earlier pages and of other tabs that are not known yet, oldest first. */
  async load(isKnown: (id: string) => boolean): Promise<FoundRecord[]> {
    const isHeldHere = (id: string) => this.#ports.locks.isHeldHere(lockName(id));
    const loaded = (await Promise.all(this.#scopes().map((scope) => this.#ledger.load(scope)))).flat();
    // Another user's file must not be shown to this one, and its session would refuse them.
    const me = loaded.some(({ user }) => user != null) ? await this.#user() : null;
    const isMine = ({ user }: UploadRecord) => me === null || user == null || user === me;
    const isOpen = ({ id }: UploadRecord) => !isKnown(id) && !isHeldHere(id) && !this.#over.has(id);
    const records = loaded.filter((record) => isMine(record) && isOpen(record));
    for (const { id } of records) this.#written.set(id, {});
    records.sort((a, b) => a.createdAt - b.createdAt);
    const found = await Promise.all(records.map(async (record) => ({ record, isOurs: await this.claim(record.id) })));
    // Two lists of one page must not show the same upload; the other may have asked for it in the same moment.
    return found.filter(({ record, isOurs }) => isOurs || !isHeldHere(record.id));
  }

  /** Waits until the other tab is gone; then this page is the owner. Null when nothing is left to do. */
  async takeOver(id: string, options: { readonly signal: AbortSignal }): Promise<UploadRecord | null> {
    this.#keep(id, await this.#ports.locks.hold(lockName(id), options));
    this.#written.set(id, {});
    const record = this.#over.has(id) ? null : await this.#ledger.get(id);
    if (record === null || options.signal.aborted) this.#release(id);
    options.signal.throwIfAborted();
    return record;
  }

  get #isKeeping(): boolean {
    return this.#scopes().length > 0;
  }

  /** Null for what is over, or another tab's. */
  #recordOf(upload: Upload): UploadRecord | null {
    const { id } = upload;
    // Its lock is given back once the record is deleted.
    if (this.#leaving.has(id)) return null;
    const record = this.#holds.has(id) ? recordOf(upload, this.#ports.clock.wallNow()) : null;
    // It ended while its lock was asked for.
    if (record === null) this.#release(id);
    return record;
  }

  async #claimOnce(id: string): Promise<boolean> {
    if (this.#holds.has(id)) return true;
    const claim = this.#claims.get(id) ?? this.#tryHold(id).finally(() => this.#claims.delete(id));
    this.#claims.set(id, claim);
    return claim;
  }

  async #tryHold(id: string): Promise<boolean> {
    const hold = await this.#ports.locks.tryHold(lockName(id));
    if (hold !== null) this.#keep(id, hold);
    return hold !== null;
  }

  #keep(id: string, hold: Hold): void {
    this.#holds.set(id, hold);
  }

  #release(id: string): void {
    this.#holds.get(id)?.release();
    this.#kept.delete(id);
    this.#holds.delete(id);
  }
}
