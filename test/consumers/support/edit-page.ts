/** An edit page of an application: two stored files, of which one is removed, and one that is added. */

import assert from 'node:assert/strict';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it } from 'node:test';
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

interface Edited {
  readonly saved: Saved | undefined;
  /** Of the file that was added; empty without scripts, where the backend gives it its id. */
  readonly addedId: string;
  readonly said: readonly string[];
}

const editWithScripts = async (site: Site): Promise<Edited> => {
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

const editWithoutScripts = async (site: Site): Promise<Edited> => {
  const { page, said } = await site.visit('/edit.html', false);
  await press(page, 'input[value=notes]');
  const input = (await page.$('fastio-upload input[type=file]')) as ElementHandle<HTMLInputElement> | null;
  await input?.uploadFile(await addedFile());
  await Promise.all([page.waitForNavigation(), press(page, '#save')]);
  return { saved: site.saved.at(-1), addedId: '', said };
};

/** The tests of an application whose `edit.html` is such a page. */
export const testEditPage = (opened: () => Site | undefined): void => {
  it('submits what is kept, what was removed and what was added on an edit page that its server rendered', async () => {
    const site = opened();
    assert.ok(site);
    const { saved, addedId, said } = await editWithScripts(site);
    assert.notEqual(addedId, '');
    assert.deepEqual(saved, [
      ['files', 'plan'],
      ['files', addedId],
      ['files-removed', 'notes'],
    ]);
    assert.deepEqual(said, []);
  });

  it('does so with scripts off, by the inputs inside the tag', async () => {
    const site = opened();
    assert.ok(site);
    const { saved } = await editWithoutScripts(site);
    assert.deepEqual(saved, [
      ['files', 'plan'],
      ['files', 'added.txt: new'],
    ]);
  });
};
