/** Which parts that the server lists need not be sent again. */

import type { Part, Receipt, Session } from '../../ports/protocol.js';
import { assertReadable } from '../source/fingerprint.js';
import { withFile } from '../source/source-reader.js';
import type { DriveContext } from './drive-context.js';

/**
 * The server knows what it stored, not whether that is what was sent. Receipts that we had were checked as they came; a
 * part whose answer was lost is compared with the file now, one after the other, if the session can.
 */
export const verifiedReceipts = async (
  run: DriveContext,
  session: Session,
  listed: readonly Receipt[],
): Promise<readonly Receipt[]> => {
  const { file, parts, receipts } = run.upload;
  if (parts === null) return listed;
  const trusted: Receipt[] = [];
  for (const receipt of listed) {
    const { number, etag, isPartial = false } = receipt;
    const part = parts.part(number);
    if (part === null) parts.doubt(number);
    const own = receipts.get(number);
    // Without ETags a part whose answer was lost differs from a known one only in having no receipt.
    const isKnown = own !== undefined && own.etag === etag;
    if (part === null || !(isPartial || parts.matches(receipt)) || (!isKnown && parts.isDoubted(number))) continue;
    if (isKnown || isPartial || file === null || (await isHeld(run, session, receipt, part))) trusted.push(receipt);
  }
  return trusted;
};

const isHeld = (run: DriveContext, session: Session, receipt: Receipt, { start, end }: Part): Promise<boolean> =>
  withFile(run, async (file) => {
    const { signal } = run;
    try {
      return (await session.verifyPart?.(receipt, file.slice(start, end), { signal })) ?? true;
    } catch (error) {
      signal.throwIfAborted();
      await assertReadable(file, end - 1);
      throw error;
    }
  });
