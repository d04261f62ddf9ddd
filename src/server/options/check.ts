/** Checks of options and of hooks' answers. */

/** @throws TypeError with the message unless the condition holds. */
export const check = (condition: boolean, message: string): void => {
  if (!condition) throw new TypeError(message);
};

export const isWithin = (value: unknown, least: number, most: number = Number.MAX_SAFE_INTEGER): boolean =>
  Number.isSafeInteger(value) && Number(value) >= least && Number(value) <= most;

/** Visible ASCII, because a header cannot contain anything else, for example the line break of a key file. */
export const isKey = (value: unknown): value is string => typeof value === 'string' && /^[\x21-\x7e]+$/.test(value);

/** Null when the text is not an absolute URL. */
export const parseUrl = (text: unknown): URL | null => {
  try {
    return new URL(String(text));
  } catch {
    return null;
  }
};
