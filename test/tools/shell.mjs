/** Commands of the runner, and what they print: at once, or gathered so that groups side by side stay readable. */

import { spawn } from 'node:child_process';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const BIN = join(ROOT, 'node_modules', '.bin');

export class Shell {
  #gathered = '';
  #isLive;

  /** @param {boolean} isLive whether output is printed as it comes */
  constructor(isLive) {
    this.#isLive = isLive;
  }

  /** What was printed so far, unless it is printed as it comes. */
  get gathered() {
    return this.#gathered;
  }

  say(line) {
    if (this.#isLive) console.log(line);
    else this.#gathered += `${line}\n`;
  }

  /** Runs a program of the machine or of a package; answers whether it succeeded. */
  run(command, args, env = {}) {
    return new Promise((resolve) => {
      const path = `${BIN}${delimiter}${process.env.PATH ?? ''}`;
      const output = this.#isLive ? 'inherit' : 'pipe';
      const child = spawn(command, args, {
        cwd: ROOT,
        stdio: ['ignore', output, output],
        env: { ...process.env, ...env, PATH: path },
      });
      for (const stream of [child.stdout, child.stderr]) {
        stream?.setEncoding('utf8').on('data', (text) => {
          this.#gathered += text;
        });
      }
      child.on('error', (error) => {
        this.say(error.message);
        resolve(false);
      });
      child.on('close', (code) => resolve(code === 0));
    });
  }
}
