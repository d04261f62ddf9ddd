import { expect, html } from '@open-wc/testing';
import type { UploadErrorInfo } from '../../../src/index.js';
import { snapshot } from '../fake-engine.js';
import { type Bound, bind, fileNamed } from '../support.js';

describe('the console', () => {
  const { error: original } = console;
  let lines: string[] = [];

  beforeEach(() => {
    lines = [];
    console.error = (line: unknown) => lines.push(String(line));
  });

  afterEach(() => {
    console.error = original;
  });

  const fail = ({ engine }: Bound, error: Partial<UploadErrorInfo>, times = 1): void => {
    const info = { code: 'configuration', message: 'm', retriable: false, ...error } as const;
    for (let count = 0; count < times; count += 1) {
      engine.emit('upload-failed', { upload: snapshot({ state: 'failed', error: info }), error: info });
    }
  };

  it('logs once what a developer must fix, with its code and a link', async () => {
    const bound = await bind();
    fail(bound, { message: 'no endpoint is set, in this test' }, 500);
    expect(lines).to.deep.equal([
      '<fastio-upload> configuration: no endpoint is set, in this test. Call diagnose() on the element to learn what to change.',
    ]);
    fail(await bind(), { message: 'no endpoint is set, in this test' });
    expect(lines).to.have.length(1);
  });

  it('logs a missing route, a storage that does not allow the page, and a wrong answer', async () => {
    const bound = await bind();
    fail(bound, { code: 'http', status: 404, message: 'https://a.example/up answered 404' });
    fail(bound, { code: 'cors', message: 'https://s.example answers, but this page may not read it' });
    fail(bound, { code: 'protocol', message: 'the backend answered without uploadUrl and fileId' });
    expect(lines.map((line) => line.split(':')[0])).to.deep.equal([
      '<fastio-upload> http',
      '<fastio-upload> cors',
      '<fastio-upload> protocol',
    ]);
  });

  it('logs nothing that time, users or another file fix', async () => {
    const bound = await bind();
    const codes = ['network', 'timeout', 'unauthorized', 'too-large', 'source-changed', 'rate-limited'] as const;
    for (const code of codes) fail(bound, { code, message: code });
    fail(bound, { code: 'http', status: 503, retriable: true, message: 'busy' });
    expect(lines).to.deep.equal([]);
  });

  it('logs that a limit cannot be read, because no file is accepted then', async () => {
    const bound = await bind(html`<fastio-upload max-files="two"></fastio-upload>`);
    bound.engine.refuse(fileNamed('a.txt'));
    expect(lines.join()).to.contain('a limit of this element cannot be read');
  });
});
