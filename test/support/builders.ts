/** Files and engines for tests: real parts of `src` around stand-ins for the platform. */

import assert from 'node:assert/strict';
import { Resumption, type ResumptionInit } from '../../src/engine/records/resumption.js';
import { SlotQueue } from '../../src/engine/schedule/slot-queue.js';
import type { Channel } from '../../src/ports/channel.js';
import type { Hasher } from '../../src/ports/hasher.js';
import type { Locks } from '../../src/ports/locks.js';
import type { Store } from '../../src/ports/store.js';
import type { Transport } from '../../src/ports/transport.js';
import {
  ENGINE_EVENTS,
  type EngineEventMap,
  type EngineOptions,
  UploadEngine,
  type UploadSnapshot,
} from '../../src/preset.js';
import { MemoryStore } from '../../src/stores/memory-store.js';
import { FakeClock, settle } from './fake-clock.js';
import { FakeChannelHub, FakeConnectivity, FakeLockManager, fakeHasher } from './fake-ports.js';
import { ScriptedServer } from './scripted-server.js';
import { ScriptedTransport } from './scripted-transport.js';

export interface FileFacts {
  readonly type?: string;
  readonly lastModified?: number;
}

/** Bytes that differ from their neighbours, so that a part sent twice or in a wrong place shows. */
export const bytesOf = (size: number, seed = 1): Uint8Array<ArrayBuffer> =>
  Uint8Array.from({ length: size }, (_, index) => (index * 31 + seed * 17 + (index >> 8)) & 255);

/** A real `File`; content is bytes, text, or a size. */
export const fileOf = (
  name: string,
  content: number | string | Uint8Array<ArrayBuffer> = 10,
  { type = 'application/x-test', lastModified = 1_700_000_000_000 }: FileFacts = {},
): File => {
  const file = new File([typeof content === 'number' ? bytesOf(content) : content], name, { type, lastModified });
  // Node's File lacks it; in browsers it is empty unless a folder was picked.
  Object.defineProperty(file, 'webkitRelativePath', { value: '' });
  return file;
};

export const namesOf = (uploads: readonly { readonly name: string }[]): string[] => uploads.map(({ name }) => name);

export type RecordedEvent = {
  readonly [Name in keyof EngineEventMap]: { readonly name: Name; readonly detail: EngineEventMap[Name] };
}[keyof EngineEventMap];

/** What an engine said, in order. */
export class EventLog {
  readonly all: RecordedEvent[] = [];

  constructor(engine: UploadEngine) {
    for (const name of ENGINE_EVENTS) {
      engine.addEventListener(name, (event) => this.all.push({ name, detail: event.detail } as RecordedEvent));
    }
  }

  of<Name extends keyof EngineEventMap>(name: Name): EngineEventMap[Name][] {
    return this.all.flatMap((event) => (event.name === name ? [event.detail as EngineEventMap[Name]] : []));
  }

  /** States in order, for one upload. */
  states(id: string): string[] {
    return this.of('upload-state').flatMap(({ upload }) => (upload.id === id ? [upload.state] : []));
  }

  names(id?: string): string[] {
    return this.all.flatMap(({ name, detail }) =>
      id === undefined || ('upload' in detail && detail.upload.id === id) ? [name] : [],
    );
  }

  clear(): void {
    this.all.length = 0;
  }
}

export interface BenchParts {
  readonly transport?: Transport;
  readonly clock?: FakeClock;
  readonly store?: Store;
  readonly locks?: Locks;
  readonly channel?: Channel;
  readonly connectivity?: FakeConnectivity;
  readonly hasher?: Hasher;
  readonly slots?: (origin: string) => SlotQueue;
  /** When the code of the records comes, which is there at once by default. */
  readonly loaded?: () => Promise<unknown>;
}

/** Slots as a page has them: one queue for each origin. */
export const slotsOf = (clock: FakeClock): ((origin: string) => SlotQueue) => {
  const queues = new Map<string, SlotQueue>();
  return (origin) => {
    const queue = queues.get(origin) ?? new SlotQueue({ clock });
    queues.set(origin, queue);
    return queue;
  };
};

const ENDPOINT = 'https://app.test/uploads';
/** Where the records of an engine with that endpoint belong. */
export const SCOPE = `${ENDPOINT} `;

/** An engine whose every request the test answers. */
export class Bench {
  readonly transport = new ScriptedTransport();
  /** The answers of a server when all is well. */
  readonly server = new ScriptedServer(this.transport);
  readonly clock: FakeClock;
  readonly store: Store;
  readonly connectivity: FakeConnectivity;
  readonly slots: (origin: string) => SlotQueue;
  readonly engine: UploadEngine;
  readonly events: EventLog;

  constructor(options: Partial<EngineOptions> = {}, parts: BenchParts = {}) {
    this.clock = parts.clock ?? new FakeClock();
    this.store = parts.store ?? new MemoryStore({ wallNow: () => this.clock.wallNow() });
    this.connectivity = parts.connectivity ?? new FakeConnectivity();
    this.slots = parts.slots ?? slotsOf(this.clock);
    const { loaded, locks = new FakeLockManager().tab(), channel = new FakeChannelHub().tab() } = parts;
    const resumption = (init: ResumptionInit) => new Resumption({ store: this.store, locks, channel }, init);
    this.engine = new UploadEngine(
      { endpoint: ENDPOINT, ...options },
      {
        transport: parts.transport ?? this.transport,
        clock: this.clock,
        connectivity: this.connectivity,
        hasher: parts.hasher ?? fakeHasher,
        slots: this.slots,
        resumption: loaded === undefined ? resumption : (init) => loaded().then(() => resumption(init)),
      },
    );
    this.events = new EventLog(this.engine);
  }

  /** Adds one file that must be admitted. */
  add(file: File, relativePath?: string): string {
    const [upload] = this.engine.addFiles([relativePath === undefined ? file : { file, relativePath }]);
    assert.ok(upload, `${file.name} was refused`);
    return upload.id;
  }

  upload(id: string): UploadSnapshot {
    const upload = this.engine.uploads.find((candidate) => candidate.id === id);
    assert.ok(upload, 'the upload is not on the list');
    return upload;
  }

  state(id: string): string {
    const { state, reason } = this.upload(id);
    return reason === null ? state : `${state} ${reason}`;
  }

  settle(): Promise<void> {
    return settle();
  }
}

export const presignedBench = (options: Partial<EngineOptions> = {}): Bench =>
  new Bench({ protocol: 'presigned', ...options });

/** An upload whose session is open; nothing is sent yet. */
export const openChunked = async (size: number, options: Partial<EngineOptions> = {}, limits: object = {}) => {
  const bench = new Bench({ protocol: 'chunked', ...options });
  const id = bench.add(fileOf('big.bin', size));
  const { transport, server, engine, events, clock } = bench;
  await server.openSession(limits);
  return { bench, id, transport, server, engine, events, clock };
};
