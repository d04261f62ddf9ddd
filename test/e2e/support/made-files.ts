/** Random files on disk with their checksums, written as a stream so that their size does not matter. */

import { createHash, randomBytes } from 'node:crypto';
import { mkdir, open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { makeScratchFolder, removeScratchFolder } from '../../support/scratch-folder.js';

export interface MadeFile {
  readonly path: string;
  /** As made: a name, or a path below the folder of all files. */
  readonly name: string;
  readonly size: number;
  readonly sha256: string;
}

const BLOCK = 2 ** 20;

export class MadeFiles {
  readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
  }

  static async begin(): Promise<MadeFiles> {
    return new MadeFiles(await makeScratchFolder('files'));
  }

  /** @param name may hold slashes; folders are made. @param size bytes of random content. */
  async make(name: string, size: number): Promise<MadeFile> {
    const path = join(this.folder, name);
    await mkdir(dirname(path), { recursive: true });
    const hash = createHash('sha256');
    const file = await open(path, 'w');
    try {
      for (let written = 0; written < size; written += BLOCK) {
        const block = randomBytes(Math.min(BLOCK, size - written));
        hash.update(block);
        await file.write(block);
      }
    } finally {
      await file.close();
    }
    return { path, name, size, sha256: hash.digest('hex') };
  }

  async close(): Promise<void> {
    await removeScratchFolder(this.folder);
  }
}
