/** `POST {base}/chunked/init`: opens a session upstream and hands out the ticket for it. */

import { parseInitRequest } from '../../wire/chunked.js';
import { IDEMPOTENCY_KEY_HEADER, readIdempotencyKey } from '../../wire/idempotency-key.js';
import { badRequest } from '../http/http-error.js';
import { jsonAnswer } from '../http/json-answer.js';
import { readJson, SINGLE_BODY_BYTES } from '../http/read-body.js';
import { admitFile } from '../limits/admit-file.js';
import type { Route } from '../route.js';
import { boundKey } from '../storage/bound-key.js';
import { sealTicket, TICKET_TTL_MS } from '../tickets/ticket.js';

export const chunkedInit: Route = {
  method: 'POST',
  path: 'chunked/init',
  handle: async ({ request, caller }, { upstream, signer }) => {
    const { value } = await readJson(request, SINGLE_BODY_BYTES);
    const wanted = parseInitRequest(value);
    if (wanted === null) throw badRequest('filename and total_size are needed');
    const { filename: name, total_size: size, mime_type: type, relative_path: relativePath, metadata } = wanted;
    const file = admitFile({ name, size, type, relativePath, metadata }, caller);
    const named = readIdempotencyKey(request.headers.get(IDEMPOTENCY_KEY_HEADER));
    const key = await boundKey(named, file, caller.userId, signer);
    const session = await upstream.chunked.open(file, { signal: request.signal, ...key });
    const expiresAt = Math.min(session.expiresAt ?? Number.POSITIVE_INFINITY, Date.now() + TICKET_TTL_MS);
    const { uploadId: sessionId, maxParallel } = session;
    const ticket = await sealTicket({ ...file, sessionId, maxParallel, expiresAt }, caller.userId, signer);
    return jsonAnswer({
      upload_id: ticket,
      part_size: session.partSize,
      min_part_size: session.minPartSize,
      max_part_size: session.maxPartSize,
      max_parts: session.maxParts,
      max_parallel: maxParallel,
      expires_at: new Date(expiresAt).toISOString(),
    });
  },
};
