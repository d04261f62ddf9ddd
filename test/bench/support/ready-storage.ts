import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A storage that has whatever it is asked for. */
export const startStorage = async (file: { readonly contentType: string; readonly size: number }): Promise<string> => {
  const headers = { ETag: '"d41d8cd98f00b204e9800998ecf8427e"', 'Content-Type': file.contentType };
  const server = createServer((request, response) => {
    request.resume().once('end', () => {
      const isHead = request.method === 'HEAD';
      response.writeHead(200, isHead ? { ...headers, 'Content-Length': String(file.size) } : headers).end();
    });
  }).listen(0, '127.0.0.1', 4096);
  await once(server, 'listening');
  server.unref();
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
};
