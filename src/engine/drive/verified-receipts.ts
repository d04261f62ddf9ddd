/** Selects the parts of the server's list that need not be sent again. */

import type { Part, Receipt, Session } from '../../ports/protocol.js';
import { assertReadable } from '../source/fingerprint.js';
import type { DriveContext } from './drive-context.js';
import { withFile } from './source-reader.js';

/**
 * The server's list shows what it stored, not whether that equals what was sent. Receipts held locally were checked
 * when they arrived; a part whose answer was lost is compared with the file now, one part at a time, where the session
 * supports `verifyPart`.
 */
export const verifiedReceipts = async (
  run: DriveContext,
  session: Session,
  listed: readonly Receipt[],
): Promise<readonly Receipt[]> => {
  const { file, parts, receipts } = run.upload;
  if (parts === null) return listed;
  const verified: Receipt[] = [];
  for (const receipt of listed) {
    const { number, etag, isPartial = false } = receipt;
    const part = parts.part(number);
    if (part === null) parts.doubt(number);
    const own = receipts.get(number);
    // Where there are no ETags both are undefined, so the part is known as soon as it has a local receipt.
    const isKnown = own !== undefined && own.etag === etag;
    if (part === null || !(isPartial || parts.matches(receipt)) || (!isKnown && parts.isDoubted(number))) continue;
    if (isKnown || isPartial || file === null || (await isVerified(run, session, receipt, part)))
      verified.push(receipt);
  }
  return verified;
};

const isVerified = (run: DriveContext, session: Session, receipt: Receipt, { start, end }: Part): Promise<boolean> =>
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
