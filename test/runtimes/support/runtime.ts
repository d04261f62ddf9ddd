/** A demo as a reader starts it, in a process of its own, over an emulated storage API. */

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

export interface Runtime {
  /** Of the page, without a slash at its end. */
  readonly url: string;
  /** Of the process that the bytes pass through. */
  readonly pid: number;
  close(): Promise<void>;
}

export interface Storage {
  readonly url: string;
  readonly apiKey: string;
}

/** What each demo reads from its environment. */
export const settings = ({ url, apiKey }: Storage): Record<string, string> => ({
  FASTIO_API_KEY: apiKey,
  FASTIO_WORKSPACE_ID: '1234567890123456789',
  FASTIO_UPSTREAM: url,
  TICKET_SECRET: 'a secret of more than thirty-two bytes',
});

export interface Program {
  readonly args: readonly string[];
  readonly cwd?: string;
  readonly env: Readonly<Record<string, string>>;
  /** Finds the URL in what the program prints. */
  readonly announces: RegExp;
}

/** A Node program that says where it listens. */
export const startProgram = async ({ args, cwd = ROOT, env, announces }: Program): Promise<Runtime> => {
  const child = spawn(process.execPath, args, {
    cwd,
    env: { PATH: process.env.PATH ?? '', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for await (const line of createInterface(child.stdout)) {
    const port = announces.exec(line)?.[1];
    if (port === undefined) continue;
    child.stdout.resume();
    return { url: `http://localhost:${port}`, pid: child.pid ?? 0, close: () => end(child) };
  }
  await end(child);
  throw new Error(`${args.join(' ')} ended before it listened`);
};

const end = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  await exited;
};
