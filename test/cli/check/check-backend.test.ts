import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { describe, it } from 'node:test';
import { type CheckOptions, checkBackend } from '../../../src/cli/check/check-backend.js';
import { startBackend } from '../../../src/testing/start-backend.js';
import { AUTHORIZATION, type PlantedFault, type PlantedOptions, startPlantedBackend } from './planted-backend.js';

const PAGE = 'http://page.example';

const checkPlanted = async (
  { fault, protocol }: Pick<PlantedOptions, 'fault' | 'protocol'>,
  options: CheckOptions = {},
): Promise<string[]> => {
  const backend = await startPlantedBackend({ protocol, pageOrigin: PAGE, ...(fault && { fault }) });
  try {
    const headers = { Authorization: AUTHORIZATION };
    const { findings } = await checkBackend(backend.endpoint, { protocol, pageOrigin: PAGE, headers, ...options });
    return [...new Set(findings.map(({ code }) => code))];
  } finally {
    backend.close();
  }
};

/** The protocols in which each fault can be made. */
const PLANTED: Readonly<Record<PlantedFault, readonly PlantedOptions['protocol'][]>> = {
  cors: ['presigned', 'multipart', 'chunked'],
  'hidden-etag': ['chunked'],
  'wrong-fields': ['presigned', 'multipart', 'chunked'],
  'no-part-range': ['multipart', 'chunked'],
  'ignored-length': ['presigned', 'multipart', 'chunked'],
  'expired-url': ['presigned', 'multipart'],
  'wrong-status': ['presigned', 'multipart', 'chunked'],
  redirect: ['presigned', 'multipart', 'chunked'],
  clock: ['presigned', 'multipart', 'chunked'],
  'slow-answer': ['presigned', 'multipart', 'chunked'],
  'duplicate-completion': ['multipart', 'chunked'],
  'no-auth': ['presigned', 'multipart', 'chunked'],
};

describe('checkBackend', () => {
  for (const protocol of ['presigned', 'multipart', 'chunked'] as const) {
    it(`finds nothing in a backend that speaks ${protocol}`, async () => {
      assert.deepEqual(await checkPlanted({ protocol }), []);
    });
  }

  for (const [fault, protocols] of Object.entries(PLANTED) as [PlantedFault, PlantedOptions['protocol'][]][]) {
    for (const protocol of protocols) {
      it(`finds ${fault}, and nothing else, in a backend that speaks ${protocol}`, async () => {
        // The slow answer never comes; all others must come within the time on a loaded machine.
        const timeoutMs = fault === 'slow-answer' ? 2_000 : 10_000;
        assert.deepEqual(await checkPlanted({ fault, protocol }, { timeoutMs }), [fault]);
      });
    }
  }

  it('finds a hidden ETag where the check is made for a page of the same origin', async () => {
    const backend = await startPlantedBackend({ fault: 'hidden-etag', protocol: 'chunked', pageOrigin: '*' });
    const { findings } = await checkBackend(backend.endpoint, {
      protocol: 'chunked',
      headers: { Authorization: AUTHORIZATION },
    });
    backend.close();
    assert.deepEqual(
      findings.map(({ code }) => code),
      ['hidden-etag'],
    );
  });

  it('passes the gateway over the emulated storage, with all that it announces', async () => {
    const backend = await startBackend();
    const report = await checkBackend(new URL(backend.endpoint));
    await backend.close();
    assert.deepEqual(
      report.findings.filter(({ level }) => level === 'fault'),
      [],
    );
    assert.deepEqual(report.protocols, ['presigned', 'chunked']);
    assert.deepEqual(
      report.findings.map(({ code }) => code),
      ['no-auth'],
    );
  });

  it('passes it for a page of another origin that it lets in', async () => {
    const backend = await startBackend();
    const report = await checkBackend(new URL(backend.endpoint), { pageOrigin: 'http://localhost:4000' });
    await backend.close();
    assert.deepEqual(
      report.findings.map(({ code }) => code),
      ['no-auth'],
    );
  });

  it('says what a page of an origin that it does not let in would meet', async () => {
    const backend = await startBackend();
    const { findings } = await checkBackend(new URL(backend.endpoint), { pageOrigin: PAGE });
    await backend.close();
    assert.ok(findings.some(({ code }) => code === 'cors'));
  });

  it('prints the rules that let the page send to the bucket', async () => {
    const backend = await startPlantedBackend({ fault: 'cors', protocol: 'presigned', pageOrigin: PAGE });
    const headers = { Authorization: AUTHORIZATION };
    const report = await checkBackend(backend.endpoint, { protocol: 'presigned', pageOrigin: PAGE, headers });
    backend.close();
    const [finding] = report.findings;
    assert.match(finding?.fix ?? '', /cors\.json[\s\S]*"AllowedOrigins": \[\s*"http:\/\/page\.example"\s*\]/);
  });

  it('repeats why the storage refuses a URL', async () => {
    const backend = await startPlantedBackend({ fault: 'expired-url', protocol: 'presigned', pageOrigin: PAGE });
    const headers = { Authorization: AUTHORIZATION };
    const report = await checkBackend(backend.endpoint, { protocol: 'presigned', pageOrigin: PAGE, headers });
    backend.close();
    assert.match(report.findings[0]?.message ?? '', /403 SignatureDoesNotMatch/);
  });

  it('says to the backend whether the page is its own, as browsers do', async () => {
    const seen = new Set<unknown>();
    const server = createServer(({ headers }, response) => {
      seen.add(headers['sec-fetch-site']);
      response.writeHead(500).end();
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const endpoint = new URL(`http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/uploads`);
    await checkBackend(endpoint);
    assert.deepEqual([...seen], ['same-origin']);
    seen.clear();
    await checkBackend(endpoint, { pageOrigin: PAGE });
    server.closeAllConnections();
    server.close();
    assert.deepEqual([...seen], [undefined]);
  });

  it('asks for the right URL where nothing is mounted, and for the log where the backend fails', async () => {
    for (const [status, fix] of [
      [404, /URL that the attribute endpoint has/],
      [500, /log/],
    ] as const) {
      const server = createServer((_, response) => void response.writeHead(status).end()).listen(0, '127.0.0.1');
      await once(server, 'listening');
      const address = server.address();
      const port = typeof address === 'object' ? address?.port : 0;
      const { findings } = await checkBackend(new URL(`http://127.0.0.1:${port}/uploads`));
      server.closeAllConnections();
      server.close();
      assert.match(findings.find(({ level }) => level === 'fault')?.fix ?? '', fix);
    }
  });

  it('says that a backend does not answer', async () => {
    const { findings, protocols } = await checkBackend(new URL('http://127.0.0.1:9/uploads'));
    assert.deepEqual([findings.map(({ code }) => code), protocols], [['unreachable'], []]);
  });
});
