import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { Signer } from '../../../src/server/tickets/signer.js';
import { openTicket, sealTicket, type Ticket } from '../../../src/server/tickets/ticket.js';

const signer = new Signer('a secret of more than thirty-two bytes');
const TICKET: Ticket = {
  sessionId: 'up_1',
  workspaceId: 'ws_1',
  folderId: 'root',
  name: 'a 😀.bin',
  size: 2 ** 40,
  type: 'a/b',
  relativePath: 'x/y/a 😀.bin',
  maxParallel: 4,
  expiresAt: Date.now() + 60_000,
};

describe('a ticket', () => {
  it('tells what was sealed, to its user', async () => {
    assert.deepEqual(await openTicket(await sealTicket(TICKET, 'ann', signer), 'ann', signer), TICKET);
  });

  it('keeps a path that does not end in the name, and does without one', async () => {
    const { relativePath: _, ...pathless } = TICKET;
    for (const ticket of [{ ...TICKET, relativePath: 'other/path' }, pathless]) {
      assert.deepEqual(await openTicket(await sealTicket(ticket, 'ann', signer), 'ann', signer), ticket);
    }
  });

  it('is refused to another user', async () => {
    const text = await sealTicket(TICKET, 'ann', signer);
    await assert.rejects(openTicket(text, 'bob', signer), { status: 403, code: 'forbidden' });
  });

  it('is unknown once it has expired, and under another secret', async () => {
    const expired = await sealTicket({ ...TICKET, expiresAt: Date.now() }, 'ann', signer);
    await assert.rejects(openTicket(expired, 'ann', signer), { status: 404 });
    const text = await sealTicket(TICKET, 'ann', new Signer('another secret of more than 32 bytes'));
    await assert.rejects(openTicket(text, 'ann', signer), { status: 404 });
  });

  it('is not made of a signature for something else', async () => {
    const [payload = ''] = (await sealTicket(TICKET, 'ann', signer)).split('.');
    const forged = `${payload}.${await signer.sign('owner', payload)}`;
    await assert.rejects(openTicket(forged, 'ann', signer), { status: 404 });
  });

  it('is unknown after any change of any character', async () => {
    const text = await sealTicket(TICKET, 'ann', signer);
    const alphabet = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.=/+ é'];
    const change = fc.record({
      index: fc.nat(text.length - 1),
      char: fc.constantFrom('', ...alphabet),
      insert: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(change, async ({ index, char, insert }) => {
        const changed = text.slice(0, index) + char + text.slice(insert ? index : index + 1);
        fc.pre(changed !== text);
        await assert.rejects(openTicket(changed, 'ann', signer), { status: 404 });
      }),
      { numRuns: 500 },
    );
  });

  it('is unknown when it is no ticket at all', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string(), async (text) => {
        await assert.rejects(openTicket(text, 'ann', signer), { status: 404 });
      }),
    );
  });
});
