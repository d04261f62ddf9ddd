/**
 * A thousand users at once against one instance of the gateway: requests a second, memory, and whether each gets its share.
 * Every user has a connection of its own and asks, one request after another, for a grant, its confirmation, and a form
 * upload of 20 kB through the gateway. In the second run one user more asks over 200 connections at once.
 *
 *   node --import tsx test/bench/crowd.ts [seconds]
 */

import { fork } from 'node:child_process';
import { once } from 'node:events';
import { Agent, type IncomingMessage, request as sendRequest } from 'node:http';
import { fileURLToPath } from 'node:url';
import type { InstanceUse } from './support/gateway-instance.js';
import { startStorage } from './support/ready-storage.js';

const USERS = 1000;
const GREEDY_CONNECTIONS = 200;
const SECONDS = Number(process.argv[2] ?? 10);
const FILE = { filename: 'a.png', contentType: 'image/png', size: 20_000 };
const BOUNDARY = 'crowd';
const FORM = Buffer.concat([
  Buffer.from(
    `--${BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\nContent-Type: image/png\r\n\r\n`,
  ),
  Buffer.alloc(FILE.size, 1),
  Buffer.from(`\r\n--${BOUNDARY}--\r\n`),
]);

interface Answer {
  /** 0 where the connection ended before the answer. */
  readonly status: number;
  readonly text: string;
}

interface Client {
  readonly user: string;
  readonly agent: Agent;
  readonly port: number;
}

const send = ({ user, agent, port }: Client, path: string, type: string, body: Buffer): Promise<Answer> =>
  new Promise((resolve) => {
    const fail = () => resolve({ status: 0, text: '' });
    const headers = { 'x-user': user, Accept: 'application/json', 'Content-Type': type, 'Content-Length': body.length };
    const options = { host: '127.0.0.1', port, agent, method: 'POST', path: `/api/uploads${path}`, headers };
    const onAnswer = async (answer: IncomingMessage): Promise<void> => {
      let text = '';
      for await (const chunk of answer) text += chunk;
      resolve({ status: answer.statusCode ?? 0, text });
    };
    sendRequest(options, (answer) => void onAnswer(answer).catch(fail))
      .on('error', fail)
      .end(body);
  });

const sendJson = (client: Client, path: string, json: object): Promise<Answer> =>
  send(client, path, 'application/json', Buffer.from(JSON.stringify(json)));

class Tally {
  readonly times: number[] = [];
  readonly byUser = new Map<string, number>();
  readonly failures = new Map<number, number>();

  async count(user: string, asked: Promise<Answer>): Promise<Answer> {
    const startedAt = performance.now();
    const answer = await asked;
    if (answer.status === 200) {
      this.times.push(performance.now() - startedAt);
      this.byUser.set(user, (this.byUser.get(user) ?? 0) + 1);
    } else this.failures.set(answer.status, (this.failures.get(answer.status) ?? 0) + 1);
    return answer;
  }
}

/** One request after another until the time is over. */
const act = async (client: Client, tally: Tally, endsAt: number): Promise<void> => {
  const { user } = client;
  while (performance.now() < endsAt) {
    const grant = await tally.count(user, sendJson(client, '/presigned', FILE));
    const fileId = grant.status === 200 ? JSON.parse(grant.text).fileId : null;
    if (fileId !== null) await tally.count(user, sendJson(client, '/confirm', { fileId }));
    await tally.count(user, send(client, '/form', `multipart/form-data; boundary=${BOUNDARY}`, FORM));
  }
};

const quantile = (values: readonly number[], share: number): number =>
  [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? Number.NaN;

/** 1 when all have the same, 1 / n when one has all. */
const fairness = (values: readonly number[]): number => {
  const sum = values.reduce((total, value) => total + value, 0);
  return sum ** 2 / (values.length * values.reduce((total, value) => total + value ** 2, 0));
};

const tell = (title: string, seconds: number, [tally, use]: readonly [Tally, InstanceUse]): void => {
  const counts = Array.from({ length: USERS }, (_, index) => tally.byUser.get(`user-${index}`) ?? 0);
  const failures = [...tally.failures].map(([status, count]) => `${count} × ${status}`).join(', ') || 'none';
  console.log(
    [
      title,
      `  answers 200: ${(tally.times.length / seconds).toFixed(0)} a second; others: ${failures}`,
      `  time of an answer: median ${quantile(tally.times, 0.5).toFixed(0)} ms, 99 % ${quantile(tally.times, 0.99).toFixed(0)} ms`,
      `  answers of a user: ${Math.min(...counts)} to ${Math.max(...counts)}, median ${quantile(counts, 0.5)}; fairness ${fairness(counts).toFixed(3)}`,
      `  the greedy user: ${tally.byUser.get('greedy') ?? 0}`,
      `  memory: ${use.rss.toFixed(0)} MiB, at most ${use.peakRss.toFixed(0)} MiB; processor: ${(use.cpu / seconds).toFixed(2)} cores`,
    ].join('\n'),
  );
};

const crowd = async (title: string, greedyConnections: number): Promise<void> => {
  const instance = fork(fileURLToPath(new URL('support/gateway-instance.ts', import.meta.url)), {
    env: { ...process.env, STORAGE_URL: await startStorage(FILE) },
  });
  const [port] = (await once(instance, 'message')) as [number];
  const clientOf = (user: string): Client => ({ user, port, agent: new Agent({ keepAlive: true, maxSockets: 1 }) });
  const clients = [
    ...Array.from({ length: USERS }, (_, index) => clientOf(`user-${index}`)),
    ...Array.from({ length: greedyConnections }, () => clientOf('greedy')),
  ];
  const tally = new Tally();
  const startedAt = performance.now();
  const endsAt = startedAt + SECONDS * 1000;
  await Promise.all(clients.map((client) => act(client, tally, endsAt)));
  instance.send('use');
  const [use] = (await once(instance, 'message')) as [InstanceUse];
  tell(title, (performance.now() - startedAt) / 1000, [tally, use]);
  for (const { agent } of clients) agent.destroy();
  instance.kill();
};

await crowd(`${USERS} users`, 0);
await crowd(`${USERS} users, and one with ${GREEDY_CONNECTIONS} connections`, GREEDY_CONNECTIONS);
