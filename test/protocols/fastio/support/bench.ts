/** An engine that speaks `fastio` to the emulator over real HTTP, and what its tests ask of both. */

import { createHash } from 'node:crypto';
import { type EmulatorOptions, type RunningEmulator, startEmulator } from '../../../../src/emulator/index.js';
import { type EngineOptions, UploadEngine, type UploadSnapshot } from '../../../../src/preset.js';
import { MemoryStore } from '../../../../src/stores/memory-store.js';

export const MiB = 2 ** 20;
export const WORKSPACE = '1234567890123456789';

export interface Bench {
  readonly emulator: RunningEmulator;
  readonly store: MemoryStore;
  /** A new page: another engine with the same records. */
  open(options?: Partial<EngineOptions>): UploadEngine;
  /** Requests seen, as `METHOD path` with ids left out. */
  requests(): string[];
  close(): Promise<void>;
}

export const openBench = async (options: EmulatorOptions = {}): Promise<Bench> => {
  const emulator = await startEmulator(options);
  const store = new MemoryStore();
  const engines: UploadEngine[] = [];
  return {
    emulator,
    store,
    open: (changes = {}) => {
      const engine = new UploadEngine(
        {
          endpoint: `${emulator.url}/current`,
          protocol: 'fastio',
          workspaceId: WORKSPACE,
          headers: async () => ({ Authorization: `Bearer ${emulator.apiKey}` }),
          ...changes,
        },
        { store, channel: { post: () => {}, listen: () => {} } },
      );
      engines.push(engine);
      return engine;
    },
    requests: () => emulator.log().map(({ method, path }) => `${method} ${bare(path)}`),
    close: async () => {
      for (const engine of engines) engine.cancel();
      await emulator.close();
    },
  };
};

const bare = (path: string): string =>
  path
    .replace(/\?.*$/, '')
    .replace('/current/', '')
    .replace(/[a-z0-9]{5}(-[a-z0-9]{1,5}){3,}/g, '{id}');

/** Bytes that no two files share. */
export const bytesOf = (size: number, seed = size): Uint8Array<ArrayBuffer> => {
  const bytes = new Uint8Array(size);
  let state = (seed * 2654435761) >>> 0 || 1;
  for (let index = 0; index < size; index++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    bytes[index] = state;
  }
  return bytes;
};

export const fileOf = (name: string, size: number, seed?: number): File =>
  new File([bytesOf(size, seed)], name, { lastModified: 1 });

export const sha256Of = async (file: Blob): Promise<string> =>
  createHash('sha256')
    .update(new Uint8Array(await file.arrayBuffer()))
    .digest('hex');

/** Resolves when nothing is left to do. */
export const whenIdle = (engine: UploadEngine): Promise<readonly UploadSnapshot[]> =>
  new Promise((resolve) => {
    engine.addEventListener('queue-complete', () => resolve(engine.uploads), { once: true });
  });

/** Name and SHA-256 of what is stored, by name. */
export const storedIn = ({ emulator }: Bench): Map<string, string> =>
  new Map(emulator.files().map(({ name, sha256 }) => [name, sha256]));
