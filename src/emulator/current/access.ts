/**
 * Authenticates callers and checks what they may access. Documented: bearer tokens (auth reference), scopes
 * `entity_type:entity_id:mode` and 403 with 10767 beyond them (guides), 401 with 10011 without login and with 10545 for
 * users who are not members (guides, client), the guest login of a share and its `expires_in` (client). Assumed: the
 * name `auth_token` in its answer, that a guest may only upload to the share, and that another user's session is 404.
 */

import { randomBytes } from 'node:crypto';
import { CODES, CurrentError, notFound } from './current-error.js';
import { type CurrentOptions, DEFAULT_GUEST_TTL_MS, type Share } from './current-options.js';

export interface Caller {
  readonly userId: string;
  /** Ids of the workspaces and shares that the caller may write to; null for all. */
  readonly targets: ReadonlySet<string> | null;
  readonly isGuest: boolean;
}

interface Guest extends Caller {
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
}

export interface AccessParts {
  readonly apiKey: string;
  /** Workspaces that exist; undefined when every id does. */
  readonly workspaces: readonly string[] | undefined;
  readonly options: Pick<CurrentOptions, 'keys' | 'shares' | 'guestTtlMs'>;
  readonly now: () => number;
}

const writableTargets = (scopes: readonly string[] | undefined): ReadonlySet<string> | null => {
  if (scopes === undefined) return null;
  const parts = scopes.map((scope) => scope.split(':'));
  return new Set(parts.flatMap(([, id, mode]) => (id !== undefined && mode?.startsWith('rw') ? [id] : [])));
};

const scopeTooNarrow = (): CurrentError =>
  new CurrentError(403, CODES.scopeTooNarrow, 'the scope of the credential does not allow this');

export class Access {
  readonly #workspaces: ReadonlySet<string> | null;
  readonly #shares: ReadonlyMap<string, Share>;
  readonly #callers: ReadonlyMap<string, Caller>;
  readonly #guests = new Map<string, Guest>();
  readonly #guestTtlMs: number;
  readonly #now: () => number;

  constructor({ apiKey, workspaces, options, now }: AccessParts) {
    this.#workspaces = workspaces === undefined ? null : new Set(workspaces);
    this.#shares = new Map((options.shares ?? []).map((share) => [share.id, share]));
    this.#guestTtlMs = options.guestTtlMs ?? DEFAULT_GUEST_TTL_MS;
    this.#now = now;
    this.#callers = new Map([
      [apiKey, { userId: 'owner', targets: null, isGuest: false }],
      ...(options.keys ?? []).map(({ key, userId, scopes }): [string, Caller] => [
        key,
        { userId, targets: writableTargets(scopes), isGuest: false },
      ]),
    ]);
  }

  /** @throws CurrentError 401 */
  identify(authorization: string | null): Caller {
    const [, token = ''] = /^Bearer +(\S+)$/i.exec(authorization ?? '') ?? [];
    const guest = this.#guests.get(token);
    const caller =
      guest !== undefined && this.#now() >= guest.expiresAt ? undefined : (guest ?? this.#callers.get(token));
    if (caller !== undefined) return caller;
    throw new CurrentError(401, CODES.loginRequired, 'login required', { headers: { 'WWW-Authenticate': 'Bearer' } });
  }

  isShare(instanceId: string): boolean {
    return this.#shares.has(instanceId);
  }

  /**
   * @throws CurrentError 401 for a target that the user is not a member of, 403 for one outside the credential's scope.
   */
  checkTarget(caller: Caller, instanceId: string): void {
    if (caller.targets !== null && !caller.targets.has(instanceId)) throw scopeTooNarrow();
    if (this.#workspaces === null || this.#workspaces.has(instanceId) || this.isShare(instanceId)) return;
    throw new CurrentError(401, CODES.noMember, 'no access to this workspace or share');
  }

  /** @throws CurrentError 403 */
  refuseGuest(caller: Caller): void {
    if (caller.isGuest) throw scopeTooNarrow();
  }

  /** Creates a token that may only upload to the share. @throws CurrentError 403, 404 */
  loginGuest(shareId: string): { token: string; expiresInSeconds: number } {
    const share = this.#shares.get(shareId);
    if (share === undefined) throw notFound('share');
    if (share.type === 'send') throw scopeTooNarrow();
    const token = `guest_${randomBytes(16).toString('hex')}`;
    this.#guests.set(token, {
      userId: token,
      targets: new Set([shareId]),
      isGuest: true,
      expiresAt: this.#now() + this.#guestTtlMs,
    });
    return { token, expiresInSeconds: Math.floor(this.#guestTtlMs / 1000) };
  }

  clear(): void {
    this.#guests.clear();
  }
}
