/** What the routes share: the options, the upstream, signatures, and a short memory of grants and of stored files. */

import { BoundedMap } from './bounded-map.js';
import type { UploadLimits } from './limits.js';
import type { GatewayOptions, StoredFile } from './options.js';
import { Signer } from './signer.js';
import { TICKET_TTL_MS } from './ticket.js';
import type { Upstream } from './upstream.js';

/** At some hundred bytes each, a few megabytes at most. */
const MAX_REMEMBERED = 10_000;

/** The caller of one request: what the hook said, over the defaults of the options. */
export interface Caller {
  readonly userId: string;
  readonly workspaceId: string;
  readonly folderId: string;
  readonly limits: UploadLimits;
}

/** A grant that this instance gave out. The upstream's own record, where there is one, says the same for all instances. */
export interface MintedFile extends StoredFile {
  readonly confirmed: boolean;
}

export class Gateway {
  readonly options: GatewayOptions;
  readonly upstream: Upstream;
  readonly signer: Signer;
  readonly minted = new BoundedMap<MintedFile>(MAX_REMEMBERED, TICKET_TTL_MS);
  readonly #announced = new BoundedMap<Promise<void>>(MAX_REMEMBERED, TICKET_TTL_MS);

  constructor(options: GatewayOptions, upstream: Upstream) {
    this.options = options;
    this.upstream = upstream;
    this.signer = new Signer(options.ticketSecret);
  }

  /** Calls the `onStored` hook, once for each file; again after it has thrown. */
  async announce(file: StoredFile): Promise<void> {
    const announced = this.#announced.get(file.fileId) ?? this.#callHook(file);
    this.#announced.set(file.fileId, announced);
    try {
      await announced;
    } catch (error) {
      this.#announced.delete(file.fileId);
      throw error;
    }
  }

  async #callHook(file: StoredFile): Promise<void> {
    await this.options.onStored?.(Object.freeze(file));
  }
}
