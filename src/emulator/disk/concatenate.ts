import { createReadStream } from 'node:fs';
import { MiB } from '../../lib/byte-size.js';

/** The bytes of the files at these paths, one file after the other. */
export const concatenate = async function* (paths: readonly string[]) {
  for (const path of paths) yield* createReadStream(path, { highWaterMark: MiB });
};
