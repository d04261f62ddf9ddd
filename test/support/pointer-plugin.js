/** Lets tests have a finger for a pointer, which the runner's own command for media does not pass on. */

/** What a client has set holds until this very client goes, whatever another one sets. */
const clients = new WeakMap();

export const pointerPlugin = () => ({
  name: 'pointer',
  /** Answers whether the browser can do it. */
  async executeCommand({ command, payload, session }) {
    if (command !== 'set-pointer') return undefined;
    const page = session.browser.getPage?.(session.id);
    if (!page?.createCDPSession || 'connection' in page.browser()) return false;
    await clients.get(page)?.detach();
    clients.delete(page);
    if (payload !== 'coarse') return true;
    const client = await page.createCDPSession();
    clients.set(page, client);
    await client.send('Emulation.setTouchEmulationEnabled', { enabled: true });
    return true;
  },
});
