/**
 * Custody of uploads across pages: their records, and the locks that give each of them one owner. A lock is freed by the
 * browser when its page dies, so that another page may take over.
 */

import type { Hold } from '../ports/locks.js';
import type { UploadRecord } from '../ports/store.js';
import type { EnginePorts } from './engine-ports.js';
import { Ledger } from './ledger.js';
import { isWorthKeeping, recordOf } from './record.js';
import type { Upload } from './upload.js';

export interface FoundRecord {
  readonly record: UploadRecord;
  /** False while another tab drives it. */
  readonly isOurs: boolean;
}

export interface KeeperInit {
  /** Where records belong; null when nothing is to be kept. */
  readonly scope: () => string | null;
  /** From now on nothing can be kept. */
  readonly onBroken: () => void;
}

type Ports = Pick<EnginePorts, 'store' | 'clock' | 'locks'>;

const lockName = (id: string): string => `fastio-upload:${id}`;

/** Uploads that some engine of this very page drives: two lists must not show the same one. */
const ownedHere = new Set<string>();

export class RecordKeeper {
  readonly #ports: Ports;
  readonly #ledger: Ledger;
  readonly #scope: KeeperInit['scope'];
  readonly #holds = new Map<string, Hold>();
  /** Uploads whose records are being deleted. */
  readonly #leaving = new Set<string>();

  constructor(ports: Ports, { scope, onBroken }: KeeperInit) {
    this.#ports = ports;
    this.#scope = scope;
    this.#ledger = new Ledger(ports.store, ports.clock, onBroken);
  }

  /** Soon writes where the upload stands, or forgets it once there is nothing to go on with. */
  checkpoint(upload: Upload): void {
    const scope = this.#scope();
    if (scope === null) return;
    if (isWorthKeeping(upload)) {
      this.#ledger.save(upload.id, () => recordOf(upload, scope, this.#ports.clock.wallNow()));
    } else void this.forget(upload.id);
  }

  /** Gives the upload up once its record is gone, unless it was claimed again in between. */
  async forget(id: string): Promise<void> {
    this.#leaving.add(id);
    if (this.#scope() !== null) await this.#ledger.forget(id);
    if (this.#leaving.delete(id)) this.#release(id);
  }

  /** Makes this page the owner; false when another one is. */
  async claim(id: string): Promise<boolean> {
    this.#leaving.delete(id);
    if (this.#scope() === null || this.#holds.has(id)) return true;
    const hold = await this.#ports.locks.tryHold(lockName(id));
    if (hold === null) return false;
    this.#keep(id, hold);
    return true;
  }

  /** Records of earlier pages and of other tabs, oldest first. */
  async load(): Promise<FoundRecord[]> {
    const scope = this.#scope();
    if (scope === null) return [];
    const records = (await this.#ledger.load(scope)).filter(({ id }) => !ownedHere.has(id));
    records.sort((a, b) => a.createdAt - b.createdAt);
    return Promise.all(records.map(async (record) => ({ record, isOurs: await this.claim(record.id) })));
  }

  /** Waits until the other tab is gone; then this page is the owner. Null when nothing is left to do. */
  async takeOver(id: string, options: { readonly signal: AbortSignal }): Promise<UploadRecord | null> {
    this.#keep(id, await this.#ports.locks.hold(lockName(id), options));
    const record = await this.#ledger.get(id);
    if (record === null) this.#release(id);
    return record;
  }

  #keep(id: string, hold: Hold): void {
    this.#holds.set(id, hold);
    ownedHere.add(id);
  }

  #release(id: string): void {
    this.#holds.get(id)?.release();
    if (this.#holds.delete(id)) ownedHere.delete(id);
  }
}
