import type { Page } from 'puppeteer-core';

export const FIREFOX_FLAGS: string[];
export function forceColors(page: Page, isOn: boolean): Promise<void>;
