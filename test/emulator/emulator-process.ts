/** An emulator in a process of its own, so that its memory can be told from the test's. Ends when its parent does. */

import { startEmulator } from '../../src/emulator/index.js';

const emulator = await startEmulator({ apiKey: 'key' });
process.send?.({ url: emulator.url, pid: process.pid });
process.once('disconnect', async () => {
  await emulator.close();
  process.exit();
});
