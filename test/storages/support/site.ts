/** The demo's page over a gateway to a bucket, in a browser: what a test of a storage plays on. */

import { createServer, type RequestListener, request as sendRequest } from 'node:http';
import { type Demo, startDemo } from '../../../demo/start-demo.js';
import { createUploadHandler } from '../../../src/server/index.js';
import { toNodeListener } from '../../../src/server/node.js';
import { makeScratchFolder, removeScratchFolder } from '../../support/scratch-folder.js';
import { gatewayOptions } from './gateway-options.js';
import type { GatewayValues } from './gateway-values.js';

export interface Gateway {
  readonly listener: RequestListener;
  close(): Promise<void>;
}

export type StartGateway = (values: GatewayValues) => Promise<Gateway>;

export const startNodeGateway: StartGateway = async (values) => ({
  listener: toNodeListener(createUploadHandler(gatewayOptions(values))),
  close: async () => {},
});

/** Hands requests on to a server, with the host that the browser named. */
export const relayTo = (url: string): RequestListener => {
  const { hostname, port } = new URL(url);
  return (incoming, outgoing) => {
    const { method, headers, url: path } = incoming;
    const upstream = sendRequest({ hostname, port, method, path, headers, setHost: false }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.rawHeaders);
      answer.pipe(outgoing);
    });
    upstream.on('error', () => incoming.socket.destroy());
    outgoing.once('close', () => upstream.destroy());
    incoming.pipe(upstream);
  };
};

export interface StoredNotice {
  readonly fileId: string;
  readonly name: string;
  readonly size: number;
  readonly type: string;
}

/** Hears what the gateway's `onStored` is told, wherever the gateway runs. */
export interface StoredNotices {
  readonly url: string;
  readonly heard: readonly StoredNotice[];
  close(): Promise<void>;
}

export const startStoredNotices = async (): Promise<StoredNotices> => {
  const heard: StoredNotice[] = [];
  const server = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += chunk;
    heard.push(JSON.parse(text));
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`,
    heard,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
};

/** The page at `url`, which offers the bucket by `?protocol=s3`. */
export const startSite = async (gateway: Gateway): Promise<Demo> => {
  const dataDir = await makeScratchFolder('demo');
  const demo = await startDemo({ port: 0, dataDir, s3: gateway.listener });
  return {
    url: demo.url,
    close: async () => {
      await demo.close();
      await gateway.close();
      await removeScratchFolder(dataDir);
    },
  };
};
