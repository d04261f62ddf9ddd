import { expect } from '@open-wc/testing';
import type { DataRequest } from '../../src/ports/transport.js';
import { XhrTransport } from '../../src/transports/xhr-transport.js';
import { until } from '../support/until.js';
import { bodyOf, dataRequest, expectFailure, failureOf, MIB, NEVER, platform, server, TELLING } from './bench.js';

describe('XhrTransport, after a body was sent whole and never answered', () => {
  let bodies: string[];
  const { send: sendOfPage } = XMLHttpRequest.prototype;
  const patient = new XhrTransport(platform);
  const impatient = new XhrTransport({ ...platform, responseTimeoutMs: 200 });

  const send = (path: string, body: DataRequest['body'], options = {}) =>
    patient.send(dataRequest(server.url + path, body), { signal: NEVER, ...options });
  /** Sends a body whole that is never answered. */
  const meetSilence = (body: DataRequest['body']) =>
    failureOf(impatient.send(dataRequest(`${server.url}/swallow`, body), { signal: NEVER }));

  before(() => {
    XMLHttpRequest.prototype.send = function (body) {
      bodies.push(body?.constructor.name ?? 'none');
      sendOfPage.call(this, body);
    };
  });

  beforeEach(async () => {
    bodies = [];
    await meetSilence(bodyOf(TELLING));
  });

  afterEach(async () => {
    // What the page learnt must not reach the next test.
    await meetSilence(new ArrayBuffer(TELLING));
  });

  after(() => {
    XMLHttpRequest.prototype.send = sendOfPage;
  });

  it('sends the next Blob whole from memory, whichever transport sends it', async () => {
    const other = new XhrTransport(platform);
    const request = dataRequest(`${server.url}/sink`, bodyOf(3 * MIB).slice(MIB, 3 * MIB));
    const { text } = await other.send(request, { signal: NEVER });
    expect([JSON.parse(text).bytes, ...bodies]).to.deep.equal([2 * MIB, 'Blob', 'ArrayBuffer']);
  });

  it('reports its progress as before', async () => {
    const reports: number[] = [];
    await send('/sink', bodyOf(MIB), { onProgress: (sentBytes: number) => reports.push(sentBytes) });
    expect(reports.at(-1)).to.equal(MIB);
  });

  it('keeps a Blob out of memory that is larger than 64 MiB', async () => {
    const controller = new AbortController();
    const { length } = bodies;
    const sent = send('/sink', bodyOf(65 * MIB), { signal: controller.signal }).catch(() => {});
    await until(() => bodies.length > length, 'the body is on its way');
    controller.abort();
    await sent;
    expect(bodies.at(-1)).to.equal('Blob');
  });

  it('calls a file that cannot be read a failure of the network', async () => {
    const unreadable = bodyOf(MIB);
    unreadable.arrayBuffer = () => Promise.reject(new DOMException('gone', 'NotFoundError'));
    await expectFailure(send('/sink', unreadable), 'network', true);
  });

  it('trusts Blobs again once bytes from memory are met by the same silence', async () => {
    await meetSilence(bodyOf(TELLING));
    await send('/sink', bodyOf(MIB));
    expect(bodies).to.deep.equal(['Blob', 'ArrayBuffer', 'Blob']);
  });

  it('sends the files of a form from memory, too', async () => {
    let reads = 0;
    const file = new File([bodyOf(MIB)], 'a.bin', { type: 'image/png' });
    file.arrayBuffer = () => {
      reads += 1;
      return Blob.prototype.arrayBuffer.call(file);
    };
    const form = new FormData();
    form.append('order', '1');
    form.append('chunk', file);
    const { text } = await send('/sink', form);

    expect(reads).to.equal(1);
    expect(JSON.parse(text).bytes).to.be.greaterThan(MIB);
  });

  it('trusts files again once a form from memory is met by the same silence', async () => {
    const form = new FormData();
    form.append('chunk', new File([bodyOf(TELLING)], 'a.bin'));
    await meetSilence(form);
    await send('/sink', bodyOf(MIB));

    expect(bodies.at(-1)).to.equal('Blob');
  });
});
