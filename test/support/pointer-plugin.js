/** Lets tests have a finger for a pointer, which the runner's own command for media does not pass on. */

export const pointerPlugin = () => ({
  name: 'pointer',
  /** Answers whether the browser can do it. */
  async executeCommand({ command, payload, session }) {
    if (command !== 'set-pointer') return undefined;
    const page = session.browser.getPage?.(session.id);
    if (!page?.createCDPSession || 'connection' in page.browser()) return false;
    const client = await page.createCDPSession();
    await client.send('Emulation.setTouchEmulationEnabled', { enabled: payload === 'coarse' });
    return true;
  },
});
