import { expect } from '@open-wc/testing';
import '../../../src/define.js';
import type { FastioUpload } from '../../../src/index.js';
import { UploadError } from '../../../src/ports/errors.js';
import type { Part, Receipt } from '../../../src/ports/protocol.js';
import type { Protocol } from '../../../src/preset.js';
import { until } from '../../support/until.js';
import { fileNamed, find, findAll, openingsOf, pick, settle } from '../support.js';

const PART_BYTES = 1000;
const PARTS = 4;

/** A server that keeps parts, takes as many of a file as it was told to, and remembers each byte that reached it. */
class KeepingServer {
  /** How often each part of a file arrived. */
  readonly arrivals = new Map<string, number>();
  readonly refused = new Set<string>();
  /** Files that have changed on the disk since they were chosen. */
  readonly changed = new Set<string>();
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
        if (this.changed.has(name)) throw new UploadError('source-changed', 'changed', { retriable: false });
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

const mount = async (
  server: KeepingServer,
  facts: Partial<FastioUpload> = { multiple: true },
): Promise<FastioUpload> => {
  const element = Object.assign(document.createElement('fastio-upload'), {
    // Uploads of a removed element go to the next one of the same endpoint.
    endpoint: `/unused/${crypto.randomUUID()}`,
    protocol: server.protocol,
    ...facts,
  });
  element.setAttribute('no-resume', '');
  document.body.append(element);
  await element.updateComplete;
  return element;
};

/** Does what gives files up, sees it happen, presses "Undo", and sees everything as it was. */
const takeBackWhat = async (element: FastioUpload, what: string, act: () => void): Promise<void> => {
  await settle(element);
  const before = listOf(element);
  act();
  await until(() => listOf(element).join() !== before.join(), `${what} does something`);
  await until(() => findAll(element, '[data-action=undo]').length > 0, `${what} can be undone`);
  find(element, '[data-action=undo]').click();
  await until(() => listOf(element).join() === before.join(), `${what} is undone: ${before} – ${listOf(element)}`);
};

const takeBack = (element: FastioUpload, selector: string): Promise<void> =>
  takeBackWhat(element, selector, () => find(element, selector).click());

/** Each part of these files arrived once. */
const once = (...names: readonly string[]) =>
  Object.fromEntries(names.flatMap((name) => Array.from({ length: PARTS }, (_, index) => [`${name} ${index + 1}`, 1])));

describe('a whole session', () => {
  afterEach(() => {
    for (const element of document.querySelectorAll('fastio-upload')) {
      element.cancel();
      element.remove();
    }
  });

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

    expect(Object.fromEntries(server.arrivals)).to.deep.equal(once('a.bin', 'b.bin', 'd.bin'));
    expect([server.opened, server.deleted], 'no session began anew').to.deep.equal([3, 0]);
  });

  it('takes back that the file of a field was replaced, at every stage, and sends no byte of it twice', async () => {
    const server = new KeepingServer();
    const element = await mount(server, { name: 'cv' });
    const choose = () => pick(element, [fileNamed('other.bin', PART_BYTES * PARTS)]);
    server.allow('cv.bin', 1);
    pick(element, [fileNamed('cv.bin', PART_BYTES * PARTS)]);
    await until(() => server.partsOf('cv.bin') === 1, 'a part is there');
    await takeBackWhat(element, 'replacing a running upload', choose);
    server.allow('cv.bin', PARTS);
    await until(() => element.progress.done === 1, 'it is stored');
    await takeBackWhat(element, 'replacing a stored file', choose);
    await takeBack(element, '[data-action=remove]');
    expect(element.value).to.deep.equal(['stored-cv.bin']);
    expect(Object.fromEntries(server.arrivals)).to.deep.equal(once('cv.bin'));
  });

  for (const [what, other] of [
    ['another file', 'other.bin'],
    ['a newer version of its file', 'a.bin'],
  ] as const) {
    it(`takes back that ${what} was uploaded instead of the one that a row asked for`, async () => {
      const server = new KeepingServer();
      const element = await mount(server);
      server.changed.add('a.bin');
      element.addFiles([fileNamed('a.bin', PART_BYTES * PARTS), fileNamed('b.bin', PART_BYTES * PARTS)]);
      await until(() => listOf(element).join() === 'a.bin failed,b.bin uploading', `it failed: ${listOf(element)}`);
      await until(() => findAll(element, '[data-action=choose]').length > 0, 'its row asks for the file');
      server.changed.clear();
      openingsOf(element, '.again-input');
      const chooseOther = () => {
        find(element, '[data-action=choose]').click();
        pick(element, [fileNamed(other, PART_BYTES * 3)], '.again-input');
      };
      if (other === 'a.bin') server.changed.add('a.bin');
      else {
        chooseOther();
        await until(() => findAll(element, '[data-action=start-over]').length > 0, 'it is asked what to do');
        server.changed.add('a.bin');
      }
      const { id } = element.uploads[0] ?? {};
      const act = () => (other === 'a.bin' ? chooseOther() : find(element, '[data-action=start-over]').click());
      let seen = '';
      element.addEventListener('upload-added', ({ detail }) => {
        seen ||= `${detail.upload.name} ${detail.upload.size}`;
      });
      act();
      await until(() => findAll(element, '[data-action=undo]').length > 0, 'it can be undone');
      expect(seen).to.equal(`${other} ${PART_BYTES * 3}`);
      expect(element.uploads.map((upload) => upload.id)).not.to.include(id);
      find(element, '[data-action=undo]').click();
      await until(() => listOf(element).join() === 'a.bin failed,b.bin uploading', `undone: ${listOf(element)}`);
      expect(element.uploads[0]?.id).to.equal(id);
    });
  }

  it('takes back that a file of an earlier visit was removed, which the form then has again', async () => {
    const element = await mount(new KeepingServer(), { multiple: true, name: 'files' });
    element.stored = [
      { fileId: 'one', name: 'one.pdf' },
      { fileId: 'two', name: 'two.pdf' },
    ];
    await element.updateComplete;
    await takeBack(element, `[data-id="${idOf(element, 'one.pdf')}"] [data-action=remove]`);
    expect([element.value, element.changes.removed]).to.deep.equal([['one', 'two'], []]);
  });
});
