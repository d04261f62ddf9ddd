/**
 * The picker that gives handles, with which a later page has the chosen files back after one click: Chromium's
 * `showOpenFilePicker`. Folders stay with the input, because `showDirectoryPicker` asks for permission first, refuses
 * whole folders such as Downloads, and leaves out files whose names Chromium thinks unsafe.
 */

import { type Collected, collectFromHandles, NOTHING } from './collect-files.js';

interface PickerOptions {
  readonly multiple: boolean;
  readonly types: readonly FileTypes[];
}

/** Endings by MIME type; Chromium knows the endings of the common types itself. */
interface FileTypes {
  readonly accept: Readonly<Record<string, readonly string[]>>;
}

interface PickerWindow {
  showOpenFilePicker?(options: PickerOptions): Promise<FileSystemFileHandle[]>;
}

interface ChromiumNavigator {
  readonly userAgentData?: { readonly mobile: boolean };
}

/** What the specification of `accept` there takes: anything else is a TypeError. */
const MIME_TYPE = /^[a-z\d.+-]+\/(\*|[a-z\d.+-]+)$/;
const ENDING = /^\.[a-z\d+.]{0,14}[a-z\d+]$/;
/** Endings must have a MIME type; an unknown one brings no endings of its own. */
const NO_TYPE = 'application/x-fastio-upload';

/** The `accept` of an input for this picker; null when it cannot say the same. */
export const fileTypesOf = (accept: string): readonly FileTypes[] | null => {
  const tokens = accept.toLowerCase().split(',');
  const wanted = tokens.map((token) => token.trim()).filter((token) => token !== '');
  if (wanted.length === 0 || wanted.includes('*/*')) return [];
  const endings = wanted.filter((token) => token.startsWith('.'));
  const types = wanted.filter((token) => !token.startsWith('.'));
  if (!endings.every((ending) => ENDING.test(ending)) || !types.every((type) => MIME_TYPE.test(type))) return null;
  const byType = types.map((type) => [type, []]);
  return [{ accept: Object.fromEntries(endings.length > 0 ? [...byType, [NO_TYPE, endings]] : byType) }];
};

/**
 * Opens the picker in place of this input, at once, because the browser wants a click a moment before. Null where the
 * input has to be opened: there is no such picker; the input asks for the camera, which phones offer in theirs only; or a
 * test tool drives the browser (`navigator.webdriver`), because Playwright, Puppeteer and WebDriver can fill the input
 * and nothing else. Resolves with null when the browser refuses, as in a frame of another origin, and with nothing when
 * the user chose nothing.
 */
export const pickWithHandles = (input: HTMLInputElement): Promise<Collected | null> | null => {
  const { showOpenFilePicker } = window as PickerWindow;
  const types = fileTypesOf(input.accept);
  const isMobile = (navigator as ChromiumNavigator).userAgentData?.mobile ?? false;
  if (!showOpenFilePicker || types === null || isMobile || navigator.webdriver || input.hasAttribute('capture')) {
    return null;
  }
  return showOpenFilePicker
    .call(window, { multiple: input.multiple, types })
    .then(collectFromHandles, (error: unknown) =>
      error instanceof DOMException && error.name === 'AbortError' ? NOTHING : null,
    );
};
