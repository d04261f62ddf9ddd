/** `GET {base}`: what this gateway offers to this user. */

import type { Capabilities } from '../../wire/capabilities.js';
import type { Caller, Gateway } from '../gateway.js';
import { jsonAnswer } from '../json-answer.js';
import type { GatewayProtocol } from '../options.js';
import type { Route } from '../route.js';

export const capabilities: Route = {
  method: 'GET',
  path: '',
  handle: async ({ caller }, gateway) => jsonAnswer(describe(caller, gateway)),
};

const describe = ({ limits }: Caller, { options }: Gateway): Capabilities => {
  const { basePath, protocols, chunkedAbove, mintBatch } = options;
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
