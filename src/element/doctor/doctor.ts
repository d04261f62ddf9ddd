/**
 * Checks the set-up: finds what keeps uploads from working, and says how to fix each problem. Loaded by `diagnose()`.
 * It sends the endpoint the first requests of an upload, but stores nothing and sends nothing to the storage; problems
 * there are derived from uploads that failed.
 */

import { hasServiceWorker } from '../../lib/page/service-worker.js';
import type { ProtocolDefinition } from '../../preset.js';
import type { UploadAttributes } from '../engine/upload-attributes.js';
import { attributeFindings } from './attribute-checks.js';
import { endpointFindings } from './endpoint-checks.js';
import { type MetErrors, uploadFindings } from './upload-checks.js';

export type FindingCode =
  | 'endpoint-missing'
  | 'endpoint-invalid'
  | 'endpoint-unreachable'
  | 'endpoint-status'
  | 'endpoint-wrong'
  | 'cors-origin'
  | 'cors-headers'
  | 'cors-method'
  | 'cors-storage'
  | 'etag-hidden'
  | 'clock-skew'
  | 'mixed-content'
  | 'csp'
  | 'insecure-page'
  | 'service-worker'
  | 'attribute-invalid'
  | 'attribute-unknown'
  | 'answer-wrong'
  | 'upload-status'
  | 'part-too-large'
  | 'file-missing';

export interface Finding {
  readonly code: FindingCode;
  /** For developers, in English: the problem and the fix. */
  readonly message: string;
}

export type CheckedElement = UploadAttributes & MetErrors;

const pageFindings = (): Finding[] => {
  const findings: Finding[] = [];
  if (!globalThis.isSecureContext) {
    const message = 'The page is not a secure context: serve it by https, else checksums and locks are off.';
    findings.push({ code: 'insecure-page', message });
  }
  if (hasServiceWorker()) {
    const message =
      'A service worker controls this page and hides upload progress where it answers: let its fetch listener return without respondWith() for the URLs of endpoint and storage.';
    findings.push({ code: 'service-worker', message });
  }
  return findings;
};

/** Time for the browser to report a blocked request, which it does in a later task than the failure of the request. */
const TOLD_MS = 50;

/**
 * URLs that the content security policy has blocked since the page was loaded, as far as the browser still has them.
 */
const refusedSoFar = (): Promise<readonly string[]> =>
  new Promise((resolve) => {
    const urls: string[] = [];
    const told = (reports: readonly Report[]): void => {
      for (const { body } of reports) {
        const { effectiveDirective, blockedURL } = (body ?? {}) as {
          effectiveDirective?: string;
          blockedURL?: string;
        };
        if (effectiveDirective === 'connect-src' && blockedURL) urls.push(blockedURL);
      }
    };
    const observer =
      typeof ReportingObserver === 'undefined'
        ? null
        : new ReportingObserver(told, { types: ['csp-violation'], buffered: true });
    observer?.observe();
    setTimeout(() => {
      told(observer?.takeRecords() ?? []);
      observer?.disconnect();
      resolve(urls);
    }, TOLD_MS);
  });

const originOf = (url: string): string =>
  URL.canParse(url, document.baseURI) ? new URL(url, document.baseURI).origin : url;

/** The backend's origins, and those that errors of uploads name: blocking any other may be intended. */
const isNeeded = ({ endpoint, confirmEndpoint, uploads }: CheckedElement, origin: string): boolean =>
  [endpoint, confirmEndpoint].some((url) => originOf(url) === origin) ||
  uploads.some(({ error }) => error?.message.includes(origin));

const cspFindings = (origins: readonly string[]): Finding[] =>
  [...new Set(origins)].map((origin) => ({
    code: 'csp',
    message: `The page's content security policy refuses requests to ${origin}: add it to connect-src.`,
  }));

/**
 * Never rejects; empty when nothing is wrong. `protocols` is passed in, because importing the registry here would split
 * the file of the script tag into several.
 */
export const diagnose = async (
  element: CheckedElement,
  protocols: readonly ProtocolDefinition[],
): Promise<readonly Finding[]> => {
  const refusedNow: string[] = [];
  const listening = new AbortController();
  const onRefused = ({ effectiveDirective, blockedURI }: SecurityPolicyViolationEvent) => {
    if (effectiveDirective === 'connect-src') refusedNow.push(blockedURI);
  };
  document.addEventListener('securitypolicyviolation', onRefused, { signal: listening.signal });
  const found = await endpointFindings(element, protocols);
  const soFar = await refusedSoFar();
  listening.abort();
  const needed = (urls: readonly string[]) => urls.map(originOf).filter((origin) => isNeeded(element, origin));
  const [refused, csp] = [needed(refusedNow), cspFindings(needed([...soFar, ...refusedNow]))];
  // A blocked request also looks like a server that does not answer.
  const endpoint = refused.length > 0 ? found.filter(({ code }) => code !== 'endpoint-unreachable') : found;
  const attributes = attributeFindings(
    element,
    protocols.map(({ name }) => name),
  );
  return [...endpoint, ...csp, ...uploadFindings(element), ...attributes, ...pageFindings()];
};
