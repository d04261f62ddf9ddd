/** One history of an engine between a server and a platform that do as they please. */

import assert from 'node:assert/strict';
import { partsOf } from '../../../src/engine/records/record.js';
import type { Receipt } from '../../../src/ports/protocol.js';
import type { UploadRecord } from '../../../src/ports/store.js';
import type { EngineOptions, UploadSnapshot } from '../../../src/preset.js';
import { MemoryStore } from '../../../src/stores/memory-store.js';
import { bytesOf } from '../../support/builders.js';
import { FakeClock, settle } from '../../support/fake-clock.js';
import { FakeConnectivity, FakeLockManager } from '../../support/fake-ports.js';
import { FakeBackend } from './fake-backend.js';
import { FlakyStore } from './flaky-store.js';
import { FragileFile } from './fragile-file.js';
import type { History } from './history.js';
import { Page, type World } from './page.js';
import { brokenPromises } from './promises.js';

const HOUR_MS = 3_600_000;

/** Where sizes are free a part is large, so files are, too. */
const FREE_UNIT = 12 * 1024;
/** A prime, so that the same bytes never stand at two boundaries of parts. */
const PATTERN = 65_521;

const patterns = new Map<number, Uint8Array>();

const contentOf = (size: number, seed: number): Uint8Array<ArrayBuffer> => {
  if (size < PATTERN) return bytesOf(size, seed);
  const pattern = patterns.get(seed) ?? bytesOf(PATTERN, seed);
  patterns.set(seed, pattern);
  return new Uint8Array(Buffer.alloc(size, pattern));
};

/** The name of a file on the disk: another one of the same name is sent as `name (2)`. */
const onDisk = (name: string): string => name.replace(/ \(\d+\)$/, '');

/**
 * Whether the record tells a later page where this part lies, as it was sent, and whether the server can have other
 * bytes of it. A store that fails for good refuses to learn of parts that are cut later, or again, and then nothing can
 * be done for them.
 */
const isKnown = (record: UploadRecord, wanted: string, { number, size }: Receipt): boolean => {
  const { name, doubtedFrom, receipts } = record;
  const isCutAlike = partsOf(record)?.matches({ number, size }) === true;
  const isSure = number < (doubtedFrom ?? Number.POSITIVE_INFINITY) || receipts.some((held) => held.number === number);
  return name === wanted && isCutAlike && isSure;
};

const needsFile = ({ reason }: UploadSnapshot): boolean => reason === 'needs-file';

/** Mulberry32: small, and the same on every machine. */
const randomFrom = (seed: number) => () => {
  seed = (seed + 0x6d2b79f5) | 0;
  let value = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
  return ((value ^ (value >>> 14)) >>> 0) / 2 ** 32;
};

export class Simulation {
  readonly #history: History;
  readonly #clock = new FakeClock();
  readonly #connectivity = new FakeConnectivity();
  readonly #locks = new FakeLockManager();
  readonly #backend: FakeBackend;
  readonly #files: FragileFile[];
  readonly #options: Partial<EngineOptions>;
  readonly #canceled = new Set<string>();
  #isHealed = false;
  /** Events of pages that are gone. */
  readonly #complaints: string[] = [];
  #store: FlakyStore;
  #world: World;
  #page: Page;

