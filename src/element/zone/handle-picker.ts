/**
 * Chromium's `showOpenFilePicker`, whose handles let a later page open the chosen files again after one click. Folders
 * use the input, because `showDirectoryPicker` first asks for permission, refuses some folders such as Downloads, and
 * skips files whose names Chromium considers unsafe.
 */

import { type Collected, collect, isJunk, NOTHING } from './collect-files.js';
import type { Found } from './read-folder.js';

interface PickerOptions {
  readonly multiple: boolean;
  readonly types: readonly FileTypes[];
}

/** Extensions by MIME type; Chromium knows those of common types. */
interface FileTypes {
  readonly accept: Readonly<Record<string, readonly string[]>>;
}

interface PickerWindow {
  showOpenFilePicker?(options: PickerOptions): Promise<FileSystemFileHandle[]>;
}

interface ChromiumNavigator {
  readonly userAgentData?: { readonly mobile: boolean };
}

/** Valid in `accept` of this picker; anything else throws a TypeError. */
const MIME_TYPE = /^[a-z\d.+-]+\/(\*|[a-z\d.+-]+)$/;
const ENDING = /^\.[a-z\d+.]{0,14}[a-z\d+]$/;
/** Extensions need a MIME type; this unknown one adds no others. */
const NO_TYPE = 'application/x-fastio-upload';

/** The `accept` of an input for this picker; null when it cannot be expressed. */
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

const collectFromHandles = async (handles: readonly FileSystemFileHandle[]): Promise<Collected> => {
  const found = await Promise.all(
    handles.map(async (handle): Promise<Found> => {
      const file = await handle.getFile().catch(() => null);
      return file === null ? { unreadable: handle.name } : { file, findHandle: async () => handle };
    }),
  );
  return collect(found.filter((one) => !('file' in one && isJunk(one.file.name))));
};

/**
 * Opens the picker instead of this input, synchronously, because the browser requires a recent click. Null where the
 * input must be opened: the picker does not exist; the input uses the camera, which phones offer only there; or a test
 * tool controls the browser (`navigator.webdriver`), because Playwright, Puppeteer and WebDriver can only fill the
 * input. Resolves with null when the browser refuses, as in a frame of another origin, and with no files when the user
 * chose none.
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
