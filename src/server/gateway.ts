/** The state that the routes share: options, storage, signer, limits per user, and a short cache of answers. */

import { type Admission, admitFile, type WantedFile } from './limits/admit-file.js';
import { BoundedMap } from './limits/bounded-map.js';
import { InFlightLimit } from './limits/in-flight-limit.js';
import { OpenSessions } from './limits/open-sessions.js';
import type { Caller } from './options/authorize.js';
import type { GatewayProtocol } from './options/gateway-protocol.js';
import type { GatewayOptions } from './options/options.js';
import type { AdmittedFile, Storage } from './storage/storage.js';
import { StoredHook } from './stored-hook.js';
import { Signer } from './tickets/signer.js';
import { TICKET_TTL_MS } from './tickets/ticket.js';

const MAX_REMEMBERED = 10_000;
/** How long answers of the storage that hardly change are cached. */
const REMEMBERED_MS = 60_000;

export class Gateway {
  readonly options: GatewayOptions;
  readonly storage: Storage;
  readonly signer: Signer;
  readonly storedHook: StoredHook;
  /** Tokens of locks that this instance acquired, by user and file; they may have expired in the storage. */
  readonly lockTokens = new BoundedMap<string>(MAX_REMEMBERED, TICKET_TTL_MS);
  /** When sessions were first seen assembled without a file id, in milliseconds since 1970. */
  readonly unnamedSince = new BoundedMap<number>(MAX_REMEMBERED, TICKET_TTL_MS);
  readonly sessionRequests = new InFlightLimit();
  readonly userRequests = new InFlightLimit();
  readonly openSessions: OpenSessions;
  readonly #remembered = new BoundedMap<Promise<unknown>>(MAX_REMEMBERED, REMEMBERED_MS);

  constructor(options: GatewayOptions, storage: Storage) {
    this.options = options;
    this.storage = storage;
    this.signer = new Signer(options.ticketSecret);
    this.storedHook = new StoredHook(options.onStored);
    this.openSessions = new OpenSessions(options.perUser.openSessions);
  }

  /** @throws HttpError 400, 413, 415, or the status of the `beforeOpen` hook's refusal. */
  admit(wanted: WantedFile, caller: Caller, protocol: GatewayProtocol): Promise<AdmittedFile> {
    const admission: Admission = { caller, protocol, beforeOpen: this.options.beforeOpen };
    return admitFile(wanted, admission);
  }

  /**
   * Caches the answer of `ask` for a minute; failures are not cached. A property, so that routes can destructure it.
   */
  readonly remember = <Answer>(key: string, ask: () => Promise<Answer>): Promise<Answer> => {
    const known = this.#remembered.get(key) as Promise<Answer> | undefined;
    if (known !== undefined) return known;
    const asked = ask();
    this.#remembered.set(key, asked);
    asked.catch(() => this.#remembered.delete(key));
    return asked;
  };
}
