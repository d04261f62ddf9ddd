/** Adds the files that a user picked, dropped or pasted, and then sends `input` and `change`. */

import type { EngineCore } from '../../engine/engine-core.js';
import { nextTask } from '../../lib/in-slices.js';
import type { FileInput, SourceFile } from '../../ports/source.js';

export interface TakingHost {
  /** Returns the engine with the current attributes applied. */
  readonly engine: () => EngineCore;
  readonly changed: () => void;
}

/** Files added in one task: ten thousand at once would block the page for half a second. */
const AT_ONCE = 400;
/** Of thousands, fewer are added in the first task, which also compiles the code. */
const FIRST = 80;

export const fileIn = (input: FileInput): File => (input instanceof File ? input : input.file);

export const takeMany = async (files: readonly FileInput[], { engine, changed }: TakingHost): Promise<void> => {
  let taken = 0;
  let end = files.length > AT_ONCE ? FIRST : AT_ONCE;
  for (let start = 0; start < files.length; start = end, end += AT_ONCE) {
    if (start > 0) await nextTask();
    taken += engine().addFiles(files.slice(start, end)).length;
  }
  if (taken > 0) changed();
};

/** Like a file input without `multiple`: the first file replaces the previous one. */
export const takeOne = (
  [first, ...others]: readonly FileInput[],
  { engine, changed }: TakingHost,
  refuse: (file: SourceFile) => void,
): void => {
  if (first === undefined) return;
  if (engine().replaceAll(first).length > 0) changed();
  for (const other of others) refuse(fileIn(other));
};
