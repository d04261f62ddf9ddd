/** The recipes for plain form handlers, as the documentation has them, and their pages as a browser uses them. */

import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ElementHandle, Page } from 'puppeteer-core';
import { SAMPLES } from '../../package/samples/extract.js';
import { press } from './press.js';
import type { Site } from './site.js';

/** The code block in this language that holds the text. @throws Error when there is none, or a second. */
export const formRecipe = (language: string, holding: string): string => {
  const blocks = SAMPLES.filter((sample) => sample.page === 'backends-form' && sample.language === language);
  const [block, ...more] = blocks.filter(({ code }) => code.includes(holding));
  if (block === undefined || more.length > 0) throw new Error(`form.md has no one ${language} block with ${holding}`);
  return block.code;
};

export interface Sent {
  readonly bytes: Buffer;
  /** Of the stored file: the element's value, or what the page shows where scripts are off. */
  readonly shown: string;
  /** Errors and warnings of the page's console. */
  readonly said: readonly string[];
}

/** Chooses a file of some mebibytes, and waits until it is sent. */
const sendFile = async (
  { page, said }: Awaited<ReturnType<Site['visit']>>,
  input: ElementHandle<HTMLInputElement>,
  finish: (page: Page) => Promise<string>,
): Promise<Sent> => {
  const folder = await mkdtemp(join(tmpdir(), 'fastio-upload-form-'));
  const bytes = randomBytes(3 * 1024 * 1024 + 7);
  const path = join(folder, 'photo.bin');
  await writeFile(path, bytes);
  await input.uploadFile(path);
  const shown = await finish(page);
  await rm(folder, { recursive: true });
  return { bytes, shown, said };
};

const storedId = async (page: Page): Promise<string> => {
  const found = await page.waitForFunction(() => {
    const element = document.querySelector('fastio-upload');
    const { value } = element as unknown as { readonly value: readonly string[] };
    return value.length > 0 && value.join();
  });
  return String(await found.jsonValue());
};

export const sendByElement = async (site: Site, url: string): Promise<Sent> => {
  const opened = await site.visit(url);
  const find = () => document.querySelector('fastio-upload')?.shadowRoot?.querySelector('input[type=file]');
  await opened.page.waitForFunction(find);
  const input = await opened.page.evaluateHandle(find);
  return sendFile(opened, input as ElementHandle<HTMLInputElement>, storedId);
};

export const sendWithoutScripts = async (site: Site, url: string): Promise<Sent> => {
  const opened = await site.visit(url, false);
  const input = await opened.page.$('fastio-upload input[type=file]');
  if (input === null) throw new Error('the page has no input inside of the element');
  return sendFile(opened, input as ElementHandle<HTMLInputElement>, async (page) => {
    await Promise.all([page.waitForNavigation(), press(page, 'form button')]);
    return page.$eval('body', ({ textContent }) => textContent ?? '');
  });
};
