import { inClone } from './clone.js';
import { recipe } from './readme.js';
import { type Runtime, type Storage, serve, valuesFor } from './runtime.js';

export interface Around {
  /** Filled in besides what each recipe asks for. */
  readonly values?: Readonly<Record<string, string>>;
  /** In the environment of the shell: what no recipe has to name. */
  readonly env: Readonly<Record<string, string>>;
  /** Finds the port in what the application prints. */
  readonly announces: RegExp;
}

/** The recipe of a server on this machine, run as it is written. */
export const serveRecipe = (name: string, storage: Storage, around: Around): Promise<Runtime> => {
  const commands = recipe(name, { ...valuesFor(storage), ...around.values });
  const env = { FASTIO_UPSTREAM: storage.url, ...around.env };
  return inClone((cwd) => serve({ commands, cwd, env }, around.announces));
};
