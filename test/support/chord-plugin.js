/** Lets tests press keys together, which the runner's own command cannot do through WebDriver. */

export const chordPlugin = () => ({
  name: 'chord',
  async executeCommand({ command, payload: keys, session: { browser, id } }) {
    if (command !== 'press-together') return undefined;
    if (browser.type === 'webdriver') {
      await browser.sendKeys(id, keys);
      return true;
    }
    const { keyboard } = browser.getPage(id);
    for (const key of keys) await keyboard.down(key);
    for (const key of keys.toReversed()) await keyboard.up(key);
    return true;
  },
});
