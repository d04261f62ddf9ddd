/** Formats the report of `check`. */

import type { CheckReport } from './check-backend.js';
import type { Finding } from './finding.js';

const describe = ({ code, level, step, message, fix }: Finding): string =>
  `${level === 'fault' ? '✗' : '!'} ${code} (${step})\n    ${message}\n    Fix: ${fix.replaceAll('\n', '\n    ')}\n`;

const counted = (count: number, word: string): string => `${count} ${word}${count === 1 ? '' : 's'}`;

export const printReport = ({ pageOrigin, protocols, findings, notes, requests }: CheckReport): string => {
  const faults = findings.filter(({ level }) => level === 'fault').length;
  const warnings = findings.length - faults;
  const lines = [
    `Checked ${protocols.join(', ') || 'nothing'} with ${counted(requests, 'request')}, as a page of ${pageOrigin} would.`,
    ...notes,
    '',
    ...findings.map(describe),
    faults > 0
      ? `${counted(faults, 'fault')}, ${counted(warnings, 'warning')}.`
      : `No faults, ${counted(warnings, 'warning')}.`,
  ];
  return `${lines.join('\n')}\n`;
};
