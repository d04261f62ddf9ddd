import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { absoluteUrl } from '../../src/lib/page/page-url.js';
import { createBackend } from '../../src/preset.js';
import { Bench, fileOf } from '../support/builders.js';

interface Place {
  readonly document?: { readonly baseURI: string };
  readonly location?: { readonly href: string };
}

/** As in a page there; Node itself has neither. */
const openPage = (context: TestContext, place: Place): void => {
  Object.assign(globalThis, place);
  context.after(() => {
    for (const name of Object.keys(place)) Reflect.deleteProperty(globalThis, name);
  });
};

const BASED: Place = {
  document: { baseURI: 'https://site.test/app/' },
  location: { href: 'https://site.test/elsewhere/page' },
};

describe('A relative URL', () => {
  it('starts from the base of the document', async (context) => {
    openPage(context, BASED);
    assert.equal(absoluteUrl('api/up'), 'https://site.test/app/api/up');
    assert.equal(createBackend({ endpoint: 'api/up' }).endpoint, 'https://site.test/app/api/up');

    const bench = new Bench({ protocol: 'presigned', endpoint: 'api/up' });
    bench.add(fileOf('a.txt'));
    await bench.transport.next('POST', '/app/api/up');
  });

  it('starts from the embedding page in a frame of about:srcdoc', (context) => {
    openPage(context, {
      document: { baseURI: 'https://site.test/page' },
      location: { href: 'about:srcdoc' },
    });
    assert.equal(absoluteUrl('/api/up'), 'https://site.test/api/up');
  });

  it('starts from the script in a worker, which has no document', (context) => {
    openPage(context, { location: { href: 'https://site.test/workers/w.js' } });
    assert.equal(absoluteUrl('up'), 'https://site.test/workers/up');
  });

  it('ends with `configuration` in Node, which has no page', async () => {
    const bench = new Bench({ protocol: 'presigned', endpoint: '/api/up' });
    const id = bench.add(fileOf('a.txt'));
    await bench.clock.advance(0);

    const { code, message = '' } = bench.upload(id).error ?? {};
    assert.deepEqual([code, message.includes('/api/up')], ['configuration', true]);
  });
});

describe('An absolute URL', () => {
  it('is itself, also without a page', async () => {
    assert.equal(absoluteUrl('https://site.test/api/up'), 'https://site.test/api/up');

    const bench = new Bench({ protocol: 'presigned', endpoint: 'https://site.test/api/up' });
    bench.add(fileOf('a.txt'));
    await bench.transport.next('POST', '/api/up');
  });
});
