/**
 * For the tests of applications: a backend that starts in one line, faults by name, and the acts of a user in a page that
 * a driver (Playwright, Puppeteer) or a runner (Web Test Runner, Vitest in a browser) has opened.
 *
 * @example Playwright
 * const backend = await startBackend();
 * await page.goto(`/upload?endpoint=${backend.endpoint}`);
 * backend.faults('flaky');
 * await addFiles(page, [{ name: 'film.mp4', size: 20_000_000 }]);
 * await waitForUploads(page);
 * expect(backend.files()).toMatchObject([{ name: 'film.mp4', size: 20_000_000 }]);
 * await backend.close();
 */

export type { StoredFile } from '../emulator/disk/object-store.js';
export type { FaultRule, FaultScript } from '../emulator/faults/fault-script.js';
export { addFiles, type DrivenPage, type MadeFile, thisPage, uploadsOf, waitForUploads } from './driven-page.js';
export { FAULT_NAMES, type FaultName } from './named-faults.js';
export { type BackendOptions, startBackend, type TestBackend } from './start-backend.js';
