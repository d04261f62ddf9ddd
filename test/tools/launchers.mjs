/** How the component runner starts each browser. */

import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { chromeLauncher } from '@web/test-runner-chrome';
import { webdriverLauncher } from '@web/test-runner-webdriver';
import puppeteer from 'puppeteer-core';
import { LEAN_CHROMIUM_FLAGS, requireBrowser } from './browsers.mjs';
import { FIREFOX_FLAGS } from './force-colors.mjs';

const freePort = () =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });

/** A busy machine may take more than puppeteer's half minute to compile and load all that a page imports. */
const createPage = async ({ context }) => {
  const page = await context.newPage();
  page.setDefaultNavigationTimeout(180_000);
  return page;
};

/**
 * With scroll bars that take room, as on Windows and Linux; without a window Chromium would hide them. All test files
 * share one process, because a new one for each takes half as much processor time again as the tests themselves.
 */
const chromium = () =>
  chromeLauncher({
    createPage,
    launchOptions: {
      executablePath: requireBrowser('chromium'),
      args: [...LEAN_CHROMIUM_FLAGS, '--process-per-site'],
      ignoreDefaultArgs: ['--hide-scrollbars'],
    },
  });

/** Over WebDriver BiDi, which needs no driver program. */
const firefox = () =>
  chromeLauncher({
    createPage,
    puppeteer,
    launchOptions: {
      browser: 'firefox',
      executablePath: requireBrowser('firefox'),
      headless: true,
      args: FIREFOX_FLAGS,
    },
  });

/** WebKitGTK has no headless mode: its driver runs below a virtual display that ends with this process. */
const webkit = async () => {
  const binary = requireBrowser('webkit');
  const port = await freePort();
  const driver = spawn('xvfb-run', ['-a', 'WebKitWebDriver', `--port=${port}`], { stdio: 'ignore', detached: true });
  process.on('exit', () => {
    try {
      process.kill(-driver.pid);
    } catch {
      // It ended before us.
    }
  });
  return webdriverLauncher({
    automationProtocol: 'webdriver',
    hostname: '127.0.0.1',
    port,
    // Without it the client asks below /wd/hub, which this driver does not know.
    path: '/',
    logLevel: 'error',
    capabilities: {
      browserName: 'MiniBrowser',
      'webkitgtk:browserOptions': { binary, args: ['--automation'] },
      'wdio:enforceWebDriverClassic': true,
    },
  });
};

const LAUNCHERS = { chromium, firefox, webkit };

/** @param {string} name `chromium`, `firefox` or `webkit` */
export const launchBrowser = (name) => {
  const launch = LAUNCHERS[name];
  if (launch === undefined) throw new Error(`Unknown browser "${name}"; known: ${Object.keys(LAUNCHERS).join(', ')}.`);
  return launch();
};
