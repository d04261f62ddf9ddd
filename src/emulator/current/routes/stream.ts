/**
 * Receives a file of unknown size in one raw body. Documented: the path, the optional hash in the query (both or
 * neither), that it needs no complete and can be sent once, 406 on a chunked session, that a body beyond `max_size`
 * fails the file, 201 (the vendor's client and its tests). Assumed: 413 for such a body, and the answer's fields.
 */

import { CODES, CurrentError, tooLarge, wrongState } from '../current-error.js';
import { atMost, RECEIVED_DIGESTS, type ReceivedFile } from '../form.js';
import type { Call, CurrentRoute, Params, Reply, Services } from '../services.js';
import { checkHash } from '../sessions/session-request.js';
import type { UploadSession, WholeHash } from '../sessions/upload-session.js';
import { describeOpened } from './sessions.js';

const receive = async ({ exchange }: Call, session: UploadSession, { disk }: Services): Promise<ReceivedFile> => {
  const { request } = session;
  const refusal = () => tooLarge('the stream is longer than the session allows');
  const file = await disk.write(atMost(exchange.body(), request.maxSize, refusal), {
    algorithms: RECEIVED_DIGESTS,
    signal: exchange.signal,
    roomBytes: exchange.effects.roomBytes,
  });
  if (request.size === null || request.size === file.size) return { ...file, contentType: null };
  await disk.discard(file);
  throw new CurrentError(406, CODES.sizeMismatch, 'the stream does not have the declared size');
};

const stream = async (call: Call, { id = '' }: Params, services: Services): Promise<Reply> => {
  const { sessions, assembler, algorithms } = services;
  const { query } = call.exchange;
  const session = await sessions.find(id, call.caller.userId);
  if (!session.request.isStream) throw wrongState('a chunked session takes no stream');
  if (session.status !== 'ready') throw wrongState('the session is not in a valid state');
  const hash: WholeHash | null = checkHash(query.get('hash'), query.get('hash_algo'), algorithms);
  session.enter('uploading');
  try {
    const file = await receive(call, session, services);
    await assembler.assembleWhole(session, file, hash ?? session.request.hash);
  } catch (error) {
    // A stream can be sent only once, so any failure fails the session.
    session.enter('assembly_failed', error instanceof Error ? error.message : 'failed');
    throw error;
  }
  if (assembler.isInstant) await session.processing;
  return { status: 201, payload: describeOpened(session) };
};

export const createStreamRoutes = (services: Services): CurrentRoute[] => [
  { method: 'POST', path: 'upload/:id/stream/', handle: (call, params) => stream(call, params, services) },
];
