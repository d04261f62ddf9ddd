import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { run } from '../../src/cli/run.js';
import { startBackend } from '../../src/testing/start-backend.js';
import { startPlantedBackend } from './check/planted-backend.js';

const runWith = async (...args: string[]) => {
  let printed = '';
  const print = (text: string): void => {
    printed += text;
  };
  const exitCode = await run(args, { print, printError: print });
  return { exitCode, printed };
};

describe('the command line', () => {
  it('ends with 0 for a backend without faults', async () => {
    const backend = await startBackend();
    const { exitCode, printed } = await runWith('check', backend.endpoint);
    await backend.close();
    assert.equal(exitCode, 0);
    assert.match(
      printed,
      /^Checked presigned, chunked with \d+ requests, as a page of http:\/\/127\.0\.0\.1:\d+ would\.$/m,
    );
    assert.match(printed, /^No faults, 1 warning\.$/m);
  });

  it('ends with 1 for a backend with faults, and says the fix of each', async () => {
    const backend = await startPlantedBackend({ protocol: 'chunked', fault: 'no-part-range', pageOrigin: '*' });
    const { href } = backend.endpoint;
    const { exitCode, printed } = await runWith(
      'check',
      href,
      '--protocol',
      'chunked',
      '--header',
      'Authorization: Bearer right',
    );
    backend.close();
    assert.equal(exitCode, 1);
    assert.match(printed, /✗ no-part-range \(chunked: init\)\n.*\n {4}Fix: Answer part_size/);
  });

  it('prints findings as JSON', async () => {
    const backend = await startBackend();
    const { printed } = await runWith('check', backend.endpoint, '--json');
    await backend.close();
    assert.deepEqual(JSON.parse(printed).protocols, ['presigned', 'chunked']);
  });

  for (const [why, args] of [
    ['no backend answers', ['check', 'http://127.0.0.1:9/']],
    ['the URL is none', ['check', 'uploads']],
    ['a flag is unknown', ['check', 'http://127.0.0.1:9/', '--fast']],
    ['a header has no value', ['check', 'http://127.0.0.1:9/', '--header', 'Authorization']],
    ['the command is unknown', ['upload']],
    ['there is no command', []],
  ] as const) {
    it(`ends with 2 when ${why}`, async () => {
      const { exitCode, printed } = await runWith(...args);
      assert.equal(exitCode, 2);
      assert.notEqual(printed, '');
    });
  }

  it('never prints a path or a query of the storage, which may be a permission', async () => {
    const backend = await startPlantedBackend({ protocol: 'presigned', fault: 'expired-url', pageOrigin: '*' });
    const header = ['--header', 'Authorization: Bearer right'];
    const { printed } = await runWith('check', backend.endpoint.href, '--protocol', 'presigned', ...header);
    backend.close();
    assert.match(printed, /expired-url/);
    assert.doesNotMatch(printed, /size=|Bearer right/);
  });
});
