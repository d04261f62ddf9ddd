import { expect, waitUntil } from '@open-wc/testing';
import type { Finding } from '../../../src/element/doctor/doctor.js';
import { giveHints } from '../../../src/element/doctor/hints.js';
import { errorOf, snapshot } from '../fake-engine.js';
import { bind } from '../support.js';

const PATIENT = { timeout: 8_000 };

const listen = () => {
  const page = document.createElement('div');
  const found: Finding[] = [];
  giveHints(page, (finding) => found.push(finding));
  return { page, found };
};

const failure = (code: 'configuration' | 'too-large' | 'network') => ({
  upload: snapshot({ state: 'failed' }),
  error: errorOf(code),
});

describe('hints in development', () => {
  it('log once what is wrong with the set-up when an upload fails because of it', async () => {
    const { element, engine } = await bind();
    const { page, found } = listen();
    element.before(page);
    page.append(element);
    engine.emit('upload-failed', failure('configuration'));
    await waitUntil(() => found.some(({ code }) => code === 'endpoint-missing'), 'the hint is there', PATIENT);
    const { length } = found;
    engine.emit('upload-failed', failure('configuration'));
    await element.diagnose();
    await Promise.resolve();
    expect(found.length).to.equal(length);
    expect(found[0]?.message).to.contain('endpoint');
  });

  it('ignore files that are the cause themselves', async () => {
    const { element, engine } = await bind();
    let asked = 0;
    element.diagnose = async () => {
      asked += 1;
      return [];
    };
    const { page } = listen();
    element.before(page);
    page.append(element);
    engine.emit('upload-failed', failure('too-large'));
    expect(asked).to.equal(0);
    engine.emit('upload-retry', { ...failure('network'), attempt: 2, delayMs: 1_000 });
    expect(asked).to.equal(1);
  });
});
