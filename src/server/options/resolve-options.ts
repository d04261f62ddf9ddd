/** Checks the gateway's options and adds their defaults. */

import { DEFAULT_CHUNKED_ABOVE } from '../../wire/capabilities.js';
import { checkLimits } from '../limits/limits.js';
import { fastio } from '../storage/fastio/fastio.js';
import { check, isWithin, parseUrl } from './check.js';
import { GATEWAY_PROTOCOLS } from './gateway-protocol.js';
import type { GatewayOptions, UploadHandlerOptions } from './options.js';

const DEFAULT_OPEN_SESSIONS = 100;
const DEFAULT_REQUESTS_IN_FLIGHT = 32;

/** @throws TypeError that names the option. */
export const resolveOptions = (options: UploadHandlerOptions): GatewayOptions => {
  check(typeof options === 'object' && options !== null, 'createUploadHandler needs an options object');
  const { apiKey, workspaceId, folderId, upstream, perUser, ...rest } = options;
  const resolved: GatewayOptions = {
    ...rest,
    storage: options.storage ?? fastio({ apiKey, workspaceId, folderId, upstream } as Parameters<typeof fastio>[0]),
    basePath: readBasePath(options.basePath ?? '/api/uploads'),
    limits: options.limits ?? {},
    protocols: options.protocols,
    chunkedAbove: options.chunkedAbove ?? DEFAULT_CHUNKED_ABOVE,
    mintBatch: options.mintBatch ?? 100,
    grantTtlSeconds: options.grantTtlSeconds ?? 900,
    allowedOrigins: options.allowedOrigins ?? [],
    files: options.files ?? false,
    perUser: {
      openSessions: perUser?.openSessions ?? DEFAULT_OPEN_SESSIONS,
      requestsInFlight: perUser?.requestsInFlight ?? DEFAULT_REQUESTS_IN_FLIGHT,
    },
    upstreamTimeoutMs: options.upstreamTimeoutMs ?? 30_000,
    fetch: options.fetch ?? ((url, init) => fetch(url, init)),
  };
  check(typeof resolved.storage === 'function', 'storage must be the return value of fastio({…}) or s3({…})');
  checkSecret(resolved);
  checkHooks(resolved);
  checkOrigins(resolved);
  checkAnnounced(resolved);
  return resolved;
};

const isFunction = (value: unknown): boolean => typeof value === 'function';

const checkSecret = ({ ticketSecret }: GatewayOptions): void => {
  const secret: unknown = typeof ticketSecret === 'string' ? new TextEncoder().encode(ticketSecret) : ticketSecret;
  check(secret instanceof Uint8Array && secret.byteLength >= 32, 'ticketSecret is required: at least 32 bytes');
};

const HOOKS = ['onStored', 'beforeOpen', 'inspectBytes', 'onError', 'onRequest', 'rateLimit'] as const;

const checkHooks = (options: GatewayOptions): void => {
  check(isFunction(options.authorize), 'authorize is required: a function that returns the user of a request');
  for (const name of HOOKS) {
    check(options[name] === undefined || isFunction(options[name]), `${name} must be a function`);
  }
  check(isFunction(options.fetch), 'fetch must be a function');
  const { storedFiles } = options;
  check(storedFiles === undefined || isFunction(storedFiles?.has), 'storedFiles must be a store with has()');
};

const checkOrigins = ({ allowedOrigins }: GatewayOptions): void => {
  check(Array.isArray(allowedOrigins), 'allowedOrigins must be an array');
  for (const origin of allowedOrigins) {
    check(
      parseUrl(origin)?.origin === origin,
      'allowedOrigins must contain origins such as https://app.example, without a path or *',
    );
  }
};

const checkAnnounced = (options: GatewayOptions): void => {
  const { protocols, maxPartSize, perUser } = options;
  check(
    protocols === undefined ||
      (Array.isArray(protocols) && protocols.length > 0 && protocols.every((name) => GATEWAY_PROTOCOLS.includes(name))),
    `protocols must be a list of ${GATEWAY_PROTOCOLS.join(', ')}`,
  );
  check(isWithin(options.chunkedAbove, 0), 'chunkedAbove must be a number of bytes');
  check(isWithin(options.mintBatch, 1, 1000), 'mintBatch must be a whole number from 1 to 1000');
  check(isWithin(options.grantTtlSeconds, 1, 86_400), 'grantTtlSeconds must be a whole number from 1 to 86400');
  check(isWithin(options.upstreamTimeoutMs, 1, 2 ** 31 - 1), 'upstreamTimeoutMs must be a whole number from 1');
  check(maxPartSize === undefined || isWithin(maxPartSize, 1), 'maxPartSize must be a number of bytes from 1');
  check(isWithin(perUser.openSessions, 1), 'perUser.openSessions must be a whole number from 1');
  check(isWithin(perUser.requestsInFlight, 1), 'perUser.requestsInFlight must be a whole number from 1');
  check(typeof options.files === 'boolean', 'files must be true or false');
  check(typeof options.limits === 'object', 'limits must be an object');
  checkLimits(options.limits, 'limits');
};

/** Without a trailing slash; empty at the root. */
const readBasePath = (text: string): string => {
  check(/^\/[^?#]*$/.test(text), 'basePath must be a path that begins with a slash');
  return text.replace(/\/+$/, '');
};
