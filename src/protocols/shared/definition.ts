/** What the rest of the package has to know of a protocol before its code is there, and what that code is given. */

import type { Clock } from '../../ports/clock.js';
import type { Hasher } from '../../ports/hasher.js';
import type { Protocol, ProtocolName } from '../../ports/protocol.js';
import type { SlotSource } from '../../ports/slots.js';
import type { Backend } from './backend.js';
import { lazyProtocol } from './lazy-protocol.js';

/** What the page has set and the platform offers, as a protocol that is being made sees it. */
export interface ProtocolContext {
  /** The endpoint, with the page's headers and credentials. */
  readonly backend: Backend;
  readonly clock: Clock;
  readonly hasher: Hasher;
  /** The page wants parts compared with what the server stored. */
  readonly checksums: boolean;
  /** The budget of data requests to an origin. The engine draws on it unless a session's origin is null. */
  readonly slots: (origin: string) => SlotSource;
  /** Most data requests in flight to an origin, as the page wants it; infinite where it leaves that to the line. */
  readonly parallel: () => number;
  /** Fast.io target; empty where the backend decides. */
  readonly workspaceId: string;
  readonly folderId: string;
  /** Absolute URL that is told about each finished `presigned` upload; null for none. */
  readonly confirmUrl: string | null;
  /** Most grants that the backend gives in one request. */
  readonly mintBatch: number;
  /** Name of the field that carries the file in a form. */
  readonly fileField: string;
}

export type CreateProtocol = (context: ProtocolContext) => Protocol;

/** The first request of an upload, so that a diagnosis can ask the same. Paths are below the endpoint. */
export interface FirstRequest {
  /** A POST carries an empty JSON object, which every backend refuses, each in its own words. */
  readonly method: 'GET' | 'POST' | 'OPTIONS';
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
}

interface ProtocolFacts {
  /** The value of the `protocol` option, and the name in records. */
  readonly name: ProtocolName;
  /**
   * Files that `auto` sends by it where the backend offers it: above its `chunkedAbove` bytes, up to that, or all.
   * @default none, unless the backend offers nothing else
   */
  readonly suits?: 'all' | 'large' | 'small';
  /** How many small files it wants open at once, because it sends many in one request. @default 24 */
  readonly batchWindow?: number;
  /** Absent where nothing can be asked without storing something. */
  readonly firstRequest?: FirstRequest;
}

/**
 * ```ts
 * const toy: ProtocolDefinition = { name: 'toy', create: ({ backend }) => new ToyProtocol(backend) };
 * new UploadEngine({ endpoint: '/uploads', protocol: toy });
 * ```
 *
 * A protocol that is made from the page's options. With `load` instead of `create` its code comes when it is first used.
 */
export type ProtocolDefinition = ProtocolFacts &
  ({ readonly create: CreateProtocol } | { readonly load: () => Promise<CreateProtocol> });

export const makeProtocol = (definition: ProtocolDefinition, context: ProtocolContext): Protocol =>
  'create' in definition
    ? definition.create(context)
    : lazyProtocol(async () => (await definition.load())(context), definition);
