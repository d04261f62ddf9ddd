import { expect } from '@open-wc/testing';
import '../../src/define.js';
import type { FastioUpload, FindingCode } from '../../src/index.js';
import { FakeEngine, snapshot } from './fake-engine.js';

interface BytesServer {
  readonly url: string;
}

const bytesServer = async (): Promise<BytesServer> => (await fetch('/__bytes-server.json')).json();

const elementWith = (properties: Partial<FastioUpload>): FastioUpload =>
  Object.assign(document.createElement('fastio-upload'), properties);

const codesOf = async (element: FastioUpload): Promise<FindingCode[]> =>
  (await element.diagnose()).map(({ code }) => code).filter((code) => code !== 'service-worker');

const failed = (code: 'cors' | 'protocol', message: string) => {
  const engine = new FakeEngine();
  engine.uploads = [snapshot({ state: 'failed', error: { code, message, retriable: false } })];
  return engine.asEngine();
};

describe('diagnose()', () => {
  it('finds nothing wrong with an endpoint that answers as it should', async () => {
    expect(await codesOf(elementWith({ endpoint: '/__bytes-server.json' }))).to.deep.equal([]);
  });

  it('finds an endpoint that is missing, and one that is no URL', async () => {
    expect(await codesOf(elementWith({}))).to.deep.equal(['endpoint-missing']);
    expect(await codesOf(elementWith({ endpoint: 'http://[' }))).to.deep.equal(['endpoint-invalid']);
  });

  it('finds an endpoint that is a page, and one where nothing is', async () => {
    expect(await codesOf(elementWith({ endpoint: '/__strict-page.html' }))).to.deep.equal(['endpoint-wrong']);
    expect(await codesOf(elementWith({ endpoint: '/nothing-here' }))).to.deep.equal(['endpoint-wrong']);
  });

  it('finds an origin that is not permitted', async () => {
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

  it('finds clocks that are apart', async () => {
    const { url } = await bytesServer();
    expect(await codesOf(elementWith({ endpoint: `${url}/yesterday` }))).to.deep.equal(['clock-skew']);
  });

  it('finds a status that needs a session', async () => {
    const { url } = await bytesServer();
    expect(await codesOf(elementWith({ endpoint: `${url}/status/401` }))).to.deep.equal(['endpoint-status']);
  });

  it('reads from failed uploads what is wrong with the storage', async () => {
    const cors = elementWith({ endpoint: '/__bytes-server.json', engine: failed('cors', 'refused') });
    expect(await codesOf(cors)).to.deep.equal(['cors-storage']);
    const etag = elementWith({ endpoint: '/__bytes-server.json', engine: failed('protocol', 'no readable ETag') });
    expect(await codesOf(etag)).to.deep.equal(['etag-hidden']);
  });

  it('finds attributes that mean nothing', async () => {
    const element = elementWith({ endpoint: '/__bytes-server.json', maxFileSize: 'huge' });
    element.setAttribute('protocol', 'carrier-pigeon');
    expect(await codesOf(element)).to.deep.equal(['attribute-invalid', 'attribute-invalid']);
  });

  it('finds a protocol that this build does not speak', async () => {
    const [found] = await elementWith({ endpoint: '/__bytes-server.json', protocol: 's3' }).diagnose();
    expect(found?.message).to.equal(
      'protocol="s3" means nothing to this build: use one of auto, presigned, chunked, fastio.',
    );
  });

  it('says of each finding what to change', async () => {
    const [found] = await elementWith({}).diagnose();
    expect(found?.message).to.equal('Set the endpoint attribute to the URL of your upload backend.');
  });

  it('survives headers that throw', async () => {
    const headers = () => {
      throw new Error('a bug of the page');
    };
    expect(await codesOf(elementWith({ endpoint: '/__bytes-server.json', headers }))).to.deep.equal([
      'attribute-invalid',
    ]);
  });
});
