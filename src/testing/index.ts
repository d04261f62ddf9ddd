/**
 * Test kit for applications: a backend that starts in one line, faults by name, and user actions in a page of a driver
 * (Playwright, Puppeteer) or a test runner (Web Test Runner, Vitest in a browser).
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
