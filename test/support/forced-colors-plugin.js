/** Lets tests force the colours of their page, which the runner's own command for media does not pass on to Chromium. */

export const forcedColorsPlugin = () => ({
  name: 'forced-colors',
  /** Answers whether the browser can do it. */
  async executeCommand({ command, payload, session }) {
    if (command !== 'force-colors') return undefined;
    const page = session.browser.getPage?.(session.id);
    if (session.browser.name !== 'Chrome' || !page) return false;
    const client = await page.createCDPSession();
    await client.send('Emulation.setEmulatedMedia', { features: [{ name: 'forced-colors', value: payload }] });
    return true;
  },
});
