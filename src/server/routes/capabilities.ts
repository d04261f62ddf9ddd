/** `GET {base}`: the gateway's dialects, URLs and limits for this user. */

import type { Capabilities } from '../../wire/capabilities.js';
import type { Gateway } from '../gateway.js';
import { jsonAnswer } from '../http/json-answer.js';
import { GATEWAY_PROTOCOLS, type GatewayProtocol } from '../options/gateway-protocol.js';
import type { Call, Route } from '../route.js';
import type { Storage } from '../storage/storage.js';

export const capabilities: Route = {
  method: 'GET',
  path: '',
  handle: async (call, gateway) => {
    const user = await gateway.signer.sign('user', call.caller.userId);
    return jsonAnswer(describe(call, user, await offered(call, gateway), gateway));
  },
};

/** The dialects whose interface the storage implements. */
export const served = ({ presigned, chunked, multipart, fastio, whole }: Storage): readonly GatewayProtocol[] => {
  const interfaces: Readonly<Record<GatewayProtocol, unknown>> = { presigned, chunked, multipart, fastio, form: whole };
  return GATEWAY_PROTOCOLS.filter((name) => interfaces[name] !== undefined);
};

/** The dialects of the `protocols` option, or else those that the storage serves at the moment. */
const offered = async (
  { detached }: Call,
  { options, storage, remember }: Gateway,
): Promise<readonly GatewayProtocol[]> => {
  if (options.protocols !== undefined) return options.protocols;
  return (await remember('offered', async () => storage.offered?.(detached))) ?? served(storage);
};

const describe = (
  { caller: { limits } }: Call,
  user: string,
  protocols: readonly GatewayProtocol[],
  { options }: Gateway,
): Capabilities => {
  const { basePath, mintBatch, maxPartSize, files } = options;
  const urls: Readonly<Record<GatewayProtocol, Readonly<Record<string, string>>>> = {
    presigned: { presigned: `${basePath}/presigned`, confirm: `${basePath}/confirm` },
    chunked: { chunked: `${basePath}/chunked` },
    multipart: { multipart: `${basePath}/multipart` },
    fastio: { fastio: `${basePath}/current` },
    form: { form: `${basePath}/form` },
  };
  return {
    version: 1,
    protocols,
    urls: Object.assign({}, ...protocols.map((name) => urls[name]), files && { files: `${basePath}/files` }),
    chunkedAbove: options.chunkedAbove,
    ...(protocols.includes('presigned') && { mintBatch }),
    ...(maxPartSize !== undefined && { maxPartSize }),
    user,
    limits,
  };
};
