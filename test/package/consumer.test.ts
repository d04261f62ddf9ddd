import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { promisify } from 'node:util';
import { ROOT } from './published.js';

const run = promisify(execFile);

const compile = async (project: string): Promise<void> => {
  const compiler = join(ROOT, 'node_modules/typescript/bin/tsc');
  const { stdout } = await run(process.execPath, [compiler, '-p', join(ROOT, 'test/package/consumer', project)]).catch(
    (error) => {
      throw new Error(error.stdout);
    },
  );
  if (stdout !== '') throw new Error(stdout);
};

describe('an application', () => {
  it('compiles strictly against the published types, without the types of Node', () => compile('tsconfig.json'));
});

describe('a program', () => {
  it('compiles strictly against the published types, without the types of a page', () => compile('tsconfig.node.json'));
});
