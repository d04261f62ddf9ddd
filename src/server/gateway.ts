/** What the routes share: the options, the upstream, signatures, and a short memory of grants and of stored files. */

import { BoundedMap } from './limits/bounded-map.js';
import { InFlightLimit } from './limits/in-flight-limit.js';
import type { UploadLimits } from './limits/limits.js';
import type { GatewayOptions, StoredFile } from './options.js';
import type { Upstream } from './storage/upstream.js';
import { Signer } from './tickets/signer.js';
import { TICKET_TTL_MS } from './tickets/ticket.js';

/** At some hundred bytes each, a few megabytes; with the longest names and paths that users can think of, fifty. */
const MAX_REMEMBERED = 10_000;
/** Of the upstream's answers that hardly change. */
const REMEMBERED_MS = 60_000;
const LONGEST_HOOK_MS = 60_000;

/** The caller of one request: what the hook said, over the defaults of the options. */
export interface Caller {
  readonly userId: string;
  readonly workspaceId: string;
  readonly folderId: string;
  readonly limits: UploadLimits;
  readonly mayReplace: (fileId: string) => boolean | Promise<boolean>;
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
  /** Of locks that this instance acquired, by user and file. Whether one still holds, the upstream knows. */
  readonly lockTokens = new BoundedMap<string>(MAX_REMEMBERED, TICKET_TTL_MS);
  readonly sessionPlaces = new InFlightLimit();
  readonly userPlaces = new InFlightLimit();
  readonly #remembered = new BoundedMap<Promise<unknown>>(MAX_REMEMBERED, REMEMBERED_MS);
  readonly #announced = new BoundedMap<true>(MAX_REMEMBERED, TICKET_TTL_MS);
  /** Hooks at work. On Workers the code of one may just stop, when its client leaves. */
  readonly #announcing = new BoundedMap<Promise<void>>(MAX_REMEMBERED, LONGEST_HOOK_MS);

  constructor(options: GatewayOptions, upstream: Upstream) {
    this.options = options;
    this.upstream = upstream;
    this.signer = new Signer(options.ticketSecret);
  }

  /** Calls the `onStored` hook, once for each `key`; again after it has thrown, or has come to nothing for a minute. */
  async announce(file: StoredFile, key: string = file.fileId): Promise<void> {
    if (this.#announced.get(key)) return;
    await (this.#announcing.get(key) ?? this.#tell(file, key));
  }

  /** What `ask` answered, for a minute; failures are not kept. A member of its own so that routes can take it along. */
  readonly remember = <Answer>(key: string, ask: () => Promise<Answer>): Promise<Answer> => {
    const known = this.#remembered.get(key) as Promise<Answer> | undefined;
    if (known !== undefined) return known;
    const asked = ask();
    this.#remembered.set(key, asked);
    asked.catch(() => this.#remembered.delete(key));
    return asked;
  };

  async #tell(file: StoredFile, key: string): Promise<void> {
    const hook = this.#callHook(file);
    this.#announcing.set(key, hook);
    try {
      await hook;
      this.#announced.set(key, true);
    } finally {
      this.#announcing.delete(key);
    }
  }

  async #callHook(file: StoredFile): Promise<void> {
    await this.options.onStored?.(Object.freeze(file));
  }
}
