/**
 * The folder with the bytes. Whatever comes in goes to a temporary file while it is hashed, and only a finished file is
 * moved to its place, so a half-written one is never seen. No name on disk comes from outside.
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
  /** Bytes after which the disk plays full. */
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
    // What an earlier run left unfinished.
    rmSync(this.#temp, { recursive: true, force: true });
    mkdirSync(this.#temp, { recursive: true });
  }

  /** The folder of that name, made when absent. */
  folder(name: string): string {
    const path = join(this.root, name);
    mkdirSync(path, { recursive: true });
    return path;
  }

  /** Takes note of bytes that an earlier run left in place. */
  occupy(bytes: number): void {
    this.#freeBytes -= bytes;
  }

  /**
   * Streams the source into a temporary file; on any failure nothing is left.
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

  /** Puts a finished file in its place, in one step; at once, so that nothing can come between a check and the act. */
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

  /** Gives back bytes whose file has been overwritten. */
  release(size: number): void {
    this.#freeBytes += size;
  }
}
