/** `fastio-upload check URL`. */

import { parseArgs } from 'node:util';
import { UsageError } from '../usage-error.js';
import { CHECKED_PROTOCOLS, type CheckedProtocol, checkBackend, DEFAULT_TIMEOUT_MS } from './check-backend.js';
import { printReport } from './print-report.js';

export const CHECK_USAGE = `fastio-upload check URL [options]
  Sends a backend the requests of the element, and reports faults that a page would meet. It stores
  one small file, and for each protocol with parts one of 6 MiB or a little above the announced limit;
  all are named fastio-upload-check.txt and stay.

  --header 'Name: value'   sent to the backend, as the element's headers; may be repeated
  --origin ORIGIN          origin of the page that uploads (default: that of the URL)
  --protocol NAME          presigned, multipart or chunked (default: what the backend announces)
  --confirm URL            the confirm-endpoint (default: what the backend announces)
  --timeout SECONDS        longest wait for an answer (default: 10)
  --json                   prints the findings as JSON

  Exit code: 0 no fault, 1 faults, 2 the check could not be made.
`;

const readUrl = (text: string | undefined, name: string): URL => {
  if (text !== undefined && URL.canParse(text) && /^https?:/.test(text)) return new URL(text);
  throw new UsageError(`${name} must be an http or https URL`);
};

const readHeaders = (lines: readonly string[]): Record<string, string> =>
  Object.fromEntries(
    lines.map((line) => {
      const [, name, value] = /^([\w-]+):\s*(.*)$/.exec(line) ?? [];
      if (name === undefined || value === undefined) throw new UsageError(`--header needs 'Name: value'`);
      return [name, value];
    }),
  );

const readProtocol = (name: string): CheckedProtocol => {
  const protocol = CHECKED_PROTOCOLS.find((known) => known === name);
  if (protocol === undefined) throw new UsageError(`--protocol must be one of ${CHECKED_PROTOCOLS.join(', ')}`);
  return protocol;
};

const readTimeout = (seconds: string | undefined): number => {
  const ms = seconds === undefined ? DEFAULT_TIMEOUT_MS : Math.round(Number(seconds) * 1000);
  if (ms > 0 && ms < 2 ** 31) return ms;
  throw new UsageError('--timeout must be a number of seconds');
};

/** @returns the exit code. @throws UsageError */
export const check = async (args: readonly string[], print: (text: string) => void): Promise<number> => {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      header: { type: 'string', multiple: true, default: [] },
      origin: { type: 'string' },
      protocol: { type: 'string' },
      confirm: { type: 'string' },
      timeout: { type: 'string' },
      json: { type: 'boolean', default: false },
    },
  });
  const { protocol, confirm, origin } = values;
  const report = await checkBackend(readUrl(positionals[0], 'URL'), {
    headers: readHeaders(values.header ?? []),
    timeoutMs: readTimeout(values.timeout),
    ...(origin !== undefined && { pageOrigin: readUrl(origin, '--origin').origin }),
    ...(protocol !== undefined && { protocol: readProtocol(protocol) }),
    ...(confirm !== undefined && { confirm: readUrl(confirm, '--confirm') }),
  });
  print(values.json ? `${JSON.stringify(report, null, 2)}\n` : printReport(report));
  if (report.protocols.length === 0 || report.findings.some(({ code }) => code === 'unreachable')) return 2;
  return report.findings.some(({ level }) => level === 'fault') ? 1 : 0;
};
