/** What the README tells its readers to run and to write, word for word. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './clone.js';

const README = readFileSync(join(ROOT, 'README.md'), 'utf8');

const found = (text: string | undefined, what: string): string => {
  if (text === undefined) throw new Error(`README.md has no ${what}`);
  return text;
};

const blocksIn = (language: string): string[] =>
  [...README.matchAll(/^```(\w+)\n(.*?)^```$/gms)].flatMap(([, name, text]) =>
    name === language && text !== undefined ? [text] : [],
  );

/** Commands, with a value in the place of each `NAME=…`. */
const fillIn = (commands: string, values: Readonly<Record<string, string>>): string => {
  const filled = commands.replace(/\b([A-Z_]+)=…/g, (_, name: string) => {
    const value = found(values[name], `value to give for ${name}`);
    return `${name}='${value.replaceAll("'", "'\\''")}'`;
  });
  if (filled.includes('…')) throw new Error(`Something is left open in ${filled}`);
  return filled;
};

/** The commands under `# Name` that deploy an application. */
export const recipe = (name: string, values: Readonly<Record<string, string>>): string => {
  const block = blocksIn('sh').find((text) => new RegExp(`^# ${name}\\b`).test(text));
  return fillIn(found(block, `recipe "# ${name}"`), values);
};

/** The lines under `// Name` that put the gateway into a framework. */
export const snippet = (name: string): string => {
  const pieces = blocksIn('js').flatMap((block) => block.split(/\n\n(?=\/\/ )/));
  return found(
    pieces.find((piece) => new RegExp(`^// ${name}\\b`).test(piece)),
    `snippet "// ${name}"`,
  );
};

/** The options of the gateway, as an object literal: what the snippets call `OPTIONS`. */
export const gatewayOptions = (): string => {
  const [, literal] = /createUploadHandler\((\{.*?^\})\);$/ms.exec(blocksIn('js').join('\n')) ?? [];
  return found(literal, 'call of createUploadHandler');
};
