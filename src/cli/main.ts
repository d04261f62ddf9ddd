#!/usr/bin/env node
/** The command itself. */

import { run } from './run.js';

process.exitCode = await run(process.argv.slice(2), {
  print: (text) => void process.stdout.write(text),
  printError: (text) => void process.stderr.write(text),
});
