/**
 * The composition root: the only place that names concrete adapters. `UploadEngine` is the engine as a page wants it;
 * every port can be replaced.
 */

import { EngineCore } from './engine/engine-core.js';
import type { EnginePorts } from './engine/engine-ports.js';
import type { EngineOptions } from './engine/options.js';
import type { ResumptionPorts } from './engine/records/resumption.js';
import { slotLimit } from './engine/schedule/slot-limit.js';
import { SlotQueue } from './engine/schedule/slot-queue.js';
import { absoluteUrl } from './lib/page/page-url.js';
import { loadResumption } from './load-resumption.js';
import { browserClock } from './platform/browser-clock.js';
import { browserConnectivity } from './platform/browser-connectivity.js';
import { browserHasher } from './platform/browser-hasher.js';
import { recallLine, rememberLine } from './platform/line-memory.js';
import { nextHopTo } from './platform/next-hop.js';
import type { Clock } from './ports/clock.js';
import { UploadError } from './ports/errors.js';
import type { OwnProtocolName, Protocol, ProtocolChoice, ProtocolName } from './ports/protocol.js';
import type { Credentials, HeadersOption, Transport } from './ports/transport.js';
import { auto } from './protocols/auto.js';
import { PROTOCOLS } from './protocols/registry.js';
import { Backend } from './protocols/shared/backend.js';
import { makeProtocol, type ProtocolContext, type ProtocolDefinition } from './protocols/shared/definition.js';
import { createBrowserTransport } from './transports/browser-transport.js';
import type { TransportOptions } from './transports/transport-options.js';

export type { EnginePorts } from './engine/engine-ports.js';
export type { Duplicates, EngineOptions, PrepareContext, PreparedFile, PrepareFile } from './engine/options.js';
export { DEFAULT_OPTIONS } from './engine/options.js';
export type { SlotQueue } from './engine/schedule/slot-queue.js';
export type { EngineEventMap } from './engine/upload/events.js';
export { ENGINE_EVENTS } from './engine/upload/events.js';
export type { AggregateProgress, UploadSnapshot, UploadStateName, WaitReason } from './engine/upload/snapshot.js';
export type { Channel } from './ports/channel.js';
export type { Clock } from './ports/clock.js';
export type { Connectivity } from './ports/connectivity.js';
export type { RejectionCode, UploadErrorCode, UploadErrorData, UploadErrorInfo } from './ports/errors.js';
export { isUploadError, UploadError } from './ports/errors.js';
export type { Hasher } from './ports/hasher.js';
export type { Hold, Locks } from './ports/locks.js';
export type * from './ports/protocol.js';
export type { FileHandle, FileInput, SourceFile } from './ports/source.js';
export type { Store, UploadRecord } from './ports/store.js';
export type {
  ControlRequest,
  DataRequest,
  HeadersOption,
  HeaderValues,
  SendOptions,
  Transport,
  WireResponse,
} from './ports/transport.js';
export { PROTOCOLS } from './protocols/registry.js';
export type { Backend, Call } from './protocols/shared/backend.js';
export type {
  CreateProtocol,
  FirstRequest,
  ProtocolContext,
  ProtocolDefinition,
} from './protocols/shared/definition.js';
export { FetchTransport } from './transports/fetch-transport.js';
export type { TransportOptions } from './transports/transport-options.js';

/** Protocols that the page has brought, by name. */
const ownProtocols = new Map<ProtocolName, Protocol | ProtocolDefinition>();

/** The name by which the engine knows a protocol, empty for an object without one; the page's own is kept under it. */
export const nameOfProtocol = (protocol: ProtocolOption): ProtocolChoice => {
  if (typeof protocol === 'string') return protocol;
  const name = typeof protocol.name === 'string' ? protocol.name : '';
  if (name !== '') ownProtocols.set(name, protocol);
  return name as OwnProtocolName;
};

/** What the protocols need; the rest of the ports is the engine's. */
export type PresetPorts = EnginePorts & ResumptionPorts & { readonly transport: Transport };

/** A built-in protocol by its name, or one of the page's own. */
export type ProtocolOption = ProtocolChoice | Protocol | ProtocolDefinition;

export type UploadEngineOptions = Omit<EngineOptions, 'protocol'> & {
  /** `auto` asks the backend; an object is a protocol of the page's own. @default 'auto' */
  protocol: ProtocolOption;
};

const withName = ({ protocol, ...options }: Partial<UploadEngineOptions>): Partial<EngineOptions> =>
  protocol === undefined ? options : { ...options, protocol: nameOfProtocol(protocol) };

/**
 * ```ts
 * const engine = new UploadEngine({ endpoint: '/api/uploads' });
 * engine.addEventListener('upload-complete', ({ detail }) => console.log(detail.fileId));
 * engine.addFiles(input.files);
 * ```
 */
