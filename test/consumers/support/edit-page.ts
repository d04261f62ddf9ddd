/** An edit page of an application: two stored files, of which one is removed, and one that is added. */

import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ElementHandle } from 'puppeteer-core';
import { press, until } from './press.js';
import type { Saved, Site } from './site.js';

const ADDED = 'added.txt';

/** In a folder of its own, because the tests of several applications run at once. */
const addedFile = async (): Promise<string> => {
  const path = join(await mkdtemp(join(tmpdir(), 'edit-page-')), ADDED);
  await writeFile(path, 'new');
  return path;
};

export interface Edited {
  readonly saved: Saved | undefined;
  /** Of the file that was added; empty without scripts, where the backend gives it its id. */
  readonly addedId: string;
  readonly said: readonly string[];
}

export const editWithScripts = async (site: Site): Promise<Edited> => {
  const { page, said } = await site.visit('/edit.html');
  const row = () =>
    document.querySelector('fastio-upload')?.shadowRoot?.querySelectorAll<HTMLElement>('li [data-action=remove]')[1];
  await until(page, said, row);
  await page.evaluate(() => {
    const root = document.querySelector('fastio-upload')?.shadowRoot;
    root?.querySelectorAll<HTMLElement>('li [data-action=remove]')[1]?.click();
  });
  const input = await page.evaluateHandle(() =>
    document.querySelector('fastio-upload')?.shadowRoot?.querySelector('input[type=file]'),
  );
  await (input as ElementHandle<HTMLInputElement>).uploadFile(await addedFile());
  const ids = await page.waitForFunction(() => {
    const { value } = document.querySelector('fastio-upload') as unknown as { readonly value: readonly string[] };
    return value.length === 2 && value;
  });
  const [, addedId = ''] = (await ids.jsonValue()) || [];
  await Promise.all([page.waitForNavigation(), press(page, '#save')]);
  return { saved: site.saved.at(-1), addedId, said };
};

export const editWithoutScripts = async (site: Site): Promise<Edited> => {
  const { page, said } = await site.visit('/edit.html', false);
  await press(page, 'input[value=notes]');
  const input = (await page.$('fastio-upload input[type=file]')) as ElementHandle<HTMLInputElement> | null;
  await input?.uploadFile(await addedFile());
  await Promise.all([page.waitForNavigation(), press(page, '#save')]);
  return { saved: site.saved.at(-1), addedId: '', said };
};
