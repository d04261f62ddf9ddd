/** Checks the URL of a storage's grant, and keeps only the headers that a PUT needs. */

import type { Grant } from '../../../wire/presigned.js';
import { HttpError } from '../../http/http-error.js';
import { parseUrl } from '../../options/check.js';

/** Headers that describe the stored file; credentials are in the URL. */
const NEEDED =
  /^(content-(type|md5|disposition|encoding|language)|cache-control|if-none-match|x-(amz|goog|ms)-[\w-]+)$/i;
/** Headers of these families that contain a credential. */
const CREDENTIAL = /(token|authorization|credential|encryption.*-key|copy-source)/i;

/**
 * A grant with the URL of this machine, its network or a cloud's metadata service would make browsers send files there,
 * so the URL must be `https:` with a public host. An upstream on the loopback interface, as in development, may grant
 * URLs on that interface.
 * @throws HttpError 502
 */
export const checkGrant = (grant: Grant, upstream: string): Grant => {
  const url = parseUrl(grant.uploadUrl);
  const from = parseUrl(upstream);
  if (url === null || from === null || url.username !== '' || url.password !== '') throw refused();
  const isLocal = isLoopback(from.hostname) && isLoopback(url.hostname);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && (isLocal || from.host === url.host))) throw refused();
  if (!isLocal && from.host !== url.host && isPrivate(url.hostname)) throw refused();
  const headers = Object.entries(grant.headers).filter(([name]) => NEEDED.test(name) && !CREDENTIAL.test(name));
  return { ...grant, headers: Object.fromEntries(headers) };
};

const refused = (): HttpError =>
  new HttpError(502, 'upstream', 'the storage service granted a URL that is not allowed');

const isLoopback = (host: string): boolean => /^(localhost|(.+\.)localhost|127(\.\d+){3}|\[::1\])$/.test(host);

/** The URL parser has normalised other spellings, such as `0x7f000001`, `2130706433` and `[::ffff:7f00:1]`. */
const isPrivate = (host: string): boolean =>
  isLoopback(host) ||
  /^(0|10|127)(\.\d+){3}$/.test(host) ||
  /^(169\.254|192\.168)(\.\d+){2}$/.test(host) ||
  /^172\.(1[6-9]|2\d|3[01])(\.\d+){2}$/.test(host) ||
  /^100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])(\.\d+){2}$/.test(host) ||
  // Unspecified, loopback, mapped IPv4, unique local, link local.
  /^\[(::|::1|::ffff:.*|f[cd].*|fe[89ab].*)\]$/.test(host) ||
  /\.(internal|local|localdomain)\.?$/.test(host);
