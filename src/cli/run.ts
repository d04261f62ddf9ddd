/** The commands of `npx fastio-upload`. */

import { CHECK_USAGE, check } from './check/command.js';
import { INIT_USAGE, init } from './init/command.js';
import { UsageError } from './usage-error.js';

const USAGE = `Usage: npx fastio-upload COMMAND

${INIT_USAGE}
${CHECK_USAGE}`;

export interface Output {
  readonly print: (text: string) => void;
  readonly printError: (text: string) => void;
}

const isUsage = (error: unknown): error is Error =>
  error instanceof UsageError ||
  (error instanceof TypeError && 'code' in error && `${error.code}`.startsWith('ERR_PARSE_ARGS'));

/** @returns the exit code; 2 for a usage error. */
export const run = async ([command, ...args]: readonly string[], { print, printError }: Output): Promise<number> => {
  const asksHelp = command === undefined || command === 'help' || [command, ...args].includes('--help');
  if (asksHelp) print(USAGE);
  if (asksHelp) return command === undefined ? 2 : 0;
  try {
    if (command === 'check') return await check(args, print);
    if (command === 'init') return await init(args, print);
    throw new UsageError(`there is no command ${command}`);
  } catch (error) {
    if (!isUsage(error)) throw error;
    printError(`${error.message}\nSee npx fastio-upload --help\n`);
    return 2;
  }
};
