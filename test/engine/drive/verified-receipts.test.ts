import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Protocol, Receipt } from '../../../src/ports/protocol.js';
import { nameOfProtocol } from '../../../src/preset.js';
import { benchWith, file, recordOf } from '../records/restored.js';

/** A server that lists its parts without ETags, and knows by the bytes whether it has one. */
const bareProtocol = (isHeld: boolean) => {
  const asked: number[] = [];
  const sent: number[] = [];
  const listed: Receipt[] = [1, 2].map((number) => ({ number, size: 10 }));
  const protocol: Protocol = {
    name: `bare-${isHeld}`,
    open: () => Promise.reject(new Error('it was opened by an earlier page')),
    reopen: async (_facts, name, record) => ({
      protocol: name,
      limits: { partSize: 10 },
      origin: null,
      record,
      inspect: async () => listed,
      verifyPart: async ({ number }) => {
        asked.push(number);
        return isHeld;
      },
      sendPart: async ({ number, start, end }) => {
        sent.push(number);
        return { number, size: end - start };
      },
      complete: async () => ({ fileId: 'f1', response: null }),
      cancel: async () => {},
    }),
  };
  return { protocol: nameOfProtocol(protocol), asked, sent };
};

describe('A part whose receipt was lost, at a server without ETags', () => {
  for (const [isHeld, title, resent] of [
    [true, 'is compared with the file, and not sent again when it is the same', [3]],
    [false, 'is sent again when it is not what the file has', [2, 3]],
  ] as const) {
    it(title, async () => {
      const { protocol, asked, sent } = bareProtocol(isHeld);
      const record = await recordOf(file, { protocol, session: { id: 's1' }, receipts: [{ number: 1, size: 10 }] });
      const bench = await benchWith([record], { protocol });
      await bench.engine.restore();
      await bench.engine.reattach(record.id, file);
      await bench.clock.advanceUntil(() => bench.state(record.id) === 'done', 60_000);

      assert.deepEqual([asked, sent], [[2], resent]);
    });
  }
});
