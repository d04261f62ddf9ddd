import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { promisify } from 'node:util';
import { ROOT } from './published.js';

const run = promisify(execFile);

describe('an application', () => {
  it('compiles strictly against the published types, without the types of Node', async () => {
    const compiler = join(ROOT, 'node_modules/typescript/bin/tsc');
    const { stdout } = await run(process.execPath, [compiler, '-p', join(ROOT, 'test/package/consumer')]).catch(
      (error) => {
        throw new Error(error.stdout);
      },
    );
    if (stdout !== '') throw new Error(stdout);
  });
});
