/**
 * What strangers cost a user: one user stores files through the gateway for some ten seconds, alone and beside 2,000
 * connections without a sign-in that send a byte of a long body now and then. Prints how long any of these was held, and
 * by how much the user was slower. Gateway, strangers and user share the cores of one machine.
 *
 *   node --import tsx test/bench/strangers.ts
 */

import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { startStorage } from './support/ready-storage.js';
import { median } from './support/statistics.js';

const STRANGERS = 2000;
const FILES = 400;
const ROUNDS = 3;
const FILE = { contentType: 'image/png', size: 2 ** 20 };

const start = (name: string, args: readonly string[] = [], env: NodeJS.ProcessEnv = {}) =>
  fork(fileURLToPath(new URL(`support/${name}.ts`, import.meta.url)), args, { env: { ...process.env, ...env } });

const instance = start('gateway-instance', [], { STORAGE_URL: await startStorage(FILE) });
const [port] = (await once(instance, 'message')) as [number];

const store = async (): Promise<void> => {
  const body = new FormData();
  body.append('file', new Blob([new Uint8Array(FILE.size)], { type: FILE.contentType }), 'a.png');
  const headers = { 'x-user': 'ann', Accept: 'application/json' };
  const answer = await fetch(`http://127.0.0.1:${port}/api/uploads/form`, { method: 'POST', headers, body });
  if (!answer.ok) throw new Error(`The user's file was answered with ${answer.status}: ${await answer.text()}`);
  await answer.arrayBuffer();
};

/** Seconds for all files, one after another. */
const storeAll = async (): Promise<number> => {
  const startedAt = performance.now();
  for (let file = 0; file < FILES; file += 1) await store();
  return (performance.now() - startedAt) / 1000;
};

await storeAll();
const alone: number[] = [];
const beside: number[] = [];
const held: number[] = [];
for (let round = 0; round < ROUNDS; round += 1) {
  alone.push(await storeAll());
  const strangers = start('strangers', [String(port), String(STRANGERS)]);
  const gone = once(strangers, 'message') as Promise<[number]>;
  beside.push(await storeAll());
  held.push((await gone)[0]);
}
instance.kill();

const ratio = median(beside) / median(alone);
console.log(`${STRANGERS} strangers: the longest was held for ${(Math.max(...held) / 1000).toFixed(1)} s`);
console.log(`${FILES} files of 1 MiB: alone ${median(alone).toFixed(1)} s, beside them ${median(beside).toFixed(1)} s`);
console.log(`the user was slower by ${((ratio - 1) * 100).toFixed(0)} %`);
