import { expect } from '@open-wc/testing';
import { XhrTransport } from '../../src/transports/xhr-transport.js';
import { bodyOf, dataRequest, expectFailure, failureOf, MIB, NEVER, platform, server } from './bench.js';

describe('XhrTransport, telling CORS from a bad network', () => {
  let transport: XhrTransport;

  /** What is told before the proof. */
  const NETWORK = ['network', 'network', 'network', 'network'];

  const codes = async (...paths: string[]): Promise<string[]> => {
    const found: string[] = [];
    for (const path of paths) {
      const sent = transport.send(dataRequest(server.url + path), { signal: NEVER });
      found.push(
        await sent.then(
          ({ status }) => `${status}`,
          (error) => error.code,
        ),
      );
    }
    return found;
  };

  /** What is said at last. Where clocks are coarse, two failures of one tick count as one. */
  const accusation = async (send: () => Promise<unknown>): Promise<[code: string, retriable: boolean]> => {
    for (let rounds = 0; ; rounds += 1) {
      const { code, retriable } = await failureOf(send());
      if (code !== 'network' || rounds === 50) return [code, retriable];
    }
  };

  beforeEach(() => {
    transport = new XhrTransport(platform);
  });

  for (const path of ['/no-cors', '/mute-cors']) {
    it(`does not accuse ${path} before the fifth failure in a row`, async () => {
      expect(await codes(path, path, path, path)).to.deep.equal(NETWORK);
      const send = () => transport.send(dataRequest(server.url + path), { signal: NEVER });
      expect(await accusation(send)).to.deep.equal(['cors', false]);
    });
  }

  it('does not let the engine repeat what CORS forbids', async () => {
    const send = () => transport.send(dataRequest(`${server.url}/no-cors`), { signal: NEVER });
    expect(await accusation(send)).to.deep.equal(['cors', false]);
  });

  it('never accuses an origin whose answer was readable once', async () => {
    const refused = Array.from({ length: 6 }, () => '/no-cors');
    const paths = ['/no-cors', '/sink', ...refused];
    expect(await codes(...paths)).to.deep.equal(['network', '200', ...refused.map(() => 'network')]);
  });

  it('counts requests that were in flight together as one failure', async () => {
    const codeOf = async (size: number) => {
      const request = dataRequest(`${server.url}/mute-cors`, bodyOf(size));
      return (await failureOf(transport.send(request, { signal: NEVER }))).code;
    };
    const together = await Promise.all([1, 8, 16, 24, 32].map((size) => codeOf(size * MIB)));
    expect(together).to.deep.equal([...NETWORK, 'network']);
  });

  it('never accuses a server that is out of reach', async () => {
    const send = () => transport.send(dataRequest('http://127.0.0.1:9/sink'), { signal: NEVER });
    for (let round = 0; round < 6; round += 1) await expectFailure(send(), 'network', true);
  });

  it('accuses for control requests as well', async () => {
    const ask = () => transport.control({ method: 'POST', url: `${server.url}/no-cors`, json: {} }, { signal: NEVER });
    expect(await accusation(ask)).to.deep.equal(['cors', false]);
  });

  it("rejects with the signal's reason when aborted while it finds out", async () => {
    const controller = new AbortController();
    const failing = transport.send(dataRequest(`${server.url}/no-cors`), { signal: controller.signal });
    controller.abort(new Error('paused'));
    expect(await failing.catch((error: Error) => error.message)).to.equal('paused');
  });
});
