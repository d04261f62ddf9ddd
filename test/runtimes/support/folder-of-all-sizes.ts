/** The folder that every runtime has to take: each boundary of the API, and many files of little. */

import { type MadeFile, MadeFiles } from '../../e2e/support/made-files.js';

const MiB = 2 ** 20;

/** 700 MiB takes more chunks than a fixed 5 MiB allows under the free plan's 35. `BIG_FILE_MIB` makes it smaller. */
const BIG_MIB = Number(process.env.BIG_FILE_MIB ?? 700);
const MANY = 500;

export interface MadeFolder {
  readonly files: readonly MadeFile[];
  close(): Promise<void>;
}

/** @param bigMiB of the large one. */
export const makeFolder = async (bigMiB = BIG_MIB): Promise<MadeFolder> => {
  const made = await MadeFiles.begin();
  const files = [
    await made.make('big.bin', bigMiB * MiB),
    await made.make('four.bin', 4 * MiB),
    await made.make('below-four.bin', 4 * MiB - 1),
    await made.make('empty.bin', 0),
  ];
  for (let index = 0; index < MANY; index++) files.push(await made.make(`small-${index}.bin`, 20_000));
  return { files, close: () => made.close() };
};
