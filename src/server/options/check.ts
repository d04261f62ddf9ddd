/** Checks of what a developer sets. */

/** @throws TypeError with the message, which names the option. */
export const check = (condition: boolean, message: string): void => {
  if (!condition) throw new TypeError(message);
};

export const isWithin = (value: unknown, least: number, most: number = Number.MAX_SAFE_INTEGER): boolean =>
  Number.isSafeInteger(value) && Number(value) >= least && Number(value) <= most;

/** Null for what is no absolute URL. */
export const parseUrl = (text: unknown): URL | null => {
  try {
    return new URL(String(text));
  } catch {
    return null;
  }
};
