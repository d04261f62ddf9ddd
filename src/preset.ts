/**
 * The composition root: the only place that names concrete adapters. `UploadEngine` is the engine as a page wants it;
 * every port can be replaced.
 */

import { EngineCore } from './engine/engine-core.js';
import type { EnginePorts } from './engine/engine-ports.js';
import type { EngineOptions } from './engine/options.js';
import { slotLimit } from './engine/schedule/slot-limit.js';
import { SlotQueue } from './engine/schedule/slot-queue.js';
import { browserClock } from './platform/browser-clock.js';
import { browserConnectivity } from './platform/browser-connectivity.js';
import { browserHasher } from './platform/browser-hasher.js';
import { createTabChannel } from './platform/tab-channel.js';
import { createWebLocks } from './platform/web-locks.js';
import type { Clock } from './ports/clock.js';
import { UploadError } from './ports/errors.js';
import type { Protocol, ProtocolName } from './ports/protocol.js';
import type { Store } from './ports/store.js';
import type { Transport } from './ports/transport.js';
import { auto } from './protocols/auto.js';
import { chunked } from './protocols/chunked.js';
import { BATCH_WINDOW } from './protocols/fastio/small/batch-window.js';
import { presigned } from './protocols/presigned.js';
import { Backend } from './protocols/shared/backend.js';
import { lazyProtocol } from './protocols/shared/lazy-protocol.js';
import { IndexedDbStore } from './stores/indexed-db-store.js';
import { MemoryStore } from './stores/memory-store.js';
import { createBrowserTransport } from './transports/browser-transport.js';
import type { Capabilities } from './wire/capabilities.js';

export type { EnginePorts } from './engine/engine-ports.js';
export type { Duplicates, EngineOptions, HeadersOption } from './engine/options.js';
export { DEFAULT_OPTIONS } from './engine/options.js';
export type { EngineEventMap } from './engine/upload/events.js';
export { ENGINE_EVENTS } from './engine/upload/events.js';
export type { AggregateProgress, UploadSnapshot, UploadStateName, WaitReason } from './engine/upload/snapshot.js';
export type { RejectionCode, UploadErrorCode, UploadErrorInfo } from './ports/errors.js';
export { UploadError } from './ports/errors.js';
export type { AnnouncedLimits, ProtocolName, Receipt } from './ports/protocol.js';
export type { FileInput, SourceFile } from './ports/source.js';

/** Dialects that this build speaks, best first. */
const SPOKEN: readonly ProtocolName[] = ['fastio', 'chunked', 'presigned'];

/** What the protocols need; the rest of the ports is the engine's. */
export type PresetPorts = EnginePorts & { readonly transport: Transport };

export class UploadEngine extends EngineCore {
  /** Acts only when files are added or `restore()` is called. */
  constructor(options: Partial<EngineOptions> = {}, ports: Partial<PresetPorts> = {}) {
    super(withDefaults(ports), options);
  }
}

const withDefaults = (ports: Partial<PresetPorts>): EnginePorts => {
  const clock = ports.clock ?? browserClock;
  const connectivity = ports.connectivity ?? browserConnectivity;
  const slots = ports.slots ?? ((origin) => pageSlots(origin, clock));
  const transport = counted(ports.transport ?? createBrowserTransport({ clock, connectivity }), slots);
  const hasher = ports.hasher ?? browserHasher;
  return {
    protocol: (options) => protocolFor(options, { transport, clock, slots, hasher }),
    slots,
    store: defaultStore(),
    locks: createWebLocks(),
    channel: createTabChannel(),
    hasher,
    ...ports,
    clock,
    connectivity,
  };
};

/** Small requests count in the budget of their origin. */
const counted = (transport: Transport, slots: EnginePorts['slots']): Transport => ({
  control: (request, options) => slots(new URL(request.url).origin).control(() => transport.control(request, options)),
  send: (request, options) => transport.send(request, options),
});

const defaultStore = (): Store => (typeof indexedDB === 'undefined' ? new MemoryStore() : new IndexedDbStore());

/** One budget for each origin, whichever engine of the page asks; other copies of this package find it too. */
const SHARED = Symbol.for('fastio-upload/slots@2');
const page = globalThis as typeof globalThis & { [SHARED]?: Map<string, SlotQueue> };

const pageSlots = (origin: string, clock: Clock): SlotQueue => {
  page[SHARED] ??= new Map();
  const queue = page[SHARED].get(origin) ?? new SlotQueue({ clock });
  page[SHARED].set(origin, queue);
  return queue;
};

type ProtocolPorts = Pick<PresetPorts, 'transport' | 'clock' | 'slots' | 'hasher'>;

/** @throws UploadError `configuration`. */
const protocolFor = (options: EngineOptions, { transport, clock, slots, hasher }: ProtocolPorts): Protocol => {
  const { endpoint, protocol, headers, credentials, workspaceId, folderId, checksums } = options;
  if (endpoint === '') throw new UploadError('configuration', 'no endpoint is set');
  const backend = new Backend({
    transport,
    endpoint: absolute(endpoint),
    credentials,
    headers: typeof headers === 'function' ? headers : () => headers,
    clock,
    onSpent: (origin, ms) => slots(origin).pauseFor(ms),
  });
  const make = (name: ProtocolName, at: Backend, offer: Capabilities | null): Protocol => {
    if (name === 'chunked') {
      return chunked({ backend: at, workspaceId, folderId, hasher: checksums ? hasher : null });
    }
    if (name === 'presigned') {
      const confirm = options.confirmEndpoint === '' ? offer?.urls.confirm : absolute(options.confirmEndpoint);
      return presigned({
        backend: at,
        confirmUrl: confirm === undefined ? null : backend.resolve(confirm),
        mintBatch: offer?.mintBatch ?? 1,
        clock,
      });
    }
    if (name === 'fastio') return fastioFor(options, at, { clock, slots });
    throw new UploadError('configuration', `protocol ${name} is not part of this build`);
  };
  return protocol === 'auto' ? auto({ backend, spoken: SPOKEN, make }) : make(protocol, backend, null);
};

/** The largest of the protocols, in a file of its own that loads when it is needed. */
const fastioFor = (
  options: EngineOptions,
  backend: Backend,
  { clock, slots }: Pick<ProtocolPorts, 'clock' | 'slots'>,
) => {
  const { workspaceId, folderId } = options;
  const load = async () => {
    const { fastio } = await import('./protocols/fastio.js');
    return fastio({
      backend,
      workspaceId,
      folderId,
      clock,
      slots: slots(backend.origin),
      parallel: slotLimit(options),
    });
  };
  return lazyProtocol(load, { batchWindow: BATCH_WINDOW });
};

/** Relative URLs are relative to the page. */
const absolute = (url: string): string => {
  try {
    return new URL(url, globalThis.location?.href).href;
  } catch (cause) {
    throw new UploadError('configuration', 'the endpoint is no URL', { cause });
  }
};
