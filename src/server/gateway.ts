/** What the routes share: the options, the storage, signatures, bounds by user, and a short memory of answers. */

import { Announcer } from './announcer.js';
import { type Admission, admitFile, type WantedFile } from './limits/admit-file.js';
import { BoundedMap } from './limits/bounded-map.js';
import { InFlightLimit } from './limits/in-flight-limit.js';
import { OpenSessions } from './limits/open-sessions.js';
import type { Caller } from './options/authorize.js';
import type { GatewayProtocol } from './options/gateway-protocol.js';
import type { GatewayOptions } from './options/options.js';
import type { AdmittedFile, Storage } from './storage/storage.js';
import { Signer } from './tickets/signer.js';
import { TICKET_TTL_MS } from './tickets/ticket.js';

const MAX_REMEMBERED = 10_000;
/** Of the storage's answers that hardly change. */
const REMEMBERED_MS = 60_000;

export class Gateway {
  readonly options: GatewayOptions;
  readonly storage: Storage;
  readonly signer: Signer;
  readonly announcer: Announcer;
  /** Of locks that this instance acquired, by user and file. Whether one still holds, the storage knows. */
  readonly lockTokens = new BoundedMap<string>(MAX_REMEMBERED, TICKET_TTL_MS);
  /** Since when sessions are assembled and have no id, in milliseconds since 1970. */
  readonly unnamedSince = new BoundedMap<number>(MAX_REMEMBERED, TICKET_TTL_MS);
  readonly sessionPlaces = new InFlightLimit();
  readonly userPlaces = new InFlightLimit();
  readonly openSessions: OpenSessions;
  readonly #remembered = new BoundedMap<Promise<unknown>>(MAX_REMEMBERED, REMEMBERED_MS);

  constructor(options: GatewayOptions, storage: Storage) {
    this.options = options;
    this.storage = storage;
    this.signer = new Signer(options.ticketSecret);
    this.announcer = new Announcer(options.onStored);
    this.openSessions = new OpenSessions(options.perUser.openSessions);
  }

  /** @throws HttpError 400, 413, 415, or what the `beforeOpen` hook refuses with. */
  admit(wanted: WantedFile, caller: Caller, protocol: GatewayProtocol): Promise<AdmittedFile> {
    const admission: Admission = { caller, protocol, beforeOpen: this.options.beforeOpen };
    return admitFile(wanted, admission);
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
}
