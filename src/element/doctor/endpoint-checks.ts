/** Sends the endpoint the first requests of an upload, and explains answers that uploads cannot work with. */

import { abortable } from '../../lib/abortable.js';
import type { FirstRequest, ProtocolDefinition } from '../../preset.js';
import type { UploadAttributes } from '../engine/upload-attributes.js';
import { CREDENTIALS } from './attribute-checks.js';
import type { Finding, FindingCode } from './doctor.js';

/** Longest wait for an answer, in milliseconds. */
const TIMEOUT_MS = 10_000;
/** With a larger difference between the clocks, in milliseconds, grants look expired, or valid when they are not. */
const MAX_SKEW_MS = 5 * 60_000;

const EMPTY_REQUEST: RequestInit = { method: 'POST', body: '{}', headers: { 'Content-Type': 'application/json' } };

const finding = (code: FindingCode, message: string): Finding => ({ code, message });

interface Probe {
  readonly url: URL;
  readonly credentials: RequestCredentials;
  readonly headers: Readonly<Record<string, string>>;
}

const ask = async ({ url, credentials, headers }: Probe, init: RequestInit = {}): Promise<Response | null> => {
  try {
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    return await fetch(url, {
      credentials,
      cache: 'no-store',
      ...init,
      headers: { ...headers, ...init.headers },
      signal,
    });
  } catch {
    // There was no answer, or none that the page may read; `explainSilence` finds out which.
    return null;
  }
};

const pageFinding = ({ pathname }: URL): Finding =>
  finding(
    'endpoint-wrong',
    `${pathname} answers with a page instead of JSON: set the endpoint to the URL of your upload backend, not of a page.`,
  );

const isJson = (response: Response): boolean => /\bjson\b/.test(response.headers.get('content-type') ?? '');

/** A request without CORS tells a server that does not answer from one that does not allow this origin. */
const explainSilence = async (probe: Probe): Promise<Finding> => {
  const { url, headers } = probe;
  const place = `${url.origin}${url.pathname}`;
  if (url.origin === location.origin) {
    return finding('endpoint-unreachable', `No answer from ${place}: start the backend, or correct the endpoint.`);
  }
  const isThere = await ask({ ...probe, credentials: 'omit', headers: {} }, { mode: 'no-cors' });
  if (!isThere) {
    return finding('endpoint-unreachable', `No answer from ${place}: start the backend, or correct the endpoint.`);
  }
  const names = Object.keys(headers).join(', ');
  if (names !== '' && (await ask({ ...probe, headers: {} }))) {
    return finding(
      'cors-headers',
      `${url.origin} refuses your headers: let the preflight answer Access-Control-Allow-Headers: ${names}, Content-Type.`,
    );
  }
  const allow = probe.credentials === 'include' ? ' and Access-Control-Allow-Credentials: true' : '';
  return finding(
    'cors-origin',
    `${url.origin} answers but does not let this page read it: send Access-Control-Allow-Origin: ${location.origin}${allow}.`,
  );
};

const statusFinding = (status: number, path: string): Finding | null => {
  if (status === 401 || status === 403) {
    return finding('endpoint-status', `${path} answers ${status}: send the session's cookie or headers with requests.`);
  }
  return status >= 500
    ? finding('endpoint-status', `${path} answers ${status}: look into the log of the backend.`)
    : null;
};

/** Servers of other origins hide the date unless they expose it. */
const skewFinding = (response: Response): Finding | null => {
  const skew = Date.parse(response.headers.get('date') ?? '') - Date.now();
  if (!(Math.abs(skew) > MAX_SKEW_MS)) return null;
  const minutes = Math.round(Math.abs(skew) / 60_000);
  return finding(
    'clock-skew',
    `The clocks of this device and of the server are ${minutes} minutes apart: set both by NTP, else grants seem expired.`,
  );
};

const initOf = ({ method, headers = {} }: FirstRequest): RequestInit =>
  method === 'POST' ? EMPTY_REQUEST : { method, headers };

