/** Two instances of the gateway behind a round robin. Each has a server of its own; they share nothing but their options. */

import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createUploadHandler, type UploadHandlerOptions } from '../../../src/server/index.js';
import { toNodeListener } from '../../../src/server/node.js';
import { relayTo } from './site.js';

export interface TwoInstances {
  readonly listener: RequestListener;
  /** Requests that each was given, those before its restarts included. */
  readonly requests: readonly number[];
  /** Headers and bodies of all answers. */
  readonly answers: readonly string[];
  /** Restarts so far. */
  readonly restarts: number;
  close(): Promise<void>;
}

interface Instance {
  readonly server: Server;
  readonly url: string;
}

const start = async (options: UploadHandlerOptions, answers: string[]): Promise<Instance> => {
  const handler = createUploadHandler(options);
  const listener = toNodeListener(async (request) => {
    const answer = await handler(request);
    answers.push(JSON.stringify([...answer.headers]), await answer.clone().text());
    return answer;
  });
  const server = createServer({ requestTimeout: 0 }, listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
};

const stop = ({ server }: Instance): void => {
  server.closeAllConnections();
  server.close();
};

/** @param restartsAt ordinal numbers of requests: the instance that gets one is gone a moment later, and a new one is there. */
export const startTwoInstances = async (
  options: UploadHandlerOptions,
  restartsAt: readonly number[] = [],
): Promise<TwoInstances> => {
  const answers: string[] = [];
  const instances = [await start(options, answers), await start(options, answers)];
  const requests = [0, 0];
  let count = 0;
  let restarts = 0;
  const restart = async (index: number): Promise<void> => {
    const old = instances[index];
    instances[index] = await start(options, answers);
    if (old !== undefined) stop(old);
    restarts += 1;
  };
  return {
    listener: (request, response) => {
      const index = count % instances.length;
      count += 1;
      requests[index] = (requests[index] ?? 0) + 1;
      relayTo(instances[index]?.url ?? '')(request, response);
      if (restartsAt.includes(count)) void restart(index);
    },
    requests,
    answers,
    get restarts() {
      return restarts;
    },
    close: async () => instances.forEach(stop),
  };
};
