/** Where the browsers of the tests are. Needs nothing but Node, because it runs before anything is installed. */

import { accessSync, constants, existsSync, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const isExecutable = (path) => {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

const onPath = (name) =>
  (process.env.PATH ?? '')
    .split(delimiter)
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, name));

const firstExecutable = (candidates) => candidates.find(isExecutable);

const CHROMIUM_NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];
const CHROMIUM_PATHS = [
  '/usr/bin/chromium',
  '/snap/bin/chromium',
  '/opt/google/chrome/chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe',
];

/** Debian keeps MiniBrowser below a folder named after the machine and the version. */
const miniBrowsers = () =>
  ['/usr/lib', '/usr/libexec'].flatMap((root) =>
    (existsSync(root) ? readdirSync(root) : [])
      .flatMap((folder) => [
        join(root, folder),
        join(root, folder, 'webkit2gtk-4.1'),
        join(root, folder, 'webkitgtk-6.0'),
      ])
      .map((folder) => join(folder, 'MiniBrowser')),
  );

/**
 * Each browser: the variable that names its program, how it is found, and the Debian packages that bring it.
 * `find` gives the path or undefined.
 */
export const BROWSERS = {
  chromium: {
    variable: 'CHROME_PATH',
    packages: ['chromium'],
    find: () => firstExecutable([...CHROMIUM_NAMES.flatMap(onPath), ...CHROMIUM_PATHS]),
  },
  firefox: {
    variable: 'FIREFOX_PATH',
    packages: ['firefox-esr'],
    find: () => firstExecutable([...onPath('firefox-esr'), ...onPath('firefox')]),
  },
  webkit: {
    variable: 'MINIBROWSER_PATH',
    packages: ['webkit2gtk-driver', 'xvfb', 'xauth'],
    find: () =>
      firstExecutable(onPath('WebKitWebDriver')) && firstExecutable(onPath('xvfb-run'))
        ? firstExecutable(miniBrowsers())
        : undefined,
  },
};

/** Path of the browser's program, or undefined. The variable wins; if it names no program, that is an error. */
export const findBrowser = (name) => {
  const { variable, find } = BROWSERS[name];
  const chosen = process.env[variable];
  if (!chosen) return find();
  if (!isExecutable(chosen)) throw new Error(`${variable} names no program that can be run: ${chosen}`);
  return chosen;
};

/** As `findBrowser`, but a missing browser is an error. */
export const requireBrowser = (name) => {
  const path = findBrowser(name);
  if (path === undefined) throw new Error(`No ${name} found. Set ${BROWSERS[name].variable} to its program.`);
  return path;
};

/**
 * Chromium without a window, without a sandbox (containers have none) and without traffic of its own. Its address
 * bar, which is never shown, would be two more pages, which take a third of the processor time of a start.
 */
export const CHROMIUM_FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-dev-shm-usage',
  '--disable-features=WebUIOmniboxPopup,WebUIOmniboxAimPopup',
];

/**
 * With the network stack in the browser's process, as on small phones: a process of its own takes a tenth of the
 * end-to-end tests. Speed is measured without it, as most browsers have that process.
 */
export const LEAN_CHROMIUM_FLAGS = [...CHROMIUM_FLAGS, '--enable-features=NetworkServiceInProcess2'];
