import { expect, fixture, html, oneEvent } from '@open-wc/testing';
import '../../../src/define.js';
import type { FastioUpload } from '../../../src/index.js';
import { FakeEngine } from '../fake-engine.js';
import { bind, find } from '../support.js';

describe('<fastio-upload> attributes', () => {
  it('passes attributes on to its engine in bytes and milliseconds', async () => {
    const element = await fixture<FastioUpload>(html`<fastio-upload
      endpoint="/nowhere"
      protocol="chunked"
      max-files="3"
      max-file-size="5 GB"
      min-file-size="1KiB"
      part-size="8MiB"
      parallel="40"
      retry-window="90"
      duplicates="keep"
      metadata='{"album": 7}'
      workspace-id="42"
      no-auto
      no-resume
    ></fastio-upload>`);
    const { options } = element.engine;
    expect(options).to.include({
      endpoint: '/nowhere',
      protocol: 'chunked',
      maxFiles: 3,
      maxFileSize: 5e9,
      minFileSize: 1024,
      partSize: 8 * 2 ** 20,
      parallel: 16,
      retryWindowMs: 90_000,
      duplicates: 'keep',
      workspaceId: '42',
      autoStart: false,
      resume: false,
    });
    expect(options.metadata).to.deep.equal({ album: 7 });
  });

  it('applies a change of an attribute to the next file, without waiting', () => {
    const element = document.createElement('fastio-upload');
    element.maxFileSize = '2 MB';
    expect(element.engine.options.maxFileSize).to.equal(2e6);
  });

  it('replaces invalid values by the default where that allows nothing more', () => {
    const element = document.createElement('fastio-upload');
    element.setAttribute('parallel', 'many');
    element.setAttribute('duplicates', 'shred');
    element.setAttribute('metadata', '{oops');
    element.setAttribute('max-files', '');
    expect(element.engine.options).to.include({
      parallel: 'auto',
      duplicates: 'skip',
      maxFiles: Number.POSITIVE_INFINITY,
    });
  });

  it('understands 1M, and accepts no file under a limit that it cannot read', () => {
    const element = document.createElement('fastio-upload');
    element.setAttribute('max-file-size', '1M');
    expect(element.engine.options.maxFileSize).to.equal(1e6);
    const unreadable = {
      'max-files': 'two',
      'max-file-size': 'huge',
      'min-file-size': '-1',
      'max-total-size': '5 bananas',
    };
    for (const [name, value] of Object.entries(unreadable)) {
      const closed = document.createElement('fastio-upload');
      closed.setAttribute('no-auto', '');
      closed.setAttribute(name, value);
      expect(closed.addFiles([new File(['abc'], 'a.txt')]), `${name}="${value}"`).to.have.length(0);
    }
  });

  it('fails an upload with an unknown protocol', async () => {
    const element = await fixture<FastioUpload>(
      html`<fastio-upload endpoint="/nowhere" protocol="chunkd" no-resume></fastio-upload>`,
    );
    const failed = oneEvent(element, 'upload-failed');
    element.addFiles([new File(['abc'], 'a.txt')]);
    const { code, message } = (await failed).detail.error;
    expect([code, message.includes('chunkd')]).to.deep.equal(['configuration', true]);
  });

  it('fails an upload with a custom protocol without a name, and asks for the name', async () => {
    const element = await fixture<FastioUpload>(html`<fastio-upload endpoint="/nowhere" no-resume></fastio-upload>`);
    const own: object = { open: () => Promise.reject(new Error('it is not asked')) };
    Object.assign(element, { protocol: own });
    const failed = oneEvent(element, 'upload-failed');
    element.addFiles([new File(['abc'], 'a.txt')]);
    const { code, message } = (await failed).detail.error;
    expect([code, message]).to.deep.equal(['configuration', 'the protocol has no name: set its `name`']);
  });

  it('reads lower-case attributes without hyphens, as server renderers write them', async () => {
    const element = await fixture<FastioUpload>(
      html`<fastio-upload maxfiles="5" noauto maxfilesize="2MB" confirmendpoint="/c"></fastio-upload>`,
    );
    const { maxFiles, noAuto, maxFileSize, confirmEndpoint } = element;
    element.removeAttribute('maxfiles');
    expect([maxFiles, noAuto, maxFileSize, confirmEndpoint]).to.deep.equal(['5', true, '2MB', '/c']);
    expect(element.maxFiles).to.equal(null);
  });

  it('prefers an attribute with hyphens to the one without, and returns to that', () => {
    const element = document.createElement('fastio-upload');
    element.setAttribute('maxfiles', '5');
    element.setAttribute('max-files', '3');
    element.setAttribute('maxfiles', '6');
    expect(element.maxFiles).to.equal('3');
    element.removeAttribute('max-files');
    expect(element.maxFiles).to.equal('6');
  });

  const removed = (element: FastioUpload) => {
    for (const { name } of [...element.attributes]) element.removeAttribute(name);
  };

  const unset = (value: null | undefined) => (element: FastioUpload) => {
    const { name, endpoint, protocol, list, maxFiles, parallel, metadata, headers, strings } = element;
    for (const key of Object.keys({ name, endpoint, protocol, list, maxFiles, parallel, metadata, headers, strings })) {
      Object.assign(element, { [key]: value });
    }
  };

  const ways = { 'attributes are removed': removed, 'is null': unset(null), 'is undefined': unset(undefined) };

  for (const [way, unsetAll] of Object.entries(ways)) {
    it(`returns to the defaults where ${way}`, async () => {
      const element = await fixture<FastioUpload>(html`<fastio-upload
        name="files" endpoint="/uploads" protocol="chunked" list="none" max-files="3" parallel="2" metadata='{"a":1}'
        .headers=${{ a: 'b' }} .strings=${{ chooseFiles: 'Pick' }}
      ></fastio-upload>`);
      unsetAll(element);
      await element.updateComplete;
      const { name, endpoint, protocol, list, maxFiles, parallel, metadata } = element;
      const unsaid = ['', '', 'auto', 'full', null, 'auto', null];
      expect([name, endpoint, protocol, list, maxFiles, parallel, metadata]).to.deep.equal(unsaid);
      const { options } = element.engine;
      expect([options.listName, options.endpoint, options.protocol]).to.deep.equal(['', '', 'auto']);
      expect((await element.diagnose()).map(({ code }) => code)).to.include('endpoint-missing');
      expect(find<HTMLInputElement>(element, '.files-input').multiple, 'a list of its own').to.equal(true);
    });
  }

  it('passes only its attributes to an engine of the page', async () => {
    const engine = new FakeEngine();
    const element = await fixture<FastioUpload>(
      html`<fastio-upload max-files="3" .engine=${engine.asEngine()}></fastio-upload>`,
    );
    await element.updateComplete;
    expect(engine.calls).to.deep.equal([['configure', { maxFiles: 3 }]]);
  });

  it('does not change where an engine of the page keeps its records', async () => {
    const { engine } = await bind(html`<fastio-upload id="files" name="files" endpoint="/uploads"></fastio-upload>`);
    expect([engine.options.endpoint, engine.options.listName]).to.deep.equal(['/uploads', '']);
    expect(
      engine.calls.map(([name, options]) => (name === 'configure' ? Object.keys(options ?? {}) : [])),
    ).to.deep.equal([['endpoint']]);
  });

  it('diagnoses a missing endpoint and an attribute without an effect', async () => {
    const element = document.createElement('fastio-upload');
    element.maxFileSize = 'huge';
    const codes = (await element.diagnose()).map(({ code }) => code);
    expect(codes).to.include.members(['endpoint-missing', 'attribute-invalid']);
  });
});
