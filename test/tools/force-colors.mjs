/** Forces the colours of a page as people do for themselves. WebKitGTK has no such setting. */

/** Firefox lets a driver do it only with access to its own pages, which is what this flag is for. */
export const FIREFOX_FLAGS = ['--remote-allow-system-access'];

const USE = 'browser.display.document_color_use';
const PAPER = 'browser.display.background_color';
const INK = 'browser.display.foreground_color';

/** What people set for themselves. The scheme that a page is told of follows the colours. */
const FIREFOX_SETTINGS = {
  light: `setIntPref('${USE}', 2)`,
  dark: `setIntPref('${USE}', 2); setCharPref('${PAPER}', '#000000'); setCharPref('${INK}', '#ffffff')`,
  none: `clearUserPref('${USE}'); clearUserPref('${PAPER}'); clearUserPref('${INK}')`,
};

const inFirefox = async ({ connection }, colors) => {
  const { result } = await connection.send('browsingContext.getTree', { 'moz:scope': 'chrome' });
  await connection.send('script.evaluate', {
    expression: `with (Services.prefs) { ${FIREFOX_SETTINGS[colors]} }`,
    target: { context: result.contexts[0].context },
    awaitPromise: false,
  });
};

const inChromium = async (page, colors) => {
  const client = await page.createCDPSession();
  const isForced = colors !== 'none';
  const features = [
    { name: 'forced-colors', value: isForced ? 'active' : 'none' },
    { name: 'prefers-color-scheme', value: isForced ? colors : '' },
  ];
  await client.send('Emulation.setEmulatedMedia', { features });
};

/**
 * @param {import('puppeteer-core').Page} page
 * @param {'light' | 'dark' | 'none'} colors `none` leaves the page its own
 */
export const forceColors = async (page, colors) => {
  const browser = page.browser();
  await ('connection' in browser ? inFirefox(browser, colors) : inChromium(page, colors));
  await page.waitForFunction(
    (wanted) => {
      const isForced = matchMedia('(forced-colors: active)').matches;
      return wanted === 'none' ? !isForced : isForced && matchMedia(`(prefers-color-scheme: ${wanted})`).matches;
    },
    { polling: 50 },
    colors,
  );
};
