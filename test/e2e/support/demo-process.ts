/** The demo as a user starts it: a process of its own, on a free port, over a folder of its own. */

import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { StoredFile } from '../../../src/emulator/disk/object-store.js';
import type { FaultScript } from '../../../src/emulator/faults/fault-script.js';
import type { LogEntry } from '../../../src/emulator/http/request-log.js';
import { makeScratchFolder, removeScratchFolder } from '../../support/scratch-folder.js';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

export class DemoProcess {
  readonly url: string;
  readonly #stop: () => Promise<void>;

  private constructor(url: string, stop: () => Promise<void>) {
    this.url = url;
    this.#stop = stop;
  }

  /** @param flags of the demo; bundled scripts load in a tenth of the time. */
  static async start(flags: readonly string[] = ['--bundled']): Promise<DemoProcess> {
    const dataDir = await makeScratchFolder('demo');
    const args = ['--import', 'tsx', 'demo/server.ts', '--port', '0', '--data', dataDir, '--no-open', ...flags];
    const child = spawn(process.execPath, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'inherit'] });
    const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    const stop = async (): Promise<void> => {
      child.kill('SIGTERM');
      await exited;
      await removeScratchFolder(dataDir);
    };
    for await (const line of createInterface(child.stdout)) {
      const url = /http:\/\/localhost:\d+/.exec(line)?.[0];
      if (url === undefined) continue;
      child.stdout.resume();
      return new DemoProcess(url, stop);
    }
    await stop();
    throw new Error('The demo ended before it named its page.');
  }

  async files(): Promise<readonly StoredFile[]> {
    return this.#json('/emulator/files');
  }

  async log(): Promise<readonly LogEntry[]> {
    return this.#json('/emulator/log');
  }

  async faults(script: FaultScript): Promise<void> {
    const headers = { 'Content-Type': 'application/json' };
    await fetch(`${this.url}/emulator/faults`, { method: 'POST', headers, body: JSON.stringify(script) });
  }

  /** Forgets files, sessions, faults and log. */
  async clear(): Promise<void> {
    for (const path of ['files', 'faults', 'log']) await fetch(`${this.url}/emulator/${path}`, { method: 'DELETE' });
  }

  async close(): Promise<void> {
    await this.#stop();
  }

  async #json<T>(path: string): Promise<T> {
    const response = await fetch(this.url + path);
    if (!response.ok) throw new Error(`${path} answered ${response.status}.`);
    return response.json() as Promise<T>;
  }
}
