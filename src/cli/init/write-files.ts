import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { MadeFile } from './choices.js';

export interface WrittenFile {
  readonly path: string;
  readonly outcome: 'written' | 'kept';
}

/** Writes the files; existing files are kept unchanged. */
export const writeFiles = async (folder: string, files: readonly MadeFile[]): Promise<readonly WrittenFile[]> => {
  const written: WrittenFile[] = [];
  for (const { path, text } of files) {
    const place = join(folder, path);
    await mkdir(dirname(place), { recursive: true });
    written.push({ path, outcome: await writeNew(place, text) });
  }
  return written;
};

const writeNew = async (place: string, text: string): Promise<WrittenFile['outcome']> => {
  try {
    await writeFile(place, text, { flag: 'wx', mode: place.endsWith('.env') ? 0o600 : 0o644 });
    return 'written';
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return 'kept';
    throw error;
  }
};
