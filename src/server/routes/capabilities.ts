/** `GET {base}`: what this gateway offers to this user. */

import type { Capabilities } from '../../wire/capabilities.js';
import type { Caller, Gateway } from '../gateway.js';
import { HttpError } from '../http/http-error.js';
import { jsonAnswer } from '../http/json-answer.js';
import type { GatewayProtocol } from '../options.js';
import type { Route } from '../route.js';

export const capabilities: Route = {
  method: 'GET',
  path: '',
  handle: async ({ caller }, gateway) => jsonAnswer(describe(caller, await offered(gateway), gateway)),
};

/** An upstream that takes longer to say what it offers is taken to offer everything, in milliseconds. */
const PATIENCE_MS = 3000;

/** Asks what the browser will ask next anyway, so the answer costs no request of its own. */
const offered = async ({ options, upstream, remember }: Gateway): Promise<readonly GatewayProtocol[]> => {
  const { protocols, asksUpstream } = options;
  if (!asksUpstream) return protocols;
  try {
    await remember('algos', () => inTime((signal) => upstream.fastio.algorithms({ signal })));
  } catch (error) {
    // Only this says that there is no such API; any other failure is for the upload to meet and to retry.
    if (error instanceof HttpError && error.status === 501) return protocols.filter((name) => name !== 'fastio');
  }
  return protocols;
};

/** Not `AbortSignal.timeout`: a browser that asks for the same meanwhile is told of the failure, so it has to be one of ours. */
const inTime = async <Answer>(ask: (signal: AbortSignal) => Promise<Answer>): Promise<Answer> => {
  const late = new AbortController();
  const reason = new HttpError(504, 'upstream-timeout', 'the storage service did not answer in time');
  const timer = setTimeout(() => late.abort(reason), PATIENCE_MS);
  return ask(late.signal).finally(() => clearTimeout(timer));
};

const describe = ({ limits }: Caller, protocols: readonly GatewayProtocol[], { options }: Gateway): Capabilities => {
  const { basePath, chunkedAbove, mintBatch } = options;
  const urls: Readonly<Record<GatewayProtocol, Readonly<Record<string, string>>>> = {
    presigned: { presigned: `${basePath}/presigned`, confirm: `${basePath}/confirm` },
    chunked: { chunked: `${basePath}/chunked` },
    fastio: { fastio: `${basePath}/current` },
  };
  return {
    version: 1,
    protocols,
    urls: Object.assign({}, ...protocols.map((name) => urls[name])),
    chunkedAbove,
    ...(protocols.includes('presigned') && { mintBatch }),
    limits,
  };
};
