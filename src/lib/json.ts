/** Reads untrusted JSON. */

export type JsonObject = Readonly<Record<string, unknown>>;

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Null when the text is not JSON. */
export const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
};

/** An object; empty when the text is not a JSON object. */
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

/** Like `readNumber`, for limits, where zero means no limit. */
export const readPositive = (value: unknown): number | undefined => {
  const number = readNumber(value);
  return number === 0 ? undefined : number;
};

/** The strings, numbers and truth values of an object, as strings; empty when the value is not an object. */
export const readStrings = (value: unknown): Record<string, string> =>
  isObject(value)
    ? Object.fromEntries(
        Object.entries(value)
          .filter(([, entry]) => typeof entry !== 'object')
          .map(([name, entry]) => [name, String(entry)]),
      )
    : {};