const openingFinding = async (probe: Probe, first: FirstRequest | undefined): Promise<Finding | null> => {
  if (first === undefined) return null;
  const init = initOf(first);
  const url = new URL(probe.url);
  if (first.path !== '') url.pathname = url.pathname.replace(/\/?$/, `/${first.path}`);
  const answer = await ask({ ...probe, url }, init);
  if (!answer) {
    return finding(
      'cors-method',
      `${url.origin} does not permit POST with JSON: let the preflight answer Access-Control-Allow-Methods: GET, POST, PUT, DELETE and Access-Control-Allow-Headers: Content-Type.`,
    );
  }
  const { status } = answer;
  if (status === 404 || status === 405) {
    const message = `${first.method} ${url.pathname} answers ${status}: set the endpoint to the URL of your upload backend.`;
    return finding('endpoint-wrong', message);
  }
  return answer.ok && !isJson(answer) ? pageFinding(url) : statusFinding(status, url.pathname);
};

/** Whether the endpoint is a gateway: `auto` needs one, and a single protocol cannot use one. */
const offerFinding = async (
  answer: Response,
  url: URL,
  protocol: string,
  named: readonly string[],
): Promise<Finding | null> => {
  const isAuto = protocol === 'auto';
  if (!isJson(answer)) return isAuto ? pageFinding(url) : null;
  const offer: unknown = await answer.json().catch(() => null);
  const { protocols, urls } = (offer ?? {}) as { protocols?: unknown; urls?: Readonly<Record<string, string>> };
  const isGateway = Array.isArray(protocols) && protocols.some((name) => named.includes(name));
  if (isAuto && !isGateway) {
    const message = `${url.pathname} offers none of ${named.join(', ')}: set the endpoint to the URL of a gateway, or protocol to what your backend speaks.`;
    return finding('endpoint-wrong', message);
  }
  if (isAuto || !isGateway) return null;
  const place = urls?.[protocol] ?? `the URL of its ${protocol}, which it does not offer`;
  return finding('endpoint-wrong', `${url.pathname} is a gateway: set protocol to auto, or the endpoint to ${place}.`);
};

/** Rejects when the page's function throws or does not answer. */
const headersOf = async ({ headers }: UploadAttributes): Promise<Probe['headers']> => {
  const answered = async () => (typeof headers === 'function' ? headers() : headers);
  const values = await abortable(answered(), AbortSignal.timeout(TIMEOUT_MS));
  const pairs = Symbol.iterator in values ? [...values] : Object.entries(values);
  return Object.fromEntries(pairs.filter((pair): pair is [string, string] => pair[1] !== undefined));
};

type Definitions = readonly ProtocolDefinition[];

const reach = async (element: UploadAttributes, url: URL, protocols: Definitions): Promise<(Finding | null)[]> => {
  // Read as for an upload; `attribute-checks.ts` reports invalid values.
  const credentials = CREDENTIALS.find((word) => word === element.credentials) ?? 'same-origin';
  const named = protocols.map(({ name }) => name);
  const protocol = named.find((name) => name === element.protocol) ?? 'auto';
  const probe: Probe = { url, credentials, headers: await headersOf(element) };
  const answer = await ask(probe);
  if (!answer) return [await explainSilence(probe)];
  const skew = skewFinding(answer);
  const wrong = answer.ok
    ? await offerFinding(answer, url, protocol, named)
    : statusFinding(answer.status, url.pathname);
  if (wrong || (answer.ok && protocol === 'auto')) return [wrong, skew];
  // A backend that is not a gateway is assumed to speak `presigned`.
  const spoken = protocol === 'auto' ? 'presigned' : protocol;
  const first = protocols.find(({ name }) => name === spoken)?.firstRequest;
  return [await openingFinding(probe, first), skew];
};

export const endpointFindings = async (element: UploadAttributes, protocols: Definitions): Promise<Finding[]> => {
  const { endpoint } = element;
  if (endpoint === '') {
    return [finding('endpoint-missing', 'Set the endpoint attribute to the URL of your upload backend.')];
  }
  if (!URL.canParse(endpoint, document.baseURI)) {
    return [finding('endpoint-invalid', `endpoint="${endpoint}" is not a valid URL.`)];
  }
  const url = new URL(endpoint, document.baseURI);
  if (location.protocol === 'https:' && url.protocol === 'http:') {
    return [finding('mixed-content', `An https page may not send to ${url.origin}: serve the backend by https.`)];
  }
  try {
    return (await reach(element, url, protocols)).filter((found) => found !== null);
  } catch {
    const message = 'The headers function of the element throws or does not answer: let it answer with an object.';
    return [finding('attribute-invalid', message)];
  }
};
