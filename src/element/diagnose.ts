/** The set-up doctor: cheap checks for what keeps uploads from working, each with the sentence that helps a developer. */

import { parseByteSize } from '../lib/byte-size.js';
import { PROTOCOLS } from './engine-options.js';
import type { UploadAttributes } from './upload-attributes.js';

export type FindingCode =
  | 'endpoint-missing'
  | 'endpoint-invalid'
  | 'endpoint-unreachable'
  | 'endpoint-status'
  | 'mixed-content'
  | 'insecure-page'
  | 'service-worker'
  | 'attribute-invalid';

export interface Finding {
  readonly code: FindingCode;
  /** For developers, in English: what is wrong and what to change. */
  readonly message: string;
}

/** Longest wait for the endpoint, in milliseconds. */
const TIMEOUT_MS = 10_000;

const finding = (code: FindingCode, message: string): Finding => ({ code, message });

const pageFindings = (): Finding[] => {
  const findings: Finding[] = [];
  if (!globalThis.isSecureContext) {
    findings.push(
      finding(
        'insecure-page',
        'The page is not a secure context: serve it by https, else checksums and locks are off.',
      ),
    );
  }
  if (navigator.serviceWorker?.controller) {
    findings.push(
      finding(
        'service-worker',
        'A service worker controls this page and may hide upload progress: let it not call respondWith() for uploads.',
      ),
    );
  }
  return findings;
};

const SIZES = ['maxFileSize', 'minFileSize', 'maxTotalSize'] as const;

const attributeFindings = (element: UploadAttributes): Finding[] => {
  const invalid = (name: string, value: unknown, wanted: string) =>
    finding('attribute-invalid', `${name}="${value}" is ignored: use ${wanted}.`);
  const sizes = SIZES.filter((name) => element[name] !== null && parseByteSize(String(element[name])) === null);
  const findings = sizes.map((name) =>
    invalid(name, element[name], 'bytes, or a number with kB, MB, GB, KiB, MiB, GiB'),
  );
  if (!PROTOCOLS.some((name) => name === element.protocol)) {
    findings.push(invalid('protocol', element.protocol, `one of ${PROTOCOLS.join(', ')}`));
  }
  return findings;
};

const resolveHeaders = async ({ headers }: UploadAttributes): Promise<Readonly<Record<string, string>>> =>
  typeof headers === 'function' ? headers() : headers;

const statusFinding = (status: number, path: string): Finding | null => {
  if (status === 401 || status === 403) {
    return finding('endpoint-status', `${path} answers ${status}: send the session's cookie or headers with requests.`);
  }
  return status >= 500
    ? finding('endpoint-status', `${path} answers ${status}: look into the log of the backend.`)
    : null;
};

/** One request as the engine would begin with; a backend may answer it with 404 or 405. */
const reachFinding = async (element: UploadAttributes, url: URL): Promise<Finding | null> => {
  try {
    const response = await fetch(url, {
      credentials: element.credentials,
      headers: await resolveHeaders(element),
      cache: 'no-store',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    return statusFinding(response.status, url.pathname);
  } catch {
    const cause =
      url.origin === location.origin
        ? 'start the backend, or correct the endpoint'
        : `start the backend, or let it allow the origin ${location.origin} by CORS; also check connect-src of the page's CSP`;
    return finding('endpoint-unreachable', `No answer from ${url.origin}${url.pathname}: ${cause}.`);
  }
};

const endpointFinding = async (element: UploadAttributes): Promise<Finding | null> => {
  if (element.endpoint === '') {
    return finding('endpoint-missing', 'Set the endpoint attribute to the URL of your upload backend.');
  }
  const url = URL.canParse(element.endpoint, document.baseURI) ? new URL(element.endpoint, document.baseURI) : null;
  if (!url) return finding('endpoint-invalid', `endpoint="${element.endpoint}" is no URL.`);
  if (location.protocol === 'https:' && url.protocol === 'http:') {
    return finding('mixed-content', `An https page may not send to ${url.origin}: serve the backend by https.`);
  }
  return reachFinding(element, url);
};

/** Never rejects; empty when nothing is wrong. */
export const diagnose = async (element: UploadAttributes): Promise<readonly Finding[]> => {
  const endpoint = await endpointFinding(element);
  return [...(endpoint ? [endpoint] : []), ...attributeFindings(element), ...pageFindings()];
};
