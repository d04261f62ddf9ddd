/** Reading JSON from outside without trusting it. */

export type JsonObject = Readonly<Record<string, unknown>>;

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Null when the text is no JSON. */
export const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
};

/** An object, empty when the text is none. */
export const parseJsonObject = (text: string): JsonObject => {
  const value = parseJson(text);
  return isObject(value) ? value : {};
};

/** A non-empty string; numbers become strings because ids come as both. */
export const readString = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : typeof value === 'number' ? String(value) : undefined;

/** A finite number that is not negative; numeric strings count. */
export const readNumber = (value: unknown): number | undefined => {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) && number >= 0 ? number : undefined;
};

/** As `readNumber`, for limits: there zero says as much as nothing. */
export const readPositive = (value: unknown): number | undefined => {
  const number = readNumber(value);
  return number === 0 ? undefined : number;
};

/** The entries of an object that are strings; empty when it is none. */
export const readStrings = (value: unknown): Record<string, string> =>
  isObject(value)
    ? Object.fromEntries(
        Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
      )
    : {};
