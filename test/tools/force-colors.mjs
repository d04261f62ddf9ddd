/** Forces the colours of a page as people do for themselves. WebKitGTK has no such setting. */

/** Firefox lets a driver do it only with access to its own pages, which is what this flag is for. */
export const FIREFOX_FLAGS = ['--remote-allow-system-access'];

const FIREFOX_PREFERENCE = 'browser.display.document_color_use';

const inFirefox = async ({ connection }, isOn) => {
  const { result } = await connection.send('browsingContext.getTree', { 'moz:scope': 'chrome' });
  await connection.send('script.evaluate', {
    expression: `Services.prefs.setIntPref('${FIREFOX_PREFERENCE}', ${isOn ? 2 : 0})`,
    target: { context: result.contexts[0].context },
    awaitPromise: false,
  });
};

/**
 * @param {import('puppeteer-core').Page} page
 * @param {boolean} isOn
 */
export const forceColors = async (page, isOn) => {
  const browser = page.browser();
  if ('connection' in browser) {
    await inFirefox(browser, isOn);
  } else {
    const client = await page.createCDPSession();
    const features = [{ name: 'forced-colors', value: isOn ? 'active' : 'none' }];
    await client.send('Emulation.setEmulatedMedia', { features });
  }
  await page.waitForFunction((on) => matchMedia('(forced-colors: active)').matches === on, { polling: 50 }, isOn);
};
