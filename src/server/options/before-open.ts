/** Types of the `beforeOpen` hook. */

import type { Caller } from './authorize.js';
import type { GatewayProtocol } from './gateway-protocol.js';

/** A file that is about to be opened. It is within the limits, and its names are clean. */
export interface FileToOpen {
  readonly name: string;
  /** Bytes; absent for files of a form and of a batch, whose size is known only at their end. */
  readonly size?: number;
  /** MIME type that the browser declared. */
  readonly type: string;
  /** Folder path and name, if the browser sent one. */
  readonly relativePath?: string;
  readonly metadata?: Readonly<Record<string, unknown>>;
  readonly protocol: GatewayProtocol;
}

/** Changes to the file that the browser asked to open. */
export interface OpenChanges {
  readonly name?: string;
  /** Replaces the caller's folder. */
  readonly folderId?: string;
  /** The object's full key, for storages with keys. Escape every part of it that comes from the browser. */
  readonly key?: string;
  /** Replaces the browser's metadata; `{}` for none. */
  readonly metadata?: Readonly<Record<string, unknown>>;
}

/** `reject` is shown to the user; `status` is a 4xx. @default 422 */
export interface OpenRefusal {
  readonly reject: string;
  readonly status?: number;
}

type Answer = OpenChanges | OpenRefusal | null | undefined;

export type BeforeOpen = (
  file: FileToOpen,
  caller: Pick<Caller, 'userId' | 'workspaceId' | 'folderId' | 'limits'>,
) => Answer | Promise<Answer>;
