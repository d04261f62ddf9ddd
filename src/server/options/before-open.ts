/** The `beforeOpen` hook: what it is given, and what it may answer. */

import type { Caller } from './authorize.js';
import type { GatewayProtocol } from './gateway-protocol.js';

/** A file that is about to be opened: admitted by the limits, its names made clean. */
export interface FileToOpen {
  readonly name: string;
  /** Bytes; absent for files of a form and of a batch, whose size shows at their end. */
  readonly size?: number;
  /** As the browser declared it. */
  readonly type: string;
  /** Folder path and name, where the file came with one. */
  readonly relativePath?: string;
  readonly metadata?: Readonly<Record<string, unknown>>;
  readonly protocol: GatewayProtocol;
}

/** What differs from what the browser asked for. */
export interface OpenChanges {
  readonly name?: string;
  /** Instead of the caller's. */
  readonly folderId?: string;
  /** The object's whole key, where the storage has keys. Let nothing that the browser sent be part of it unescaped. */
  readonly key?: string;
  /** Instead of the browser's; `{}` for none. */
  readonly metadata?: Readonly<Record<string, unknown>>;
}

/** `reject` is shown to the person; `status` is a 4xx, by default 422. */
export interface OpenRefusal {
  readonly reject: string;
  readonly status?: number;
}

type Answer = OpenChanges | OpenRefusal | null | undefined;

export type BeforeOpen = (
  file: FileToOpen,
  caller: Pick<Caller, 'userId' | 'workspaceId' | 'folderId' | 'limits'>,
) => Answer | Promise<Answer>;
