/** B, continued: something else answers in the place of the server, and says that all is well. */

import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { type Bench, KIB, MIB, PART } from '../support/bench.js';
import type { Spoiler } from '../support/http-relay.js';
import type { LabTab } from '../support/lab-tab.js';
import { laboratory } from '../support/laboratory.js';

const PAGE = '<!doctype html><html><title>Please sign in</title><body>Sign in to go on</body></html>';

const showPage = (response: ServerResponse): void => {
  response.writeHead(200, { 'Content-Type': 'text/html' }).end(PAGE);
};

const redirect = (response: ServerResponse): void => {
  response.writeHead(302, { Location: '/login' }).end();
};

/** Takes the place of the server for these requests, whose bodies it reads and drops. */
const inPlaceOf = (
  methods: readonly string[],
  path: RegExp,
  answer: (response: ServerResponse) => void,
): readonly Spoiler[] =>
  methods.map((method) => ({
    method,
    path,
    instead: async (request, response) => {
      for await (const _ of request);
      answer(response);
    },
  }));

const useOfflineWorker = (tab: LabTab): Promise<unknown> =>
  tab.evaluate(async () => {
    await navigator.serviceWorker.register('/offline-page-worker.js');
    await navigator.serviceWorker.ready;
    return new Promise((resolve) => {
      if (navigator.serviceWorker.controller !== null) resolve(true);
      navigator.serviceWorker.addEventListener('controllerchange', () => resolve(true), { once: true });
    });
  });

const tellWorker = (tab: LabTab, state: 'offline' | 'online'): Promise<unknown> =>
  tab.evaluate((told) => {
    const { port1, port2 } = new MessageChannel();
    navigator.serviceWorker.controller?.postMessage(told, [port2]);
    return new Promise((resolve) => {
      port1.onmessage = () => resolve(true);
    });
  }, state);

/** Until the page has met the impostor so often and waits; nothing more than `stored` is called stored. */
const deceived = async (
  bench: Bench,
  { retries = 1, stored = [] }: { readonly retries?: number; readonly stored?: readonly string[] } = {},
): Promise<void> => {
  await bench.recorder.until(`${retries} retries`, () => bench.retries.length >= retries);
  const called = bench.recorder.events.filter(({ name }) => name === 'upload-complete');
  assert.deepEqual(
    called.map(({ upload }) => upload?.name),
    stored,
  );
  assert.equal(bench.backend.files().length, stored.length);
};

laboratory('B · answers of others', ({ scenario }) => {
  for (const via of ['chunked', 'presigned', 'fastio'] as const) {
    scenario(
      'B30',
      async (bench) => {
        bench.proxy.up.bytesPerSecond = 512 * KIB;
        const tab = await bench.open();
        await useOfflineWorker(tab);
        const [first, file] = [await bench.files.make('first.bin', PART), await bench.files.make('file.bin', MIB)];
        await tab.choose(first.path);
        await bench.ended();
        if (via !== 'chunked') await tellWorker(tab, 'offline');
        await tab.choose(file.path);
        if (via === 'chunked') {
          await bench.parts(1 + 4);
          await tellWorker(tab, 'offline');
        }
        await deceived(bench, { stored: [first.name] });
        await tellWorker(tab, 'online');
        await bench.ended(2);
        return { stored: [first, file], extraBytes: MIB };
      },
      { via },
      via,
    );
  }

  for (const [detail, sameOrigin, answer] of [
    ['a page', true, showPage],
    ['a redirect', true, redirect],
    ['a page of another origin', false, showPage],
  ] as const) {
    scenario(
      'B31',
      async (bench) => {
        bench.proxy.up.bytesPerSecond = 256 * KIB;
        const { file } = await bench.begin(MIB);
        await bench.parts(4);
        bench.relay.spoil(...inPlaceOf(['PUT', 'POST', 'GET'], /chunked/, answer));
        await deceived(bench, { retries: 2 });
        bench.relay.spoil();
        await bench.ended();
        return { stored: [file], extraBytes: MIB };
      },
      { sameOrigin },
      detail,
    );
  }

  const LOGINS = [
    { detail: 'on parts', via: 'chunked', methods: ['PUT'], path: /\/parts$/ },
    { detail: 'on completion', via: 'chunked', methods: ['POST', 'GET'], path: /\/chunked\/./ },
    { detail: 'on parts through the gateway', via: 'gateway', methods: ['PUT'], path: /\/parts$/ },
  ] as const;
  for (const { detail, via, methods, path } of LOGINS) {
    scenario(
      'B32',
      async (bench) => {
        bench.proxy.up.bytesPerSecond = 256 * KIB;
        const { tab, file } = await bench.begin(MIB);
        await bench.parts(4);
        bench.relay.spoil(...inPlaceOf(methods, path, redirect));
        await bench.state('paused', 'needs-sign-in');
        await deceived(bench);
        bench.relay.spoil();
        await tab.act('retry');
        await bench.ended();
        assert.equal(bench.requests('POST', /\/init$/).length, 1, 'one session');
        return { stored: [file], extraBytes: MIB };
      },
      { via, sameOrigin: true },
      detail,
    );
  }
});