export class UploadEngine extends EngineCore {
  /** Acts only when files are added or `restore()` is called. */
  constructor(options: Partial<UploadEngineOptions> = {}, ports: Partial<PresetPorts> = {}) {
    super(withDefaults(ports), withName(options));
  }

  override configure(options: Partial<UploadEngineOptions>): void {
    super.configure(withName(options));
  }
}

/** A transport for the platform: `XMLHttpRequest` where there is one, else `fetch`. */
export const createTransport = (options: Partial<TransportOptions> = {}): Transport =>
  createBrowserTransport({ clock: browserClock, connectivity: browserConnectivity, ...options });

export interface BackendOptions {
  /** Absolute, or relative to the page. */
  readonly endpoint: string;
  /** @default {} */
  readonly headers?: HeadersOption;
  /** @default 'same-origin' */
  readonly credentials?: Credentials;
  /** @default createTransport() */
  readonly transport?: Transport;
}

/**
 * ```ts
 * const backend = createBackend({ endpoint: '/uploads' });
 * const { id } = await backend.call({ method: 'POST', url: backend.endpoint, json: { name } }, { signal });
 * ```
 *
 * Requests for a protocol of one's own that is not given the page's backend. @throws UploadError `configuration`.
 */
export const createBackend = ({
  endpoint,
  headers = {},
  credentials = 'same-origin',
  transport = createTransport(),
}: BackendOptions): Backend =>
  new Backend({ transport, endpoint: absolute(endpoint), credentials, headers, clock: browserClock });

const withDefaults = (ports: Partial<PresetPorts>): EnginePorts => {
  const clock = ports.clock ?? browserClock;
  const connectivity = ports.connectivity ?? browserConnectivity;
  const slots = ports.slots ?? ((origin) => pageSlots(origin, clock));
  const transport = counted(ports.transport ?? createBrowserTransport({ clock, connectivity }), slots);
  const hasher = ports.hasher ?? browserHasher;
  return {
    protocol: (options) => protocolFor(options, { transport, clock, slots, hasher }),
    slots,
    resumption: (init) => loadResumption(ports, init),
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

/** One budget for each origin, whichever engine of the page asks; other copies of this package find it too. */
const SHARED = Symbol.for('fastio-upload/slots@2');
const page = globalThis as typeof globalThis & { [SHARED]?: Map<string, SlotQueue> };

const pageSlots = (origin: string, clock: Clock): SlotQueue => {
  page[SHARED] ??= new Map();
  const known = page[SHARED].get(origin);
  if (known) return known;
  const memory = recallLine(origin);
  const queue = new SlotQueue({ clock, memory, nextHop: () => nextHopTo(origin), onLearned: rememberLine(origin) });
  page[SHARED].set(origin, queue);
  return queue;
};

type ProtocolPorts = Pick<PresetPorts, 'transport' | 'clock' | 'slots' | 'hasher'>;

/** @throws UploadError `configuration`. */
const protocolFor = (options: EngineOptions, ports: ProtocolPorts): Protocol => {
  const { protocol } = options;
  if (String(protocol) === '') throw new UploadError('configuration', 'the protocol has no name: set its `name`');
  const own = ownProtocols.get(protocol);
  if (own !== undefined && 'open' in own) return own;
  const context = contextOf(options, ports);
  if (own === undefined && protocol === 'auto') return auto(PROTOCOLS, context);
  const definition = own ?? PROTOCOLS.find(({ name }) => name === protocol);
  if (definition === undefined) {
    throw new UploadError('configuration', `"${protocol}" is not a protocol of this build`);
  }
  return makeProtocol(definition, context);
};

const contextOf = (options: EngineOptions, { transport, clock, slots, hasher }: ProtocolPorts): ProtocolContext => {
  const { endpoint, headers, credentials, confirmEndpoint, workspaceId, folderId, checksums, fileField, partSize } =
    options;
  if (endpoint === '') throw new UploadError('configuration', 'no endpoint is set');
  const backend = new Backend({
    transport,
    endpoint: absolute(endpoint),
    credentials,
    headers,
    clock,
    onBackoff: (origin, ms) => slots(origin).pauseFor(ms),
  });
  return {
    backend,
    clock,
    hasher,
    checksums,
    slots,
    parallel: () => slotLimit(options),
    workspaceId,
    folderId,
    confirmUrl: confirmEndpoint === '' ? null : absolute(confirmEndpoint),
    partSize,
    mintBatch: 1,
    fileField,
  };
};

/** @throws UploadError `configuration`. */
const absolute = (url: string): string => {
  const resolved = absoluteUrl(url);
  if (resolved === null) throw new UploadError('configuration', `"${url}" is not a valid URL`);
  return resolved;
};
