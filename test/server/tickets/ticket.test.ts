import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { Signer } from '../../../src/server/tickets/signer.js';
import { signTicket, type Ticket, verifyTicket } from '../../../src/server/tickets/ticket.js';

const signer = new Signer('a secret of more than thirty-two bytes');
const TICKET: Ticket = {
  sessionId: 'up_1',
  workspaceId: 'ws_1',
  folderId: 'root',
  name: 'a 😀.bin',
  size: 2 ** 40,
  type: 'a/b',
  relativePath: 'x/y/a 😀.bin',
  metadata: { album: 'Zoë' },
  authorized: { workspaceId: 'ws_1', folderId: 'inbox' },
  rules: { partSize: undefined, minPartSize: 5, maxParts: 100, maxParallel: 4 },
  expiresAt: Date.now() + 60_000,
};

describe('a ticket', () => {
  it('tells what was sealed, to its user', async () => {
    assert.deepEqual(
      await verifyTicket(await signTicket(TICKET, 'ann', signer, 'chunked'), 'ann', signer, 'chunked'),
      TICKET,
    );
  });

  it('keeps a path that does not end in the name, and does without one', async () => {
    const { relativePath: _, ...pathless } = TICKET;
    for (const ticket of [{ ...TICKET, relativePath: 'other/path' }, pathless]) {
      assert.deepEqual(
        await verifyTicket(await signTicket(ticket, 'ann', signer, 'chunked'), 'ann', signer, 'chunked'),
        ticket,
      );
    }
  });

  it('is refused to another user', async () => {
    const text = await signTicket(TICKET, 'ann', signer, 'chunked');
    await assert.rejects(verifyTicket(text, 'bob', signer, 'chunked'), { status: 403, code: 'forbidden' });
  });

  it('is unknown once it has expired, and under another secret', async () => {
    const expired = await signTicket({ ...TICKET, expiresAt: Date.now() }, 'ann', signer, 'chunked');
    await assert.rejects(verifyTicket(expired, 'ann', signer, 'chunked'), { status: 404 });
    const text = await signTicket(TICKET, 'ann', new Signer('another secret of more than 32 bytes'), 'chunked');
    await assert.rejects(verifyTicket(text, 'ann', signer, 'chunked'), { status: 404 });
  });

  it('opens no upload of another dialect', async () => {
    const text = await signTicket(TICKET, 'ann', signer, 'chunked');
    for (const kind of ['presigned', 'multipart', 'fastio'] as const) {
      await assert.rejects(verifyTicket(text, 'ann', signer, kind), { status: 404 });
    }
  });

  it('fits into a URL: it does without a long path, and refuses long metadata', async () => {
    const relativePath = `${'folder/'.repeat(280)}${TICKET.name}`;
    const text = await signTicket({ ...TICKET, relativePath }, 'ann', signer, 'chunked');
    assert.ok(text.length <= 2000);
    assert.equal((await verifyTicket(text, 'ann', signer, 'chunked')).relativePath, undefined);
    const metadata = { note: 'x'.repeat(2000) };
    await assert.rejects(signTicket({ ...TICKET, metadata }, 'ann', signer, 'chunked'), { status: 400 });
    const grant = await signTicket({ ...TICKET, metadata }, 'ann', signer, 'presigned');
    assert.deepEqual((await verifyTicket(grant, 'ann', signer, 'presigned')).metadata, metadata);
  });

  it('is not made of a signature for something else', async () => {
    const [payload = ''] = (await signTicket(TICKET, 'ann', signer, 'chunked')).split('.');
    const forged = `${payload}.${await signer.sign('owner', payload)}`;
    await assert.rejects(verifyTicket(forged, 'ann', signer, 'chunked'), { status: 404 });
  });

  it('is unknown after any change of any character', async () => {
    const text = await signTicket(TICKET, 'ann', signer, 'chunked');
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
        await assert.rejects(verifyTicket(changed, 'ann', signer, 'chunked'), { status: 404 });
      }),
      { numRuns: 500 },
    );
  });

  it('is unknown when it is no ticket at all', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string(), async (text) => {
        await assert.rejects(verifyTicket(text, 'ann', signer, 'chunked'), { status: 404 });
      }),
    );
  });
});
