/**
 * Opens, lists, completes and deletes sessions. Documented: every path; single-request mode up to 4,194,304 bytes,
 * which needs no complete; `wait` in seconds up to 590, answered as soon as the status changes; 10522, after which the
 * session has failed; a DELETE without id that deletes every session of the user (references, guides, the vendor's
 * client). Assumed: 402 when opening; 406 for a second complete; that `new_file_id` is in the answer only where storing
 * takes no time; `sessions` as the name of the list.
 */

import { CODES, CurrentError, wrongState } from '../current-error.js';
import { type Form, type ReceivedFile, withForm } from '../form.js';
import { MAX_SINGLE_BYTES, MIN_CHUNK_BYTES } from '../plans.js';
import type { Call, CurrentRoute, Params, Reply, Services } from '../services.js';
import { readSessionRequest } from '../sessions/session-request.js';
import type { SessionRequest, UploadSession } from '../sessions/upload-session.js';

const MAX_WAIT_SECONDS = 590;

/** @throws CurrentError 402 */
export const checkPlan = ({ plan }: Services): void => {
  if (plan === 'none') throw new CurrentError(402, CODES.noPlan, 'uploads need a paid plan with credits');
};

/** The session's id, and its node's id once there is one. */
export const describeOpened = ({ id, nodeId }: UploadSession): object => ({
  id,
  ...(nodeId !== null && { new_file_id: nodeId }),
});

class SessionRoutes {
  readonly #services: Services;

  constructor(services: Services) {
    this.#services = services;
  }

  open(call: Call): Promise<Reply> {
    checkPlan(this.#services);
    const { disk } = this.#services;
    return withForm(call.exchange, disk, (form) => this.#openFrom(form, call), {
      isFile: (name) => name === 'chunk',
      maxFileBytes: MAX_SINGLE_BYTES,
    });
  }

  async details(call: Call, { id = '' }: Params): Promise<Reply> {
    const session = await this.#find(call, id);
    const seconds = Number(call.exchange.query.get('wait') ?? 0);
    const ms = Number.isFinite(seconds) ? Math.min(seconds, MAX_WAIT_SECONDS) * 1000 : 0;
    await session.nextStatus(ms, call.exchange.signal);
    session.ended.signal.throwIfAborted();
    return { payload: { session: session.describe() } };
  }

  async list({ caller }: Call): Promise<Reply> {
    return { payload: { sessions: this.#services.sessions.of(caller.userId).map((session) => session.describe()) } };
  }

  async complete(call: Call, { id = '' }: Params): Promise<Reply> {
    const { assembler, options } = this.#services;
    const session = await this.#find(call, id);
    return withForm(call.exchange, this.#services.disk, async () => {
      if (session.request.isStream) throw wrongState('a stream session completes itself');
      if (!session.isOpen) throw wrongState('the session is not in a valid state');
      this.#checkChunks(session);
      if (options.crcCheckedAt !== 'chunk') assembler.checkCrc32c(session);
      assembler.assembleChunks(session, call.exchange.effects.roomBytes);
      if (assembler.isInstant) await session.processing;
      return { payload: describeOpened(session) };
    });
  }

  async remove(call: Call, { id = '' }: Params): Promise<Reply> {
    await this.#services.sessions.remove(await this.#find(call, id));
    return { payload: {} };
  }

  async removeAll({ caller }: Call): Promise<Reply> {
    const { sessions } = this.#services;
    const all = sessions.of(caller.userId);
    await Promise.all(all.map((session) => sessions.remove(session)));
    return { payload: { count: all.length } };
  }

  async #find({ caller, exchange }: Call, id: string): Promise<UploadSession> {
    const session = await this.#services.sessions.find(id, caller.userId);
    exchange.entry.name = session.request.name;
    return session;
  }

  async #openFrom(form: Form, call: Call): Promise<Reply> {
    const { sessions, assembler } = this.#services;
    const request = readSessionRequest(form, this.#services, call);
    call.exchange.entry.name = request.name;
    this.#checkWhole(form.file('chunk'), request);
    const session = await sessions.open(request, call.caller.userId);
    const file = form.takeFile('chunk');
    if (file !== null) {
      await assembler.assembleWhole(session, file);
      if (assembler.isInstant) await session.processing;
    }
    return { payload: describeOpened(session) };
  }

  #checkWhole(file: ReceivedFile | null, { isStream, size }: SessionRequest): void {
    if (file === null) return;
    if (isStream) throw wrongState('a stream session takes no chunk');
    if (file.size !== size)
      throw new CurrentError(406, CODES.sizeMismatch, 'the chunk does not have the declared size');
  }

  /** @throws CurrentError 406. A wrong total size fails the session. */
  #checkChunks(session: UploadSession): void {
    const { chunks, receivedBytes, request } = session;
    const small = chunks.slice(0, -1).find(([, { size }]) => size < MIN_CHUNK_BYTES);
    if (small !== undefined) throw wrongState(`chunk ${small[0]} is too small to be followed by others`);
    if (receivedBytes === request.size) return;
    const text = `the chunks have ${receivedBytes} of ${request.size} bytes`;
    session.enter('assembly_failed', text);
    throw new CurrentError(406, CODES.sizeMismatch, text);
  }
}

export const createSessionRoutes = (services: Services): CurrentRoute[] => {
  const routes = new SessionRoutes(services);
  return [
    { method: 'POST', path: 'upload/', handle: (call) => routes.open(call) },
    { method: 'DELETE', path: 'upload/', handle: (call) => routes.removeAll(call) },
    { method: 'GET', path: 'upload/details/', handle: (call) => routes.list(call) },
    { method: 'GET', path: 'upload/:id/details/', handle: (call, params) => routes.details(call, params) },
    { method: 'POST', path: 'upload/:id/complete/', handle: (call, params) => routes.complete(call, params) },
    { method: 'DELETE', path: 'upload/:id/', handle: (call, params) => routes.remove(call, params) },
  ];
};
