/**
 * Keeps the errors of uploads for the doctor, which has no other source about the storage, and logs in the console what
 * a developer has to fix. Each message is logged once per page.
 */

import type { UploadErrorInfo } from '../../ports/errors.js';

/** Further errors would tell the doctor nothing new. */
const MAX_ERRORS = 20;

const MENDED_BY_DEVELOPERS: ReadonlySet<UploadErrorInfo['code']> = new Set([
  'configuration',
  'cors',
  'protocol',
  'internal',
]);

/** A refusal without a text for users is a developer's problem: a wrong URL, a missing route. */
const isForDevelopers = (error: UploadErrorInfo): boolean =>
  MENDED_BY_DEVELOPERS.has(error.code) || (error.code === 'http' && !error.retriable && !('userMessage' in error));

const told = new Set<string>();

const tell = (code: string, message: string): void => {
  const line = `<fastio-upload> ${code}: ${message}. Call diagnose() on the element to learn what to change.`;
  if (told.has(line) || told.size > 100) return;
  told.add(line);
  // biome-ignore lint/suspicious/noConsole: users see a text that helps them, developers need the cause.
  console.error(line);
};

const sameError = (a: UploadErrorInfo, b: UploadErrorInfo): boolean => a.code === b.code && a.message === b.message;

export class ErrorLog {
  #errors: readonly UploadErrorInfo[] = [];

  /** Distinct errors, the newest last. */
  get errors(): readonly UploadErrorInfo[] {
    return this.#errors;
  }

  /** An attempt failed and will be repeated. */
  retried(error: UploadErrorInfo): void {
    const others = this.#errors.filter((known) => !sameError(known, error));
    this.#errors = [...others, error].slice(-MAX_ERRORS);
  }

  failed(error: UploadErrorInfo): void {
    this.retried(error);
    if (isForDevelopers(error)) tell(error.code, error.message);
  }

  /** A file was refused because a limit is not a number. */
  unreadableLimit(): void {
    tell('configuration', 'a limit of this element cannot be read');
  }
}
