/** Which parts that the server lists need not be sent again. */

import type { Part, Receipt, Session } from '../ports/protocol.js';
import { assertReadable } from './identity.js';
import { withFile } from './living-file.js';
import { matchesPlan, partOf } from './part-plan.js';
import type { Run } from './run.js';

/**
 * The server knows what it stored, not whether that is what was sent. Receipts that we had were checked as they came; a
 * part whose answer was lost is compared with the file now, one after the other, if the session can.
 */
export const trustedReceipts = async (
  run: Run,
  session: Session,
  listed: readonly Receipt[],
): Promise<readonly Receipt[]> => {
  const { file, plan, receipts } = run.upload;
  if (file === null || plan === null) return listed;
  const trusted: Receipt[] = [];
  for (const receipt of listed) {
    const isKnown = receipts.get(receipt.number)?.etag === receipt.etag || !matchesPlan(plan, receipt);
    if (isKnown || (await isHeld(run, session, receipt, partOf(plan, receipt.number)))) trusted.push(receipt);
  }
  return trusted;
};

const isHeld = (run: Run, session: Session, receipt: Receipt, { start, end }: Part): Promise<boolean> =>
  withFile(run, async (file) => {
    const { signal } = run;
    try {
      return (await session.holds?.(receipt, file.slice(start, end), { signal })) ?? true;
    } catch (error) {
      signal.throwIfAborted();
      await assertReadable(file, end - 1);
      throw error;
    }
  });
