import { expect } from '@open-wc/testing';
import '../../../src/define.js';
import type { FastioUpload } from '../../../src/index.js';
import { UploadError } from '../../../src/ports/errors.js';
import type { Part, Receipt } from '../../../src/ports/protocol.js';
import type { Protocol } from '../../../src/preset.js';
import { until } from '../../support/until.js';
import { fileNamed, find, findAll, settle } from '../support.js';

const PART_BYTES = 1000;
const PARTS = 4;

/** A server that keeps parts, takes as many of a file as it was told to, and remembers each byte that reached it. */
class KeepingServer {
  /** How often each part of a file arrived. */
  readonly arrivals = new Map<string, number>();
  readonly refused = new Set<string>();
  readonly #sessions = new Map<string, Map<number, Receipt>>();
  readonly #allowed = new Map<string, number>();
  #waiting: (() => void)[] = [];
  opened = 0;
  deleted = 0;

  /** Takes parts of the file up to this number. */
  allow(name: string, parts: number): void {
    this.#allowed.set(name, parts);
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const look of waiting) look();
  }

  partsOf(name: string): number {
    return this.#sessions.get(name)?.size ?? 0;
  }

  get protocol(): Protocol {
    return {
      name: 'keeping',
      open: async ({ name }) => {
        if (this.refused.has(name)) throw new UploadError('http', 'refused', { status: 422, retriable: false });
        this.opened += 1;
        const parts = new Map<number, Receipt>();
        this.#sessions.set(name, parts);
        return {
          protocol: 'keeping',
          limits: { partSize: PART_BYTES, maxParallel: 1 },
          origin: null,
          record: { name },
          inspect: async () => [...parts.values()],
          sendPart: (part, body, { signal }) => this.#take(name, part, body, signal),
          complete: async () => ({ fileId: `stored-${name}`, response: null }),
          cancel: async () => {
            this.deleted += 1;
          },
        };
      },
      reopen: () => Promise.reject(new UploadError('session-lost', 'nothing is kept over a reload')),
    };
  }

  async #take(name: string, { number }: Part, body: Blob, signal: AbortSignal): Promise<Receipt> {
    while ((this.#allowed.get(name) ?? 0) < number) {
      await new Promise<void>((resolve, reject) => {
        this.#waiting.push(resolve);
        signal.addEventListener('abort', () => reject(signal.reason), { once: true });
      });
      signal.throwIfAborted();
    }
    const receipt = { number, size: body.size };
    const key = `${name} ${number}`;
    this.arrivals.set(key, (this.arrivals.get(key) ?? 0) + 1);
    this.#sessions.get(name)?.set(number, receipt);
    return receipt;
  }
}

/** Name and state of each file, in order. */
const listOf = ({ uploads }: FastioUpload): string[] => uploads.map(({ name, state }) => `${name} ${state}`);

const idOf = ({ uploads }: FastioUpload, name: string): string =>
  uploads.find((upload) => upload.name === name)?.id ?? '';

const mount = async (server: KeepingServer): Promise<FastioUpload> => {
  const element = Object.assign(document.createElement('fastio-upload'), {
    endpoint: '/unused',
    protocol: server.protocol,
    multiple: true,
  });
  element.setAttribute('no-resume', '');
  document.body.append(element);
  await element.updateComplete;
  return element;
};

/** Presses what gives files up, sees it happen, presses "Undo", and sees everything as it was. */
const takeBack = async (element: FastioUpload, selector: string): Promise<void> => {
  await settle(element);
  const before = listOf(element);
  find(element, selector).click();
  await settle(element);
  expect(listOf(element), `${selector} does something`).not.to.deep.equal(before);
  find(element, '[data-action=undo]').click();
  await until(() => listOf(element).join() === before.join(), `${selector} is undone: ${before} – ${listOf(element)}`);
};

describe('a whole session', () => {
  it('takes back everything that gave a file up, and sends no byte twice', async () => {
    const server = new KeepingServer();
    server.refused.add('c.bin');
    const element = await mount(server);
    const names = ['a.bin', 'b.bin', 'c.bin', 'd.bin'];
    server.allow('d.bin', PARTS);
    element.addFiles(names.map((name) => fileNamed(name, PART_BYTES * PARTS)));
    for (const name of ['a.bin', 'b.bin']) server.allow(name, 1);
    const stands = ['a.bin uploading', 'b.bin uploading', 'c.bin failed', 'd.bin done'];
    await until(() => listOf(element).join() === stands.join(), 'the session is under way');
    await until(() => server.partsOf('a.bin') === 1 && server.partsOf('b.bin') === 1, 'some parts are there');

    const row = (name: string, action: string) => `[data-id="${idOf(element, name)}"] [data-action=${action}]`;
    await takeBack(element, row('a.bin', 'cancel'));
    await takeBack(element, '[data-action=cancel-all]');
    await takeBack(element, row('c.bin', 'remove'));
    await takeBack(element, row('d.bin', 'remove'));
    server.allow('a.bin', 3);
    await until(() => server.partsOf('a.bin') === 3, 'it goes on between');
    await takeBack(element, row('b.bin', 'cancel'));

    element.view = 'grid';
    await until(() => findAll(element, '.tile').length === 4, 'the grid is there');
    for (const [name, key] of [
      ['a.bin', 'cancel'],
      ['d.bin', 'remove'],
    ] as const) {
      await takeBack(element, row(name, key));
    }
    element.list = 'summary';
    await element.updateComplete;
    await takeBack(element, '[data-action=cancel-all]');
    await takeBack(element, '[data-action=remove-failed]');
    element.list = 'full';

    for (const name of ['a.bin', 'b.bin']) server.allow(name, PARTS);
    await until(() => element.progress.done === 3, 'what can be stored is');
    await takeBack(element, '[data-action=clear]');
    expect(element.value).to.deep.equal(['stored-a.bin', 'stored-b.bin', 'stored-d.bin']);

    const once = ['a.bin', 'b.bin', 'd.bin'].flatMap((name) =>
      Array.from({ length: PARTS }, (_, index) => [`${name} ${index + 1}`, 1]),
    );
    expect(Object.fromEntries(server.arrivals)).to.deep.equal(Object.fromEntries(once));
    expect([server.opened, server.deleted], 'no session began anew').to.deep.equal([3, 0]);
    element.remove();
  });
});
