/** The tests claim of pages that they had no errors: that means something only where errors are told, in each browser. */

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { startBrowser } from '../support/browsers/start-browser.js';
import type { BrowserDriver, TabDriver } from '../support/browsers/tab-driver.js';
import { DemoProcess } from './support/demo-process.js';

let demo: DemoProcess;
let browser: BrowserDriver;

before(async () => {
  [demo, browser] = await Promise.all([DemoProcess.start([]), startBrowser([])]);
});
after(async () => {
  await Promise.all([demo.close(), browser.close()]);
});

/** Until the browser has told so many. */
const told = async (tab: TabDriver, count: number): Promise<string> => {
  const endsAt = Date.now() + 30_000;
  while ((await tab.errors()).length < count && Date.now() < endsAt) await delay(100);
  return (await tab.errors()).join('\n');
};

/** As one of the page's own; browsers do not tell all errors of what a driver evaluates. */
const runScript = (tab: TabDriver, text: string): Promise<void> =>
  tab.evaluate((source) => {
    const script = document.createElement('script');
    script.textContent = source;
    document.body.append(script);
  }, text);

describe('an error that is not caught', () => {
  it('is told, and a rejection too, through a reload', async () => {
    const tab = await (await browser.newVisitor()).newTab();
    await tab.goto(demo.url);
    assert.deepEqual(await tab.errors(), []);
    await runScript(tab, `throw new Error('thrown')`);
    assert.match(await told(tab, 1), /thrown/);
    await tab.reload();
    await runScript(tab, `Promise.reject(new Error('rejected'))`);
    assert.match(await told(tab, 2), /thrown[\s\S]*rejected/);
  });
});
