/** What an end-to-end test plays on: the demo, a browser and a folder of files. */

import { TestBrowser } from './demo-page.js';
import { DemoProcess } from './demo-process.js';
import { MadeFiles } from './made-files.js';

export interface Stage {
  readonly demo: DemoProcess;
  readonly browser: TestBrowser;
  readonly files: MadeFiles;
  readonly close: () => Promise<void>;
}

/**
 * None of them is left when one cannot be had.
 * @param flags for Chromium, besides the usual ones.
 */
export const openStage = async (flags: readonly string[] = []): Promise<Stage> => {
  const starting = [DemoProcess.start(), TestBrowser.start(flags), MadeFiles.begin()] as const;
  const close = async (): Promise<void> => {
    const started = await Promise.allSettled(starting);
    await Promise.all(started.map((each) => each.status === 'fulfilled' && each.value.close()));
  };
  try {
    const [demo, browser, files] = await Promise.all(starting);
    return { demo, browser, files, close };
  } catch (error) {
    await close();
    throw error;
  }
};
