/** `POST {base}/presigned`: issues a grant for one file, or for each file of a batch. */

import { isObject } from '../../lib/json.js';
import { parseGrantRequest } from '../../wire/presigned.js';
import type { Gateway } from '../gateway.js';
import { badRequest, HttpError, notFound, toHttpError } from '../http/http-error.js';
import { jsonAnswer } from '../http/json-answer.js';
import { batchBodyBytes, readJson, SINGLE_BODY_BYTES, tooLong } from '../http/read-body.js';
import type { Call, Route } from '../route.js';
import { issueTicket } from '../tickets/open-upload.js';
import { TICKET_TTL_MS } from '../tickets/ticket.js';

/** Requests for grants to the upstream in flight for one batch. */
const PARALLEL_GRANTS = 8;

export const grant: Route = {
  method: 'POST',
  path: 'presigned',
  handle: async (call, gateway) => {
    const { mintBatch } = gateway.options;
    const { value, bytes } = await readJson(call.request, batchBodyBytes(mintBatch));
    if (isObject(value) && value.files !== undefined) return grantAll(value.files, call, gateway);
    if (bytes > SINGLE_BODY_BYTES) throw tooLong(SINGLE_BODY_BYTES);
    return jsonAnswer(await grantOne(value, call, gateway));
  },
};

/** A grant as JSON. Its `fileId` is a ticket, so that every instance can confirm the file. */
const grantOne = async (value: unknown, { caller, calls }: Call, gateway: Gateway) => {
  const wanted = parseGrantRequest(value);
  if (wanted === null) throw badRequest('filename and size are required');
  const { filename: name, contentType: type, size, relativePath, metadata } = wanted;
  const file = await gateway.admit({ name, type, size, relativePath, metadata }, caller, 'presigned');
  const { presigned } = gateway.storage;
  if (presigned === undefined) throw notFound('there is no such route');
  const { uploadUrl, fileId, method, headers, fields, expiresAt } = await presigned.grant(file, calls);
  const session = { sessionId: fileId, expiresAt: Date.now() + TICKET_TTL_MS };
  return {
    uploadUrl,
    fileId: await issueTicket(file, session, caller, gateway, 'presigned'),
    method,
    headers,
    ...(fields !== undefined && { fields }),
    ...(expiresAt !== undefined && { expiresAt: new Date(expiresAt).toISOString() }),
  };
};

/** Answers with a grant or an error for each file, in the order of the files. */
const grantAll = async (files: unknown, call: Call, gateway: Gateway): Promise<Response> => {
  const { mintBatch } = gateway.options;
  const { maxFiles } = call.caller.limits;
  if (!Array.isArray(files) || files.length === 0) throw badRequest('files must be a non-empty list');
  if (files.length > mintBatch) throw badRequest(`one request may have at most ${mintBatch} files`);
  if (maxFiles !== undefined && files.length > maxFiles) {
    throw new HttpError(413, 'too-large', `at most ${maxFiles} files may be uploaded`);
  }
  const results = await grantInParallel(files, call, gateway);
  const failures = results.filter((result) => result instanceof HttpError);
  const outage = failures.find(isOutage);
  // Without any grant the whole request fails, and `Retry-After` tells the browser when to retry.
  if (outage !== undefined && failures.length === results.length) throw outage;
  const grants = results.map((result) => (result instanceof HttpError ? result.toBody() : result));
  return jsonAnswer({ grants }, { headers: outage?.headers ?? {} });
};

const grantInParallel = async (files: readonly unknown[], call: Call, gateway: Gateway) => {
  const results: (Awaited<ReturnType<typeof grantOne>> | HttpError)[] = [];
  const waiting = files.entries();
  let slowDown: HttpError | undefined;
  const work = async (): Promise<void> => {
    for (const [index, file] of waiting) {
      // After a 429 the remaining files are not tried.
      const result = slowDown ?? (await grantOne(file, call, gateway).catch(toHttpError));
      if (result instanceof HttpError && result.code === 'rate-limited') slowDown = result;
      results[index] = result;
    }
  };
  await Promise.all(Array.from({ length: PARALLEL_GRANTS }, work));
  call.request.signal.throwIfAborted();
  return results;
};

/** Whether the failure is not specific to the file, so that other files would fail too. */
const isOutage = ({ status, code }: HttpError): boolean => code === 'upstream' || status === 429 || status >= 500;
