/**
 * Logs the doctor's findings in the console, each once, as soon as uploads fail in a way that suggests a wrong set-up.
 * Development builds only.
 */

import type { UploadErrorCode } from '../../ports/errors.js';
import { UploadElement } from '../upload-element.js';
import type { Finding } from './doctor.js';

/** Errors that suggest a wrong set-up; a single lost request does not. */
const TELLING: ReadonlySet<UploadErrorCode> = new Set(['configuration', 'cors', 'protocol', 'network', 'timeout']);

// biome-ignore lint/suspicious/noConsole: this is what the module is for.
const warn = ({ code, message }: Finding): void => console.warn(`<fastio-upload> ${code}: ${message}`);

/** Listens to all elements below `page`. */
export const giveHints = (page: EventTarget, tell: (finding: Finding) => void = warn): void => {
  const told = new Set<string>();
  const examined = new WeakSet<UploadElement>();
  const examine = async (event: Event): Promise<void> => {
    const [element] = event.composedPath();
    const { error } = (event as CustomEvent<{ readonly error: { readonly code: UploadErrorCode } }>).detail;
    if (!(element instanceof UploadElement) || examined.has(element) || !TELLING.has(error.code)) return;
    examined.add(element);
    for (const finding of await element.diagnose()) {
      if (told.has(finding.message)) continue;
      told.add(finding.message);
      tell(finding);
    }
    examined.delete(element);
  };
  for (const name of ['upload-failed', 'upload-retry']) page.addEventListener(name, (event) => void examine(event));
};
