/** Reads answers of the `/current/` API. */

import type { JsonObject } from '../../../lib/json.js';
import { parseEnvelope } from '../../../wire/fastio-envelope.js';
import { currentFailure } from './current-failure.js';
import type { UpstreamAnswer } from './upstream-client.js';
import type { Subject } from './upstream-failure.js';

export type Fields = Readonly<Record<string, string>>;

/** The payload of a successful answer. @throws HttpError for any other answer. */
export const success = (answer: UpstreamAnswer, subject: Subject): JsonObject => {
  const envelope = parseEnvelope(answer.text);
  return answer.ok && envelope?.ok ? envelope.payload : fail(currentFailure(answer, subject));
};

export const withQuery = (target: string, query: Fields): string => `${target}?${new URLSearchParams(query)}`;

export const fail = (error: Error): never => {
  throw error;
};
