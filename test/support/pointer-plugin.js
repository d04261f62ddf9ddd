/** Lets tests have a finger for a pointer, which the runner's own commands do not pass on, and put it on the page. */

/** What a client has set holds until this very client goes, whatever another one sets. */
const clients = new WeakMap();

const setPointer = async (page, payload) => {
  await clients.get(page)?.detach();
  clients.delete(page);
  if (payload !== 'coarse') return true;
  const client = await page.createCDPSession();
  clients.set(page, client);
  await client.send('Emulation.setTouchEmulationEnabled', { enabled: true });
  return true;
};

/**
 * Events of a finger, one right after the other, however slow the machine is; `point` is where it is, in the page's window.
 */
const touch = async (page, events) => {
  const client = clients.get(page);
  if (client === undefined) throw new Error('set-pointer coarse comes first');
  const sent = events.map(({ type, point }) =>
    client.send('Input.dispatchTouchEvent', { type, touchPoints: point ? [point] : [] }),
  );
  await Promise.all(sent);
  return true;
};

export const pointerPlugin = () => ({
  name: 'pointer',
  /** Answers whether the browser can do it. */
  async executeCommand({ command, payload, session }) {
    if (command !== 'set-pointer' && command !== 'touch') return undefined;
    const page = session.browser.getPage?.(session.id);
    if (!page?.createCDPSession || 'connection' in page.browser()) return false;
    return command === 'touch' ? touch(page, payload) : setPointer(page, payload);
  },
});
