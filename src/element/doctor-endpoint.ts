/** Asks the endpoint what an upload would ask first, and explains answers that uploads cannot work with. */

import type { Finding, FindingCode } from './doctor.js';
import type { UploadAttributes } from './upload-attributes.js';

/** Longest wait for an answer, in milliseconds. */
const TIMEOUT_MS = 10_000;
/** Clocks further apart make grants look expired, or alive when they are not; in milliseconds. */
const MOST_SKEW_MS = 5 * 60_000;

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
    // No answer, or none that the page may read: `explainSilence` finds out.
    return null;
  }
};

const isJson = (response: Response): boolean => /\bjson\b/.test(response.headers.get('content-type') ?? '');

/** A request that needs no permission tells a server that is silent from one that does not permit. */
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

/** Other origins hide the date unless they expose it. */
const skewFinding = (response: Response): Finding | null => {
  const skew = Date.parse(response.headers.get('date') ?? '') - Date.now();
  if (!(Math.abs(skew) > MOST_SKEW_MS)) return null;
  const minutes = Math.round(Math.abs(skew) / 60_000);
  return finding(
    'clock-skew',
    `The clocks of this device and of the server are ${minutes} minutes apart: set both by NTP, else grants seem expired.`,
  );
};

/** Nothing can be opened with an empty request: every backend refuses it, each in its own words. */
const openingFinding = async (probe: Probe, path: string): Promise<Finding | null> => {
  const url = new URL(probe.url);
  url.pathname = url.pathname.replace(/\/?$/, path);
  const answer = await ask(
    { ...probe, url },
    { method: 'POST', body: '{}', headers: { 'Content-Type': 'application/json' } },
  );
  if (!answer) {
    return finding(
      'cors-method',
      `${url.origin} does not permit POST with JSON: let the preflight answer Access-Control-Allow-Methods: GET, POST, PUT, DELETE and Access-Control-Allow-Headers: Content-Type.`,
    );
  }
  return answer.status === 404 || answer.status === 405
    ? finding(
        'endpoint-wrong',
        `POST ${url.pathname} answers ${answer.status}: set the endpoint to the URL of your upload backend.`,
      )
    : statusFinding(answer.status, url.pathname);
};

const reach = async (element: UploadAttributes, url: URL): Promise<(Finding | null)[]> => {
  const headers = typeof element.headers === 'function' ? await element.headers() : element.headers;
  const probe: Probe = { url, credentials: element.credentials, headers };
  const answer = await ask(probe);
  if (!answer) return [await explainSilence(probe)];
  const skew = skewFinding(answer);
  if (answer.ok && !isJson(answer) && element.protocol === 'auto') {
    const message = `${url.pathname} answers with a page instead of JSON: set the endpoint to the URL of your upload backend, not of a page.`;
    return [finding('endpoint-wrong', message), skew];
  }
  const status = statusFinding(answer.status, url.pathname);
  if (status || answer.ok) return [status, skew];
  return [await openingFinding(probe, element.protocol === 'chunked' ? '/init' : ''), skew];
};

export const endpointFindings = async (element: UploadAttributes): Promise<Finding[]> => {
  const { endpoint } = element;
  if (endpoint === '') {
    return [finding('endpoint-missing', 'Set the endpoint attribute to the URL of your upload backend.')];
  }
  if (!URL.canParse(endpoint, document.baseURI)) {
    return [finding('endpoint-invalid', `endpoint="${endpoint}" is no URL.`)];
  }
  const url = new URL(endpoint, document.baseURI);
  if (location.protocol === 'https:' && url.protocol === 'http:') {
    return [finding('mixed-content', `An https page may not send to ${url.origin}: serve the backend by https.`)];
  }
  try {
    return (await reach(element, url)).filter((found) => found !== null);
  } catch {
    return [finding('attribute-invalid', 'The headers function of the element throws: let it answer with an object.')];
  }
};
