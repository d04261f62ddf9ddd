/**
 * The folder with the bytes. Received bytes go to a temporary file while they are hashed, and only a finished file is
 * moved to its place, so a half-written file is never visible. File names on disk never come from requests.
 */

import { randomUUID } from 'node:crypto';
import { mkdirSync, renameSync, rmSync } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { MiB } from '../../lib/byte-size.js';
import { type Algorithm, createDigest } from './digest.js';

export interface TempFile<A extends Algorithm = never> {
  readonly path: string;
  readonly size: number;
  /** Lower-case hex. */
  readonly digests: Readonly<Record<A, string>>;
}

export interface WriteOptions<A extends Algorithm> {
  readonly algorithms: readonly A[];
  readonly signal: AbortSignal;
  /** Bytes of this request after which the disk acts full. */
  readonly roomBytes: number;
}

const diskFull = (): Error => Object.assign(new Error('no space left on the emulated disk'), { code: 'ENOSPC' });

export class Disk {
  readonly root: string;
  readonly #temp: string;
  #freeBytes: number;

  constructor(root: string, capacityBytes: number) {
    this.root = root;
    this.#temp = join(root, 'temp');
    this.#freeBytes = capacityBytes;
    // Unfinished files of an earlier run are deleted.
    rmSync(this.#temp, { recursive: true, force: true });
    mkdirSync(this.#temp, { recursive: true });
  }

  /** The folder of that name, created when missing. */
  folder(name: string): string {
    const path = join(this.root, name);
    mkdirSync(path, { recursive: true });
    return path;
  }

  /** Subtracts the bytes of an earlier run from the capacity. */
  occupy(bytes: number): void {
    this.#freeBytes -= bytes;
  }

  /**
   * Streams the source into a temporary file, and deletes it on failure.
   * @throws an error of code `ENOSPC` when the disk, real or emulated, is full.
   */
  async write<A extends Algorithm>(source: AsyncIterable<Uint8Array>, options: WriteOptions<A>): Promise<TempFile<A>> {
    const path = join(this.#temp, randomUUID());
    const running = options.algorithms.map((algorithm) => ({ algorithm, digest: createDigest(algorithm) }));
    let size = 0;
    const measure = async function* (this: Disk, chunks: AsyncIterable<Uint8Array>) {
      for await (const chunk of chunks) {
        if (chunk.length > Math.min(this.#freeBytes, options.roomBytes - size)) throw diskFull();
        this.#freeBytes -= chunk.length;
        size += chunk.length;
        for (const { digest } of running) digest.update(chunk);
        yield chunk;
      }
    }.bind(this);
    const handle = await open(path, 'wx');
    try {
      if (options.roomBytes <= 0) throw diskFull();
      await pipeline(source, measure, handle.createWriteStream({ highWaterMark: MiB }), { signal: options.signal });
    } catch (error) {
      await handle.close();
      await this.remove(path, size);
      throw error;
    }
    const digests = Object.fromEntries(running.map(({ algorithm, digest }) => [algorithm, digest.hex()]));
    return { path, size, digests: digests as Record<A, string> };
  }

  async writeText(path: string, text: string): Promise<void> {
    const temp = join(this.#temp, randomUUID());
    const handle = await open(temp, 'wx');
    try {
      await handle.writeFile(text);
    } finally {
      await handle.close();
    }
    await rename(temp, path);
  }

  /**
   * Moves a finished file to its place, synchronously, so that nothing runs between the caller's check and the move.
   */
  place(file: TempFile, path: string): void {
    renameSync(file.path, path);
  }

  async discard(file: TempFile): Promise<void> {
    await this.remove(file.path, file.size);
  }

  async remove(path: string, size: number): Promise<void> {
    await rm(path, { force: true, recursive: true });
    this.release(size);
  }

  /** Adds the bytes of an overwritten file to the free space. */
  release(size: number): void {
    this.#freeBytes += size;
  }
}
