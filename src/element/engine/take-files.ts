/** Adds the files that a user picked, dropped or pasted, and then sends `input` and `change`. */

import type { EngineCore } from '../../engine/engine-core.js';
import type { FileInput, SourceFile } from '../../ports/source.js';

export interface TakingHost {
  /** Returns the engine with the current attributes applied. */
  readonly engine: () => EngineCore;
  readonly changed: () => void;
}

export const fileIn = (input: FileInput): File => (input instanceof File ? input : input.file);

export const takeMany = (files: readonly FileInput[], { engine, changed }: TakingHost): void => {
  engine().addFiles(files, (count) => {
    if (count > 0) changed();
  });
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
