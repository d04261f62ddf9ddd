import assert from 'node:assert/strict';
import { basename } from 'node:path';
import type { StoredFile } from '../../../src/emulator/disk/object-store.js';
import type { MadeFile } from './made-files.js';

interface Comparable {
  readonly name: string;
  readonly size: number;
  readonly sha256: string;
}

const sorted = (files: readonly Comparable[]): Comparable[] =>
  files
    .map(({ name, size, sha256 }) => ({ name, size, sha256 }))
    .sort((a, b) => a.sha256.localeCompare(b.sha256) || a.name.localeCompare(b.name));

/** Storage holds exactly these files: each once, under its name, with its bytes, and nothing else. */
export const assertSameFiles = (stored: readonly StoredFile[], made: readonly MadeFile[]): void =>
  assert.deepEqual(sorted(stored), sorted(made.map((file) => ({ ...file, name: basename(file.name) }))));
