/** Watches what an engine says and notes each promise it breaks (contract, section 4). */

import type { RecordedEvent } from '../../support/builders.js';

const TERMINAL = ['upload-complete', 'upload-failed', 'upload-canceled'];

interface Seen {
  confirmedBytes: number;
  ratio: number;
  /** The end that was told, until the upload is restarted. */
  end: string | null;
  isGone: boolean;
}

/** Complaints about one page's events, in order. */
export const brokenPromises = (events: readonly RecordedEvent[]): string[] => {
  const seen = new Map<string, Seen>();
  const complaints: string[] = [];
  for (const { name, detail } of events) {
    if (!('upload' in detail)) continue;
    const { upload } = detail;
    const before = seen.get(upload.id) ?? { confirmedBytes: 0, ratio: 0, end: null, isGone: false };
    const complain = (what: string) => complaints.push(`${upload.name}: ${what} (${name}, ${upload.state})`);
    if (before.isGone) complain('it was heard of after it had been removed');
    if (name === 'upload-state' && ['failed', 'canceled'].includes(detail.previous) && upload.state === 'queued')
      before.end = null;
    if (before.end !== null && name !== 'upload-removed') complain(`something came after ${before.end}`);
    const isAnnounced = name === 'upload-retry' && ['session-lost', 'part-mismatch'].includes(detail.error.code);
    if (!isAnnounced && before.end === null) {
      if (upload.confirmedBytes < before.confirmedBytes) {
        complain(`confirmed bytes fell from ${before.confirmedBytes} to ${upload.confirmedBytes}`);
      }
      if (upload.ratio < before.ratio) complain(`the ratio fell from ${before.ratio} to ${upload.ratio}`);
    }
    if (upload.sentBytes < upload.confirmedBytes) complain('fewer bytes were sent than confirmed');
    if (upload.sentBytes > upload.size) complain('more bytes were sent than there are');
    if ((upload.ratio === 1) !== (upload.state === 'done')) complain(`the ratio is ${upload.ratio}`);
    if (!Object.isFrozen(upload) || !Object.isFrozen(detail)) complain('the detail can be changed');
    seen.set(upload.id, {
      confirmedBytes: upload.confirmedBytes,
      ratio: upload.ratio,
      end: TERMINAL.includes(name) ? name : before.end,
      isGone: name === 'upload-removed',
    });
  }
  return complaints;
};
