/** An application as a reader starts it, by commands in a shell, over an emulated storage API. */

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { delimiter } from 'node:path';
import { createInterface } from 'node:readline';

export interface Runtime {
  /** Of the page, without a slash at its end. */
  readonly url: string;
  close(): Promise<void>;
}

export interface Storage {
  readonly url: string;
  readonly apiKey: string;
}

/** What a reader of the README fills in. */
export const valuesFor = ({ apiKey }: Storage): Record<string, string> => ({
  FASTIO_API_KEY: apiKey,
  FASTIO_WORKSPACE_ID: '1234567890123456789',
  TICKET_SECRET: 'a secret of more than thirty-two bytes',
});

export interface Shell {
  /** A script; it ends at the first command that fails. */
  readonly commands: string;
  readonly cwd: string;
  /** Besides what the user's own shell has. */
  readonly env?: Readonly<Record<string, string>>;
}

/** The user's environment, without what npm and the test runner have put there. */
const ownEnvironment = (): NodeJS.ProcessEnv => {
  const isTheirs = /^(npm_(?!config_)|npm_config_local_prefix$|INIT_CWD$|NODE_TEST_CONTEXT$)/;
  const own = Object.fromEntries(Object.entries(process.env).filter(([name]) => !isTheirs.test(name)));
  const folders = (own.PATH ?? '').split(delimiter).filter((folder) => !folder.endsWith('node_modules/.bin'));
  return { ...own, PATH: folders.join(delimiter) };
};

/** In a process group of its own, so that what the shell has started can be ended with it. */
const startShell = ({ commands, cwd, env }: Shell) =>
  spawn('sh', ['-e', '-c', commands], {
    cwd,
    env: { ...ownEnvironment(), ...env },
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
  });

/** Runs commands to their end, and answers what they print. */
export const run = async (shell: Shell): Promise<string> => {
  const child = startShell(shell);
  let printed = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    printed += text;
  });
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`These commands failed:\n${shell.commands}\n${printed}`);
  return printed;
};

/** Runs commands of which the last one serves. @param announces finds the port in what they print. */
export const serve = (shell: Shell, announces: RegExp): Promise<Runtime> =>
  new Promise((resolve, reject) => {
    const child = startShell(shell);
    const printed: string[] = [];
    createInterface(child.stdout).on('line', (line) => {
      printed.push(line);
      const port = announces.exec(line)?.[1];
      if (port !== undefined) resolve({ url: `http://localhost:${port}`, close: () => end(child) });
    });
    child.once('close', () => {
      reject(new Error(`These commands ended before they served:\n${shell.commands}\n${printed.join('\n')}`));
    });
  });

/** Ends the shell and all below it; the pipe closes with the last of them. */
const end = async (child: ChildProcess): Promise<void> => {
  const closed = once(child, 'close');
  if (child.pid !== undefined) process.kill(-child.pid, 'SIGTERM');
  await closed;
};

/** For servers that have to be told their port, and name no other in what they print. */
export const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
