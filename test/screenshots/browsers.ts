/** Three browsers behind one small face: open a page, wait for its title, take its picture. */

import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { PNG } from 'pngjs';
import puppeteer from 'puppeteer-core';
import { CHROMIUM_FLAGS, requireBrowser } from '../tools/browsers.mjs';
import { FIREFOX_FLAGS, type ForcedColors, forceColors } from '../tools/force-colors.mjs';

export interface Shot {
  readonly url: string;
  readonly forcedColors: ForcedColors;
}

export interface Camera {
  /** PNG of the page's body. */
  take(shot: Shot): Promise<Uint8Array>;
  close(): Promise<void>;
}

/** As high as the states are, because pictures are made of what is in sight; the veil covers a window. */
const sizeFor = (url: string) => ({ width: 1660, height: url.includes('veil') ? 900 : 4400 });

/** A mouse that can hover, which a machine without one does not report. */
const MOUSE = '--blink-settings=primaryHoverType=2,availableHoverTypes=2,primaryPointerType=4,availablePointerTypes=4';

const withPuppeteer = async (name: 'chromium' | 'firefox'): Promise<Camera> => {
  const executablePath = requireBrowser(name);
  const browser = await puppeteer.launch(
    name === 'firefox'
      ? { browser: 'firefox', executablePath, headless: true, args: FIREFOX_FLAGS }
      : { executablePath, headless: true, args: [...CHROMIUM_FLAGS, MOUSE] },
  );
  return {
    async take({ url, forcedColors }) {
      const page = await browser.newPage();
      try {
        await page.setViewport({ ...sizeFor(url), deviceScaleFactor: 1 });
        if (forcedColors !== 'none') await forceColors(page, forcedColors);
        await page.goto(url);
        await page.waitForFunction(() => document.title === 'ready', { timeout: 120_000, polling: 100 });
        // WebKitGTK's driver leaves the pointer where it is.
        if (url.includes('hover')) await page.mouse.move(400, 80);
        return await page
          .locator('body')
          .waitHandle()
          .then((body) => body.screenshot());
      } finally {
        if (forcedColors !== 'none') await forceColors(page, 'none');
        await page.close();
      }
    },
    close: () => browser.close(),
  };
};

/** The upper left part of a picture: asked for one element, WebKitGTK leaves a part of it black. */
const cutTo = (png: Buffer, width: number, height: number): Uint8Array => {
  const whole = PNG.sync.read(png);
  const size = { width: Math.min(width, whole.width), height: Math.min(Math.ceil(height), whole.height) };
  const part = new PNG(size);
  PNG.bitblt(whole, part, 0, 0, size.width, size.height, 0, 0);
  return PNG.sync.write(part);
};

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer().on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });

/** WebKitGTK speaks WebDriver only, and cannot force colours: there the page does it. */
const withWebDriver = async (): Promise<Camera> => {
  const binary = requireBrowser('webkit');
  const port = await freePort();
  const driver = spawn('xvfb-run', ['-a', '-s', '-screen 0 1700x4500x24', 'WebKitWebDriver', `--port=${port}`], {
    stdio: 'ignore',
    detached: true,
  });
  const call = async (method: string, path: string, body?: object): Promise<unknown> => {
    const init = body === undefined ? { method } : { method, body: JSON.stringify(body) };
    const response = await fetch(`http://127.0.0.1:${port}${path}`, init);
    return ((await response.json()) as { value: unknown }).value;
  };
  for (let tries = 0; tries < 50; tries += 1) {
    if (await call('GET', '/status').catch(() => null)) break;
    await delay(200);
  }
  const capabilities = { alwaysMatch: { 'webkitgtk:browserOptions': { binary, args: ['--automation'] } } };
  const { sessionId } = (await call('POST', '/session', { capabilities })) as { sessionId: string };
  const session = `/session/${sessionId}`;
  return {
    async take({ url }) {
      await call('POST', `${session}/window/rect`, sizeFor(url));
      await call('POST', `${session}/url`, { url });
      for (let tries = 0; (await call('GET', `${session}/title`)) !== 'ready'; tries += 1) {
        if (tries > 300) throw new Error(`${url} is not ready`);
        await delay(100);
      }
      const script = 'const { width, height } = document.body.getBoundingClientRect(); return [width, height];';
      const [width = 0, height = 0] = (await call('POST', `${session}/execute/sync`, { script, args: [] })) as number[];
      const png = await call('GET', `${session}/screenshot`);
      return cutTo(Buffer.from(String(png), 'base64'), width, height);
    },
    async close() {
      await call('DELETE', session);
      if (driver.pid !== undefined) process.kill(-driver.pid);
    },
  };
};

export const startCamera = (name: string): Promise<Camera> =>
  name === 'webkit' ? withWebDriver() : withPuppeteer(name === 'firefox' ? 'firefox' : 'chromium');
