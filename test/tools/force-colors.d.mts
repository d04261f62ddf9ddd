import type { Page } from 'puppeteer-core';

/** `none` leaves the page its own colours. */
export type ForcedColors = 'light' | 'dark' | 'none';

export const FIREFOX_FLAGS: string[];
export function forceColors(page: Page, colors: ForcedColors): Promise<void>;
