/** An engine that speaks `fastio` to the emulator over real HTTP, and what its tests ask of both. */

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import type { LogEntry } from '../../../../src/emulator/http/request-log.js';
import { type EmulatorOptions, type RunningEmulator, startEmulator } from '../../../../src/emulator/index.js';
import { type EngineOptions, type FileInput, UploadEngine, type UploadSnapshot } from '../../../../src/preset.js';
import { clockWithoutUndo } from '../../../support/clock-without-undo.js';

export const MiB = 2 ** 20;
export const WORKSPACE = '1234567890123456789';
/** The request that sends many small files. */
export const BATCH = 'POST upload/batch/';

export interface Bench {
  readonly emulator: RunningEmulator;
  open(options?: Partial<EngineOptions>): UploadEngine;
  /** Requests seen, as `METHOD path` with ids as `{id}` and without `/current/`. */
  requests(): string[];
  count(request: string): number;
  /** Requests that the emulator refused. */
  refused(): LogEntry[];
  /** Chunk requests of each session, in order of arrival. */
  chunksBySession(): LogEntry[][];
  /** SHA-256 of what is stored, by name. */
  stored(): Map<string, string>;
  /** These uploads of files named `image.png` are a file each, under a name and an id of its own, byte for byte. */
  assertApart(uploads: readonly UploadSnapshot[], images: readonly File[]): Promise<void>;
  /** Each of them is stored, byte for byte. */
  assertStored(...files: readonly File[]): Promise<void>;
  close(): Promise<void>;
}

export const openBench = async (options: EmulatorOptions = {}): Promise<Bench> => {
  const emulator = await startEmulator(options);
  const engines: UploadEngine[] = [];
  const requests = () => emulator.log().map(({ method, path }) => `${method} ${bare(path)}`);
  const stored = () => new Map(emulator.files().map(({ name, sha256 }) => [name, sha256]));
  return {
    emulator,
    requests,
    count: (request) => requests().filter((other) => other === request).length,
    refused: () => emulator.log().filter(({ status }) => status >= 400),
    chunksBySession: () => chunksBySession(emulator.log()),
    stored,
    assertApart: async (uploads, images) => {
      assert.deepEqual(
        endsOf(uploads),
        images.map(() => 'done'),
      );
      const sent = await Promise.all(images.map(sha256Of));
      const names = images.map((_, index) => (index === 0 ? 'image.png' : `image (${index + 1}).png`));
      assert.deepEqual(
        emulator
          .files()
          .map(({ fileId, name, sha256 }) => `${fileId} ${name} ${sha256}`)
          .sort(),
        uploads.map(({ fileId }, index) => `${fileId} ${names[index]} ${sent[index]}`).sort(),
      );
    },
    assertStored: async (...files) => {
      for (const file of files) assert.equal(stored().get(file.name), await sha256Of(file), file.name);
    },
    open: (changes = {}) => {
      const engine = new UploadEngine(
        {
          endpoint: `${emulator.url}/current`,
          protocol: 'fastio',
          workspaceId: WORKSPACE,
          headers: async () => ({ Authorization: `Bearer ${emulator.apiKey}` }),
          resume: false,
          ...changes,
        },
        // A real channel between tabs would keep the process alive.
        { channel: { post: () => {}, listen: () => {} }, clock: clockWithoutUndo },
      );
      engines.push(engine);
      return engine;
    },
    close: async () => {
      for (const engine of engines) engine.cancel();
      await emulator.close();
    },
  };
};

const bare = (path: string): string =>
  path
    .replace('/current/', '')
    .replace(/\b[a-z0-9]{5}(-[a-z0-9]{1,5}){3,}/g, '{id}')
    .replace(WORKSPACE, '{id}');

/** A loop, because these are many. */
const bytesOf = (size: number, seed: number): Uint8Array<ArrayBuffer> => {
  const bytes = new Uint8Array(size);
  for (let index = 0; index < size; index++) bytes[index] = index * 31 + seed * 17 + (index >> 8);
  return bytes;
};

export const fileOf = (name: string, size: number, seed = size + name.length): File =>
  new File([bytesOf(size, seed)], name, { lastModified: 1 });

export const sha256Of = async (file: Blob): Promise<string> =>
  createHash('sha256')
    .update(new Uint8Array(await file.arrayBuffer()))
    .digest('hex');

/** Resolves when nothing is left to do; to be called before what is to be done. */
export const untilIdle = (engine: UploadEngine): Promise<unknown> =>
  new Promise((resolve) => engine.addEventListener('queue-complete', resolve, { once: true }));

/** Adds the files and waits until nothing is left to do. */
export const uploadAll = async (
  engine: UploadEngine,
  files: Iterable<FileInput>,
): Promise<readonly UploadSnapshot[]> => {
  const idle = untilIdle(engine);
  engine.addFiles(files);
  await idle;
  return engine.uploads;
};

/** What each upload ended with: its error, or `done`. */
export const endsOf = (uploads: readonly UploadSnapshot[]): string[] =>
  uploads.map(({ state, error }) => error?.code ?? state);

/** Most of the requests that were open at one moment. */
export const mostAtOnce = (entries: readonly LogEntry[]): number =>
  Math.max(
    ...entries.map(
      ({ startedAt }) =>
        entries.filter((other) => other.startedAt <= startedAt && (other.endedAt ?? Infinity) > startedAt).length,
    ),
  );

const chunksBySession = (log: readonly LogEntry[]): LogEntry[][] => {
  const sessions = new Map<string, LogEntry[]>();
  for (const entry of log) {
    if (!entry.path.endsWith('/chunk/')) continue;
    sessions.set(entry.path, [...(sessions.get(entry.path) ?? []), entry]);
  }
  return [...sessions.values()];
};
