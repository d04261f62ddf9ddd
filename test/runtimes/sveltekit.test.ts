import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { freePort, type Runtime, type Storage } from './support/runtime.js';
import { serveRecipe } from './support/served-recipe.js';
import { takesAFolder } from './support/takes-a-folder.js';

const startSvelteKit = async (storage: Storage): Promise<Runtime> => {
  const port = String(await freePort());
  return serveRecipe('SvelteKit', storage, {
    values: { ORIGIN: `http://localhost:${port}` },
    env: { HOST: '127.0.0.1', PORT: port },
    announces: /Listening on http:\/\/[\d.]+:(\d+)/,
  });
};

describe('The gateway on SvelteKit, by its recipe', () => {
  const started = takesAFolder(startSvelteKit);

  it('sends the ids of stored files with its form', async () => {
    const { browser, runtime, folder } = started();
    const demo = await browser.open(runtime.url, 'auto');
    await demo.choose(
      ...folder.files
        .filter(({ size }) => size === 20_000)
        .slice(0, 3)
        .map(({ path }) => path),
    );
    await demo.settled(3);
    await demo.page.type('input[name=title]', 'Holiday');
    await Promise.all([demo.page.waitForNavigation(), demo.page.$eval('form > button', (button) => button.click())]);
    assert.equal(await demo.page.$eval('#sent', ({ textContent }) => textContent), 'Holiday: 3 files');
    await demo.close();
  });

  it('takes no id that its sender did not store', async () => {
    const { runtime } = started();
    const body = new URLSearchParams({ title: 'Stolen', attachments: 'node-of-another-user' });
    const headers = {
      Origin: runtime.url,
      Accept: 'application/json',
      'Content-Type': 'application/x-www-form-urlencoded',
    };
    const response = await fetch(`${runtime.url}/`, { method: 'POST', headers, body });
    const { type, status } = await response.json();
    assert.deepEqual([type, status], ['failure', 403]);
  });
});
