/** Parses sizes in attributes: bytes, or a number with a unit. k and kB are 1,000 bytes, KiB is 1,024. */

const UNITS: ReadonlyMap<string, number> = new Map([
  ['', 1],
  ['b', 1],
  ['k', 1e3],
  ['m', 1e6],
  ['g', 1e9],
  ['t', 1e12],
  ['kb', 1e3],
  ['mb', 1e6],
  ['gb', 1e9],
  ['tb', 1e12],
  ['kib', 2 ** 10],
  ['mib', 2 ** 20],
  ['gib', 2 ** 30],
  ['tib', 2 ** 40],
]);

export const KiB = 2 ** 10;
export const MiB = 2 ** 20;

/** Bytes, rounded down; null when the text is not a size. Case and a space before the unit are ignored. */
export const parseByteSize = (text: string): number | null => {
  const match = /^\s*(\d+(?:\.\d+)?)\s*([a-z]*)\s*$/i.exec(text);
  const factor = match?.[2] === undefined ? undefined : UNITS.get(match[2].toLowerCase());
  return match?.[1] === undefined || factor === undefined ? null : Math.floor(Number(match[1]) * factor);
};
