/**
 * File locks. Documented: the paths, `duration` of 60 to 3600 seconds, `client_info` as JSON text, `lock_token`; that a
 * release needs it in the query, because its body is ignored and 205516 leaves the node locked; locks are exclusive,
 * for files only, advisory, held by a user, and expire (the vendor's client, the lock article). Assumed: 409 or 423 for
 * a held lock, also one of the same user; 300 seconds by default; 404 for a token when there is no lock.
 */

import { parseJson } from '../../../lib/json.js';
import { CODES, CurrentError, invalid, missing, notFound } from '../current-error.js';
import { withForm } from '../form.js';
import type { Call, CurrentRoute, Params, Reply, Services } from '../services.js';
import type { Lock, Locks } from '../sessions/locks.js';
import { contextPath, readContext } from '../storage-context.js';

const DEFAULT_SECONDS = 300;
const MIN_SECONDS = 60;
const MAX_SECONDS = 3600;

class LockRoutes {
  readonly #services: Services;
  readonly #locks: Locks;

  constructor(services: Services, locks: Locks) {
    this.#services = services;
    this.#locks = locks;
  }

  acquire(call: Call, params: Params): Promise<Reply> {
    const nodeId = this.#findNode(call, params);
    return withForm(call.exchange, this.#services.disk, async (form) => {
      const seconds = form.integer('duration') ?? DEFAULT_SECONDS;
      if (seconds < MIN_SECONDS || seconds > MAX_SECONDS) throw invalid('duration', 'This is not 60 to 3600 seconds.');
      const held = this.#locks.of(nodeId);
      if (held !== null) throw this.#conflict(held);
      const clientInfo = parseJson(form.get('client_info') ?? 'null');
      const { userId } = call.caller;
      return this.#grant(this.#locks.acquire(nodeId, { userId, clientInfo, durationMs: seconds * 1000 }));
    });
  }

  async status(call: Call, params: Params): Promise<Reply> {
    const lock = this.#locks.of(this.#findNode(call, params));
    return { payload: { locked: lock !== null, lock_info: lock === null ? null : this.#locks.describe(lock) } };
  }

  heartbeat(call: Call, params: Params): Promise<Reply> {
    const nodeId = this.#findNode(call, params);
    return withForm(call.exchange, this.#services.disk, async (form) => {
      const lock = this.#findLock(nodeId, form.get('lock_token'));
      return this.#grant(this.#locks.extend(nodeId, lock));
    });
  }

  async release(call: Call, params: Params): Promise<Reply> {
    const nodeId = this.#findNode(call, params);
    this.#findLock(nodeId, call.exchange.query.get('lock_token'));
    this.#locks.release(nodeId);
    return { payload: { released: true } };
  }

  #findNode(call: Call, params: Params): string {
    const { instanceId, nodeId } = readContext(call, params, this.#services);
    if (nodeId === 'root') throw invalid('node', 'Only files can be locked.');
    return this.#services.nodes.find(instanceId, nodeId).fileId;
  }

  #findLock(nodeId: string, token: string | null): Lock {
    if (token === null || token === '') throw missing('lock_token', CODES.lockTokenMissing);
    const lock = this.#locks.of(nodeId);
    if (lock === null) throw notFound('lock');
    if (lock.token !== token) throw this.#conflict(lock);
    return lock;
  }

  #grant(lock: Lock): Reply {
    return { payload: { lock_token: lock.token, lock_info: this.#locks.describe(lock) } };
  }

  #conflict(lock: Lock): CurrentError {
    const { lockConflictStatus = 409 } = this.#services.options;
    const resource = { lock_info: this.#locks.describe(lock) };
    return new CurrentError(lockConflictStatus, CODES.locked, 'the file is locked', { resource });
  }
}

export const createLockRoutes = (services: Services, locks: Locks): CurrentRoute[] => {
  const routes = new LockRoutes(services, locks);
  const path = contextPath('lock/');
  return [
    { method: 'POST', path, handle: (call, params) => routes.acquire(call, params) },
    { method: 'GET', path, handle: (call, params) => routes.status(call, params) },
    { method: 'DELETE', path, handle: (call, params) => routes.release(call, params) },
    { method: 'POST', path: `${path}heartbeat/`, handle: (call, params) => routes.heartbeat(call, params) },
  ];
};
