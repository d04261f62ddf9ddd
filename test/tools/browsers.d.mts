export type BrowserName = 'chromium' | 'firefox' | 'webkit';

export const BROWSERS: Readonly<
  Record<BrowserName, { readonly variable: string; readonly packages: readonly string[]; find(): string | undefined }>
>;
export function findBrowser(name: BrowserName): string | undefined;
export function requireBrowser(name: BrowserName): string;
export const CHROMIUM_FLAGS: readonly string[];
export const LEAN_CHROMIUM_FLAGS: readonly string[];
