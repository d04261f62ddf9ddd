/** Checks a backend like a page with the element would use it, with one small file and one in parts. */

import { type Capabilities, DEFAULT_CHUNKED_ABOVE, parseCapabilities } from '../../wire/capabilities.js';
import { chunkedDialect } from './chunked.js';
import type { Finding } from './finding.js';
import { fixOf, Inspection, type InspectionOptions, reasonIn } from './inspection.js';
import { multipartDialect } from './multipart.js';
import { checkPresigned } from './presigned.js';
import { checkSessions } from './sessions.js';

export const CHECKED_PROTOCOLS = ['presigned', 'multipart', 'chunked'] as const;
export type CheckedProtocol = (typeof CHECKED_PROTOCOLS)[number];

export interface CheckOptions extends Partial<InspectionOptions> {
  /** @default the protocols in the endpoint's capabilities, or `presigned` without capabilities */
  readonly protocol?: CheckedProtocol;
  /** Like the attribute `confirm-endpoint`. @default from the endpoint's capabilities */
  readonly confirm?: URL;
}

export interface CheckReport {
  readonly pageOrigin: string;
  /** Empty when the backend could not be reached. */
  readonly protocols: readonly CheckedProtocol[];
  readonly findings: readonly Finding[];
  readonly notes: readonly string[];
  readonly requests: number;
}

export const DEFAULT_TIMEOUT_MS = 10_000;

export const checkBackend = async (endpoint: URL, options: CheckOptions = {}): Promise<CheckReport> => {
  const { protocol, confirm = null, pageOrigin = endpoint.origin } = options;
  const { headers = {}, timeoutMs = DEFAULT_TIMEOUT_MS } = options;
  const inspection = new Inspection({ pageOrigin, headers, timeoutMs });
  const targets = protocol ? { protocols: [protocol], offered: null } : await readOffer(inspection, endpoint);
  for (const name of targets.protocols) {
    const at = resolve(endpoint, targets.offered?.urls[name]) ?? endpoint;
    const above = targets.offered?.chunkedAbove ?? DEFAULT_CHUNKED_ABOVE;
    if (name === 'presigned') {
      const offered = resolve(endpoint, targets.offered?.urls.confirm);
      await checkPresigned(inspection, { endpoint: at, confirm: confirm ?? offered });
    } else {
      const dialect = name === 'chunked' ? chunkedDialect(inspection, at) : multipartDialect(inspection, at, above);
      await checkSessions(inspection, dialect);
    }
  }
  warnIfUnprotected(inspection, targets.protocols);
  const { findings, notes, requests } = inspection;
  return { pageOrigin, protocols: targets.protocols, findings, notes: [...notes], requests };
};

interface Offer {
  readonly protocols: readonly CheckedProtocol[];
  readonly offered: Capabilities | null;
}

const NOTHING: Offer = { protocols: [], offered: null };

const readOffer = async (inspection: Inspection, url: URL): Promise<Offer> => {
  const step = 'auto: capabilities';
  const answer = await inspection.send({ step, method: 'GET', url });
  if (answer === null) return NOTHING;
  if (answer.status === 404 || answer.status === 405) return { protocols: ['presigned'], offered: null };
  if (!answer.ok) {
    const hint = answer.status === 401 || answer.status === 403 ? '; give the credentials by --header' : '';
    inspection.report(
      'wrong-status',
      step,
      `GET is answered ${answer.status}${reasonIn(answer)}${hint}`,
      fixOf(answer),
    );
    return NOTHING;
  }
  const offered = parseCapabilities(JSON.stringify(answer.json));
  if (offered === null) {
    inspection.report('wrong-fields', step, 'GET needs protocols and urls in its answer, or 404 for presigned alone');
    return NOTHING;
  }
  await inspection.checkAuth({ step, method: 'GET', url });
  return { protocols: CHECKED_PROTOCOLS.filter((name) => offered.protocols.includes(name)), offered };
};

const resolve = (endpoint: URL, url: string | undefined): URL | null =>
  url !== undefined && URL.canParse(url, endpoint.href) ? new URL(url, endpoint) : null;

const warnIfUnprotected = (inspection: Inspection, protocols: readonly string[]): void => {
  const isOpen = protocols.length > 0 && !inspection.findings.some(({ code }) => code === 'unreachable');
  if (!isOpen || Object.keys(inspection.options.headers).length > 0) return;
  const message = 'it opened uploads without credentials; with --header the check tests authentication too';
  inspection.report('no-auth', 'auto: credentials', message, { level: 'warning' });
};
