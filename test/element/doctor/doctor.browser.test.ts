import { expect } from '@open-wc/testing';
import '../../../src/define.js';
import type { FastioUpload, FindingCode, UploadErrorInfo, UploadSnapshot } from '../../../src/index.js';
import { FakeEngine, snapshot } from '../fake-engine.js';

interface BytesServer {
  readonly url: string;
}

const bytesServer = async (): Promise<BytesServer> => (await fetch('/__bytes-server.json')).json();

const elementWith = (properties: Partial<FastioUpload>): FastioUpload =>
  Object.assign(document.createElement('fastio-upload'), properties);

const codesOf = async (element: FastioUpload): Promise<FindingCode[]> =>
  (await element.diagnose()).map(({ code }) => code).filter((code) => code !== 'service-worker');

const jsonUrl = (value: unknown): string =>
  URL.createObjectURL(new Blob([JSON.stringify(value)], { type: 'application/json' }));

const GATEWAY = { version: 1, protocols: ['presigned', 'chunked'], urls: { presigned: '/up/presigned' } };

const failed = (code: 'cors' | 'protocol', message: string) => {
  const engine = new FakeEngine();
  engine.uploads = [snapshot({ state: 'failed', error: { code, message, retriable: false } })];
  return engine.asEngine();
};

describe('diagnose()', () => {
  const endpoint = jsonUrl(GATEWAY);

  it('finds nothing wrong with an endpoint that answers correctly', async () => {
    expect(await codesOf(elementWith({ endpoint }))).to.deep.equal([]);
  });

  it('finds a missing endpoint, and one that is not a URL', async () => {
    expect(await codesOf(elementWith({}))).to.deep.equal(['endpoint-missing']);
    expect(await codesOf(elementWith({ endpoint: 'http://[' }))).to.deep.equal(['endpoint-invalid']);
  });

  it('finds an endpoint that is a page, and one that does not exist', async () => {
    expect(await codesOf(elementWith({ endpoint: '/__strict-page.html' }))).to.deep.equal(['endpoint-wrong']);
    expect(await codesOf(elementWith({ endpoint: '/nothing-here' }))).to.deep.equal(['endpoint-wrong']);
  });

  it('finds an endpoint that is not a gateway, and a gateway where a protocol is set', async () => {
    expect(await codesOf(elementWith({ endpoint: jsonUrl({ hello: 1 }) }))).to.deep.equal(['endpoint-wrong']);
    const [presigned] = await elementWith({ endpoint, protocol: 'presigned' }).diagnose();
    expect(presigned?.message).to.match(/ is a gateway: set protocol to auto, or the endpoint to \/up\/presigned\.$/);
    const [fastio] = await elementWith({ endpoint, protocol: 'fastio' }).diagnose();
    expect(fastio?.message).to.match(/ to the URL of its fastio, which it does not offer\.$/);
  });

  it('sends the first request of the protocol', async () => {
    const { url } = await bytesServer();
    const key = crypto.randomUUID();
    const askedOf = async (protocol: FastioUpload['protocol']) => {
      expect(await codesOf(elementWith({ endpoint: `${url}/sink?key=${key}-${protocol}`, protocol }))).to.deep.equal(
        [],
      );
      const log: { method: string; path: string }[] = await (await fetch(`${url}/log?key=${key}-${protocol}`)).json();
      return log.map(({ method, path }) => `${method} ${path}`).filter((line) => !line.startsWith('OPTIONS'));
    };
    expect(await askedOf('presigned')).to.deep.equal(['GET /sink', 'POST /sink']);
    expect(await askedOf('chunked')).to.deep.equal(['GET /sink', 'POST /sink/init']);
    expect(await askedOf('fastio')).to.deep.equal(['GET /sink', 'GET /sink/upload/limits/']);
  });

  it('finds an origin that is not allowed', async () => {
    const { url } = await bytesServer();
    expect(await codesOf(elementWith({ endpoint: `${url}/no-cors` }))).to.deep.equal(['cors-origin']);
  });

  it('finds headers that the preflight refuses', async () => {
    const { url } = await bytesServer();
    const element = elementWith({ endpoint: `${url}/few-headers`, headers: { 'X-Tenant': 'a' } });
    const [found] = await element.diagnose();
    expect(found?.code).to.equal('cors-headers');
    expect(found?.message).to.contain('Access-Control-Allow-Headers: X-Tenant');
  });

  it('finds a method that the preflight refuses', async () => {
    const { url } = await bytesServer();
    expect(await codesOf(elementWith({ endpoint: `${url}/get-only` }))).to.deep.equal(['cors-method']);
  });

  it('finds a server that does not answer', async () => {
    expect(await codesOf(elementWith({ endpoint: 'http://127.0.0.1:9/uploads' }))).to.deep.equal([
      'endpoint-unreachable',
    ]);
  });

  it('finds clocks that differ', async () => {
    const { url } = await bytesServer();
    expect(await codesOf(elementWith({ endpoint: `${url}/yesterday`, protocol: 'presigned' }))).to.deep.equal([
      'clock-skew',
    ]);
  });

  it('finds a status that requires a session', async () => {
    const { url } = await bytesServer();
    expect(await codesOf(elementWith({ endpoint: `${url}/status/401` }))).to.deep.equal(['endpoint-status']);
  });

  it('derives problems of the storage from failed uploads', async () => {
    const cors = elementWith({ endpoint, engine: failed('cors', 'refused') });
    expect(await codesOf(cors)).to.deep.equal(['cors-storage']);
    const etag = elementWith({ endpoint, engine: failed('protocol', 'no readable ETag') });
    expect(await codesOf(etag)).to.deep.equal(['etag-hidden']);
  });

  it('names the rules of the storage that block the page', async () => {
    const message = 'https://bucket.s3.eu-central-1.amazonaws.com answers, but this page may not read it';
    const [found] = await elementWith({ endpoint, engine: failed('cors', message) }).diagnose();
    expect(found?.message).to.contain('Amazon S3').and.contain(location.origin).and.contain('AllowedMethods');
  });

  describe('derives problems from running uploads', () => {
    const tried = async (error: Partial<UploadErrorInfo>, facts: Partial<UploadSnapshot> = {}) => {
      const engine = new FakeEngine();
      const element = elementWith({ endpoint, engine: engine.asEngine() });
      document.body.append(element);
      await element.updateComplete;
      const upload = snapshot({ state: 'waiting', reason: 'backoff', ...facts });
      const info = { code: 'http', message: '', retriable: true, ...error } as const;
      engine.show(upload);
      for (const attempt of [2, 3]) engine.emit('upload-retry', { upload, attempt, delayMs: 1000, error: info });
      const findings = await element.diagnose();
      element.remove();
      return findings.filter(({ code }) => code !== 'service-worker');
    };

    it('a server that answered with an error once', async () => {
      const found = await tried({ message: 'https://storage.example/key answered 500', status: 500 });
      expect(found.map(({ code }) => code)).to.deep.equal(['upload-status']);
      expect(found[0]?.message).to.equal('https://storage.example/key answered 500: look into the log of that server.');
    });

    it('an answer without the field names of the protocol', async () => {
      const found = await tried({ code: 'protocol', message: 'the backend answered without uploadUrl and fileId' });
      expect(found.map(({ code }) => code)).to.deep.equal(['answer-wrong']);
      expect(found[0]?.message).to.contain('without uploadUrl and fileId');
    });

    it('a server that refuses parts of this size', async () => {
      const found = await tried(
        { code: 'too-large', status: 413, partNumber: 1, message: 'refused' },
        { size: 100e6, parts: { total: 10, confirmed: 0 } },
      );
      expect(found.map(({ code }) => code)).to.deep.equal(['part-too-large']);
      expect(found[0]?.message).to.contain('of about 10000000 bytes').and.contain('part-size');
    });
  });

  it('finds an accept list that browsers read differently', async () => {
    const [found] = await elementWith({ endpoint, accept: 'jpg,*.PDF' }).diagnose();
    expect(found?.message).to.contain('accept="jpg,*.PDF" is read as ".jpg,.pdf"');
    expect(await codesOf(elementWith({ endpoint, accept: '.jpg, image/*,application/vnd.ms-excel' }))).to.deep.equal(
      [],
    );
  });

  describe('finds attributes', () => {
    const messagesOf = async (markup: string): Promise<readonly string[]> => {
      const template = document.createElement('template');
      template.innerHTML = `<fastio-upload endpoint="${endpoint}" ${markup}></fastio-upload>`;
      const element = document.importNode(template.content, true).querySelector('fastio-upload') as FastioUpload;
      const findings = await element.diagnose();
      return findings.flatMap(({ code, message }) => (code.startsWith('attribute') ? [message] : []));
    };

    it('that are misspelled', async () => {
      for (const [wrong, right] of [
        ['max_files', 'max-files'],
        ['max-file', 'max-files'],
        ['maxfilesizes', 'max-file-size'],
        ['end-point', 'endpoint'],
        ['acept', 'accept'],
        ['disable', 'disabled'],
      ]) {
        expect(await messagesOf(`${wrong}="1"`), wrong).to.deep.equal([
          `${wrong} is not an attribute of this element: ${right} is.`,
        ]);
      }
    });

    it('whose values mean the opposite', async () => {
      expect(await messagesOf('multiple="false"')).to.have.length(1);
      expect(await messagesOf('multiple="true"')).to.deep.equal([]);
    });

    it('that are only properties', async () => {
      expect(await messagesOf('headers="() => ({})"')).to.deep.equal([
        'headers is not an attribute: set the property of that name by script.',
      ]);
    });

    it('and ignores those of the page, of frameworks and of other renderers', async () => {
      const markup =
        'class="a" id="b" data-x="1" aria-label="c" v-cloak :key="d" @click="e" onclick="" slot="s" maxfiles="3" theme="dark" hx-boost="1"';
      expect(await messagesOf(markup)).to.deep.equal([]);
    });
  });

  it('finds attributes without an effect', async () => {
    const element = elementWith({ endpoint, maxFileSize: 'huge' });
    element.setAttribute('protocol', 'carrier-pigeon');
    expect(await codesOf(element)).to.deep.equal(['attribute-invalid', 'attribute-invalid']);
  });

  it('finds every attribute without an effect, and none with one', async () => {
    const set = async (values: Readonly<Record<string, string>>) => {
      const element = elementWith({ endpoint });
      for (const [name, value] of Object.entries(values)) element.setAttribute(name, value);
      const findings = await element.diagnose();
      return findings.flatMap(({ code, message }) => (code === 'attribute-invalid' ? [message.split('=')[0]] : []));
    };
    const wrong = {
      'part-size': 'large',
      parallel: '99',
      'retry-window': '5 minutes',
      duplicates: 'ask',
      credentials: 'all',
      list: 'short',
      metadata: '{bad',
    };
    const names = ['partSize', 'parallel', 'retryWindow', 'duplicates', 'credentials', 'list', 'metadata'];
    expect(await set(wrong)).to.deep.equal(names);
    const right = {
      'part-size': '5 MiB',
      parallel: '16',
      'retry-window': '30',
      'max-files': '3',
      'max-file-size': '1.5 MB',
      duplicates: 'rename',
      credentials: 'include',
      list: 'summary',
      metadata: '{"album": 7}',
    };
    expect(await set(right)).to.deep.equal([]);
  });

  it('finds a protocol that is not in this build', async () => {
    const [found] = await elementWith({ endpoint, protocol: 's3' as never }).diagnose();
    expect(found?.message).to.equal(
      'protocol="s3" is not supported: use one of auto, fastio, multipart, chunked, tus, form, presigned.',
    );
  });

  it('names the fix for each finding', async () => {
    const [found] = await elementWith({}).diagnose();
    expect(found?.message).to.equal('Set the endpoint attribute to the URL of your upload backend.');
  });

  it('does not wait for headers forever', async () => {
    const { timeout } = AbortSignal;
    AbortSignal.timeout = () => timeout.call(AbortSignal, 1);
    try {
      const headers = () => new Promise<Record<string, string>>(() => {});
      expect(await codesOf(elementWith({ endpoint, headers }))).to.deep.equal(['attribute-invalid']);
    } finally {
      AbortSignal.timeout = timeout;
    }
  });

  it('leaves nothing behind that fails later', async () => {
    const { timeout } = AbortSignal;
    const rejections: unknown[] = [];
    const onRejection = (event: PromiseRejectionEvent) => {
      event.preventDefault();
      rejections.push(event.reason);
    };
    window.addEventListener('unhandledrejection', onRejection);
    AbortSignal.timeout = () => timeout.call(AbortSignal, 20);
    try {
      await elementWith({ endpoint, headers: { 'X-Tenant': 'a' } }).diagnose();
      await new Promise((resolve) => setTimeout(resolve, 100));
      expect(rejections).to.deep.equal([]);
    } finally {
      AbortSignal.timeout = timeout;
      window.removeEventListener('unhandledrejection', onRejection);
    }
  });

  it('copes with headers that throw', async () => {
    const headers = () => {
      throw new Error('a bug of the page');
    };
    expect(await codesOf(elementWith({ endpoint, headers }))).to.deep.equal(['attribute-invalid']);
  });
});
