#!/usr/bin/env node
/** Entry point of `npx fastio-upload`. */

import { run } from './run.js';

process.exitCode = await run(process.argv.slice(2), {
  print: (text) => void process.stdout.write(text),
  printError: (text) => void process.stderr.write(text),
});