  constructor(history: History) {
    const { protocol, hasConfirm, parallel, sizes, seed, line, ...rest } = history;
    this.#history = history;
    const random = randomFrom(seed);
    this.#clock.dice = random;
    this.#clock.settle = () => this.#settle(random);
    const { faults, canInspect, mintBatch, hasFixedParts } = rest;
    const unit = hasFixedParts ? 1 : FREE_UNIT;
    const shape = { partSize: hasFixedParts ? 10 : null, chunkedAbove: 25 * unit, canInspect, mintBatch };
    this.#backend = new FakeBackend({ ...shape, faults, random, clock: this.#clock, connectivity: this.#connectivity });
    this.#backend.line = line && { ...line, bytesPerSecond: line.perSecond * unit };
    const base = this.#backend.endpoint;
    this.#options = {
      endpoint: protocol === 'auto' ? base : `${base}/${protocol}`,
      confirmEndpoint: hasConfirm ? `${base}/confirm` : '',
      protocol,
      parallel,
      retryWindowMs: 120_000,
    };
    this.#files = sizes.map((size, index) => new FragileFile(`file-${index}`, contentOf(size * unit, index)));
    this.#store = new FlakyStore(this.#newStore(), () => this.#turn('store'));
    this.#world = this.#newWorld();
    this.#page = this.#open();
  }

  /** What the platform was asked for it answers in any order, and some of it a moment later. */
  async #settle(random: () => number): Promise<void> {
    const { scheduler } = this.#history;
    await settle();
    while (scheduler.count() > 0 && (this.#isHealed || random() < 0.8)) {
      await scheduler.waitOne();
      await settle();
    }
  }

  /** Lets the platform answer until the engine has what it waits for. */
  async #during<T>(work: Promise<T>): Promise<T> {
    let isOver = false;
    const end = () => {
      isOver = true;
    };
    work.then(end, end);
    while (!isOver) await this.#clock.settle();
    return work;
  }

  #turn = (what: string): Promise<void> => this.#history.scheduler.schedule(Promise.resolve(), what);

  /** @throws AssertionError when a promise is broken. */
  async run(): Promise<void> {
    this.#page.engine.addFiles(this.#files.map(({ file }) => file));
    for (const { afterMs, act, file } of this.#history.steps) {
      await this.#clock.advance(afterMs);
      await this.#act(act, file);
    }
    await this.#heal();
    this.#listen();
    await this.#check();
  }

  async #act(act: History['steps'][number]['act'], index: number): Promise<void> {
    const { engine } = this.#page;
    const id = engine.uploads.find(({ name }) => onDisk(name) === `file-${index}`)?.id;
    if (act === 'offline' || act === 'online') this.#connectivity.online = act === 'online';
    else if (act === 'back' || act === 'ahead') this.#clock.jumpWallClock(act === 'back' ? -HOUR_MS : HOUR_MS);
    else if (act === 'reload') await this.#reload();
    else if (act === 'store-fails') this.#store.hasFailed = true;
    else if (act === 'vanish' || act === 'reappear' || act === 'rewrite') this.#befall(act, index);
    else if (id !== undefined) {
      engine[act](id);
      const isCanceled = engine.uploads.some((upload) => upload.id === id && upload.state === 'canceled');
      if (act === 'cancel' && isCanceled) this.#canceled.add(`file-${index}`);
      // Taken up again; what another tab drives says so later.
      if (act === 'retry' && !isCanceled) this.#canceled.delete(`file-${index}`);
    }
  }

  #befall(mishap: 'vanish' | 'reappear' | 'rewrite', index: number): void {
    const fragile = this.#files[index];
    if (fragile === undefined) return;
    if (mishap === 'rewrite') fragile.isRewritten = true;
    else fragile.isReadable = mishap === 'reappear';
  }

  #isRewritten(name: string): boolean {
    return this.#files.some(({ file, isRewritten }) => isRewritten && file.name === onDisk(name));
  }

  /** The user picks all files again; what is over stays over. */
  async #reload(): Promise<void> {
    const before = this.#page.engine.uploads;
    for (const fragile of this.#files) fragile.isReadable = true;
    this.#listen();
    this.#page.die();
    const records = await this.#records();
    const { hasFailed } = this.#store;
    this.#backend.clientDied((name, part) => !hasFailed || records.some((record) => isKnown(record, name, part)));
    this.#store = new FlakyStore(await this.#survivingRecords(), () => this.#turn('store'));
    this.#world = this.#newWorld();
    this.#page = this.#open();
    const restored = await this.#during(this.#page.engine.restore());
    await settle();
    const lost = before.filter(({ name }) => !restored.some((upload) => upload.name === name));
    const wanted = lost.filter(({ state }) => state !== 'done' && state !== 'canceled').map(({ name }) => name);
    const waiting = restored.map(({ name }) => name);
    // Where the store had failed, what ended after that comes back.
    for (const name of waiting) this.#canceled.delete(onDisk(name));
    this.#choose([...wanted, ...waiting]);
  }

  #choose(names: readonly string[]): void {
    const wanted = names.map(onDisk);
    this.#page.engine.addFiles(this.#files.flatMap(({ file }) => (wanted.includes(file.name) ? file : [])));
  }

  /** Faults are over; uploads that were stopped go on. */
  async #heal(): Promise<void> {
    this.#isHealed = true;
    this.#connectivity.online = true;
    this.#backend.line = null;
    for (const fragile of this.#files) fragile.isReadable = true;
    const { engine } = this.#page;
    const isOver = () => engine.uploads.every(({ state }) => ['done', 'canceled', 'failed'].includes(state));
    for (let round = 0; round < 80; round++) {
      engine.resume();
      await this.#clock.advanceUntil(() => isOver() || engine.uploads.some(needsFile));
      this.#choose(engine.uploads.filter(needsFile).map(({ name }) => name));
      await this.#clock.settle();
      // Its file is no more; the one under its name is another.
      for (const upload of engine.uploads.filter(({ name }) => this.#isRewritten(name))) {
        if (needsFile(upload)) engine.cancel(upload.id);
      }
      await this.#clock.advanceUntil(isOver);
      if (engine.uploads.every(({ name, state }) => state !== 'failed' || this.#isRewritten(name))) return;
      // By id, because `retry()` without one restarts canceled uploads, too.
      for (const { id, state } of engine.uploads) if (state === 'failed') engine.retry(id);
    }
  }

  async #check(): Promise<void> {
    const { engine, slots } = this.#page;
    // Records and progress are written a little later.
    await this.#clock.advance(60_000);
    assert.deepEqual(this.#complaints, []);
    assert.deepEqual(this.#backend.violations, []);
    for (const { name, state, error } of engine.uploads) {
      if (this.#isRewritten(name)) continue;
      const expected = this.#canceled.has(onDisk(name)) ? 'canceled' : 'done';
      assert.equal(state, expected, `${name} ended ${state}: ${error?.message ?? ''}`);
    }
    for (const file of this.#files) this.#checkStored(file);
    assert.ok(this.#backend.mostInFlight <= this.#mostAllowed(), `${this.#backend.mostInFlight} requests at once`);
    for (const origin of ['https://app.test', 'https://storage.test']) {
      const { running, waiting } = slots(origin);
      assert.deepEqual({ running, waiting }, { running: 0, waiting: 0 }, 'slots were kept');
    }
    assert.deepEqual(this.#locks.held, [], 'locks were kept');
    assert.equal(this.#clock.pending, 0, 'timers were kept');
    // A page that died in the middle of a wait took its listener with it, which is not seen here.
    const hasDied = this.#history.steps.some(({ act }) => act === 'reload');
    if (!hasDied) assert.equal(this.#connectivity.watching, 0, 'listeners were kept');
    const isKept = this.#store.hasFailed || this.#files.some(({ isRewritten }) => isRewritten);
    if (!isKept) assert.deepEqual(await this.#records(), [], 'records of finished uploads were kept');
  }

  /** Of a file that was written to, either content may be there, and never a mixture. */
  #checkStored({ file: { name }, original, rewritten, isRewritten }: FragileFile): void {
    const stored = this.#backend.files((stored) => onDisk(stored) === name);
    for (const bytes of stored) {
      const isNew = isRewritten && Buffer.from(bytes).equals(rewritten);
      assert.deepEqual(Buffer.from(bytes), Buffer.from(isNew ? rewritten : original), `${name} was stored wrong`);
    }
    if (!this.#canceled.has(name) && !isRewritten) assert.ok(stored.length > 0, `${name} was not stored`);
  }

  /** Requests of a dead page may still be on the wire when the next one begins; two origins have a budget each. */
  #mostAllowed(): number {
    const pages = 1 + this.#history.steps.filter(({ act }) => act === 'reload').length;
    return this.#history.parallel * pages * 2;
  }

  #listen(): void {
    const { events } = this.#page;
    this.#complaints.push(...brokenPromises(events.all));
  }

  #open(): Page {
    const page = new Page(this.#world, this.#options);
    page.engine.addEventListener('part-complete', ({ detail: { upload, part } }) => {
      this.#backend.partConfirmed(upload.name, part);
    });
    page.engine.addEventListener('upload-complete', ({ detail: { upload, fileId } }) => {
      if (!this.#backend.objects.has(fileId)) this.#complaints.push(`${upload.name} was complete before it was stored`);
    });
    return page;
  }

  #newWorld(): World {
    return {
      transport: this.#backend,
      clock: this.#clock,
      connectivity: this.#connectivity,
      locks: this.#locks,
      store: this.#store,
      turn: this.#turn,
    };
  }

  #newStore(): MemoryStore {
    return new MemoryStore({ wallNow: () => this.#clock.wallNow() });
  }

  #records() {
    return this.#store.written(`${this.#options.endpoint} `);
  }

  /** Under new ids: what a dead page had claimed for itself must not bind the next, which in truth is another process. */
  async #survivingRecords(): Promise<MemoryStore> {
    const store = this.#newStore();
    await store.put((await this.#records()).map((record) => ({ ...record, id: `${record.id}'` })));
    return store;
  }
}
