/** Lets tests force the colours of their page, which the runner's own command for media does not pass on. */

import { forceColors } from '../tools/force-colors.mjs';

export const forcedColorsPlugin = () => ({
  name: 'forced-colors',
  /** Answers whether the browser can do it. */
  async executeCommand({ command, payload, session }) {
    if (command !== 'force-colors') return undefined;
    const page = session.browser.getPage?.(session.id);
    if (!page) return false;
    await forceColors(page, payload);
    return true;
  },
});
