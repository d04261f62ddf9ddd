/**
 * Folders in the temporary one of the system. A test removes its own; whatever is left of one that failed or was stopped
 * goes with the process.
 */

import { rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Browsers that have just been killed may still be writing. */
const REMOVAL = { recursive: true, force: true, maxRetries: 10 } as const;

const folders = new Set<string>();

const removeAll = (): void => {
  for (const folder of folders) {
    try {
      rmSync(folder, REMOVAL);
    } catch {
      // A browser that is still writing outlives this process: the system has to tidy up.
    }
  }
};

process.once('exit', removeAll);
// A signal ends a process without `exit`, unless it is listened to.
process.once('SIGINT', () => process.exit(130));
process.once('SIGTERM', () => process.exit(143));

/** An empty folder with this in its name. */
export const makeScratchFolder = async (name: string): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), `fastio-upload-${name}-`));
  folders.add(folder);
  return folder;
};

export const removeScratchFolder = async (folder: string): Promise<void> => {
  await rm(folder, REMOVAL);
  folders.delete(folder);
};
