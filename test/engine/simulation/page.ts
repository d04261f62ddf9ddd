/** A page that can die: from then on it hears nothing, says nothing, and its locks are free. */

import { Resumption, type ResumptionPorts } from '../../../src/engine/records/resumption.js';
import type { Clock } from '../../../src/ports/clock.js';
import type { Locks } from '../../../src/ports/locks.js';
import type { Store } from '../../../src/ports/store.js';
import type { Transport } from '../../../src/ports/transport.js';
import { type EngineOptions, UploadEngine } from '../../../src/preset.js';
import { EventLog, slotsOf } from '../../support/builders.js';
import type { FakeClock } from '../../support/fake-clock.js';
import { FakeChannelHub, type FakeConnectivity, type FakeLockManager, fakeHasher } from '../../support/fake-ports.js';

export interface World {
  readonly clock: FakeClock;
  readonly connectivity: FakeConnectivity;
  readonly locks: FakeLockManager;
  readonly transport: Transport;
  readonly store: Store;
  /** Resolves when the platform comes to what it was asked. */
  readonly turn: (what: string) => Promise<void>;
}

export class Page {
  readonly engine: UploadEngine;
  readonly events: EventLog;
  readonly slots: ReturnType<typeof slotsOf>;
  readonly #life = new AbortController();
  readonly #locks: Locks & { die(): void };

  constructor(world: World, options: Partial<EngineOptions>) {
    this.#locks = world.locks.tab();
    this.slots = slotsOf(world.clock);
    const { transport, store, clock, turn } = world;
    const locks = this.#locks;
    const later = <T>(what: string, act: () => Promise<T>): Promise<T> =>
      this.#whileAlive(() => turn(what).then(() => this.#whileAlive(act)));
    const ports: ResumptionPorts = {
      store: {
        load: (scope) => this.#whileAlive(() => store.load(scope)),
        get: (id) => this.#whileAlive(() => store.get(id)),
        put: (records) => this.#whileAlive(() => store.put(records)),
        delete: (id) => this.#whileAlive(() => store.delete(id)),
      },
      locks: {
        isHeldHere: (name) => locks.isHeldHere(name),
        tryHold: (name) => later('lock', () => locks.tryHold(name)),
        hold: (name, options) => this.#whileAlive(() => locks.hold(name, options)),
      },
      channel: new FakeChannelHub().tab(),
    };
    this.engine = new UploadEngine(options, {
      transport: {
        control: (request, { signal }) =>
          this.#whileAlive((life) => transport.control(request, { signal: life(signal) })),
        send: (request, { signal, ...rest }) =>
          this.#whileAlive((life) => transport.send(request, { ...rest, signal: life(signal) })),
      },
      clock: this.#mortal(clock),
      connectivity: world.connectivity,
      hasher: { sha256: (bytes) => later('hash', () => fakeHasher.sha256(bytes)) },
      slots: this.slots,
      resumption: (init) => later('code', async () => new Resumption(ports, init)),
    });
    this.events = new EventLog(this.engine);
  }

  die(): void {
    this.#life.abort();
    this.#locks.die();
  }

  #mortal(clock: FakeClock): Clock {
    return {
      now: () => clock.now(),
      wallNow: () => clock.wallNow(),
      random: () => clock.random(),
      delay: (ms, { signal }) => this.#whileAlive((life) => clock.delay(ms, { signal: life(signal) })),
    };
  }

  /** What was asked for ends with the page; what waits for it waits for ever. */
  #whileAlive<T>(ask: (life: (signal: AbortSignal) => AbortSignal) => Promise<T>): Promise<T> {
    const dead = this.#life.signal;
    if (dead.aborted) return new Promise(() => {});
    return new Promise((resolve, reject) => {
      ask((signal) => AbortSignal.any([signal, dead])).then(
        (value) => !dead.aborted && resolve(value),
        (error: unknown) => !dead.aborted && reject(error),
      );
    });
  }
}
