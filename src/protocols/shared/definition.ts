/** Describes a protocol before its code is loaded, and the context that its code receives. */

import type { Clock } from '../../ports/clock.js';
import type { Hasher } from '../../ports/hasher.js';
import type { Protocol, ProtocolName } from '../../ports/protocol.js';
import type { SlotSource } from '../../ports/slots.js';
import type { Backend } from './backend.js';
import { lazyProtocol } from './lazy-protocol.js';

/** The page's options and the platform's services, as a protocol receives them. */
export interface ProtocolContext {
  /** The endpoint, with the page's headers and credentials. */
  readonly backend: Backend;
  readonly clock: Clock;
  readonly hasher: Hasher;
  /** The `checksums` option: compare parts with what the server stored. */
  readonly checksums: boolean;
  /** The slots of an origin. The engine acquires them, unless the session's origin is null. */
  readonly slots: (origin: string) => SlotSource;
  /** The `parallel` option; Infinity for `auto`, where the line model decides. */
  readonly parallel: () => number;
  /** Fast.io target; empty where the backend decides. */
  readonly workspaceId: string;
  readonly folderId: string;
  /** Absolute URL that confirms each finished `presigned` upload; null for none. */
  readonly confirmUrl: string | null;
  /** The `partSize` option, in bytes. */
  readonly partSize: number | 'auto';
  /** Most grants per request. */
  readonly mintBatch: number;
  /** Name of the field that carries the file in a form. */
  readonly fileField: string;
}

export type CreateProtocol = (context: ProtocolContext) => Protocol;

/** The first request of an upload, which the doctor repeats for a diagnosis. Paths are below the endpoint. */
export interface FirstRequest {
  /** A POST sends an empty JSON object, which every backend refuses. */
  readonly method: 'GET' | 'POST' | 'OPTIONS';
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
}

interface ProtocolFacts {
  /** The value of the `protocol` option, and the name in records. */
  readonly name: ProtocolName;
  /**
   * Files for which `auto` prefers it: those above the backend's `chunkedAbove` bytes, those up to it, or all.
   * @default none: used only when the backend offers nothing better
   */
  readonly suits?: 'all' | 'large' | 'small';
  /** Number of small files to open at once, for protocols that send many in one request. @default 24 */
  readonly batchWindow?: number;
  /** Absent where every request would store something. */
  readonly firstRequest?: FirstRequest;
}

/**
 * ```ts
 * const toy: ProtocolDefinition = { name: 'toy', create: ({ backend }) => new ToyProtocol(backend) };
 * new UploadEngine({ endpoint: '/uploads', protocol: toy });
 * ```
 *
 * A protocol that is created from the page's options. With `load` instead of `create` its code is loaded on first use.
 */
export type ProtocolDefinition = ProtocolFacts &
  ({ readonly create: CreateProtocol } | { readonly load: (context: ProtocolContext) => Promise<CreateProtocol> });

export const makeProtocol = (definition: ProtocolDefinition, context: ProtocolContext): Protocol =>
  'create' in definition
    ? definition.create(context)
    : lazyProtocol(async () => (await definition.load(context))(context), definition);
