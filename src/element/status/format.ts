/** Bytes, rates, times and names as people read them. Pure functions of a language and a value. */

const UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte', 'petabyte'] as const;

const formatters = new Map<string, Intl.NumberFormat>();

/** Making a formatter costs more than using it a thousand times. */
const numberFormat = (lang: string, options: Intl.NumberFormatOptions): Intl.NumberFormat => {
  const key = `${lang}|${Object.values(options).join('|')}`;
  const known = formatters.get(key);
  if (known) return known;
  const made = new Intl.NumberFormat(lang, options);
  formatters.set(key, made);
  return made;
};

/** A number and its unit stay on one line; English has a plain blank between them. */
const formatUnit = (
  lang: string,
  value: number,
  unit: string,
  unitDisplay: 'long' | 'short' = 'short',
  maximumFractionDigits = 0,
): string =>
  numberFormat(lang, { style: 'unit', unit, unitDisplay, maximumFractionDigits }).format(value).replace(' ', '\u00a0');

interface Scaled {
  readonly value: number;
  readonly step: number;
}

const scale = (bytes: number): Scaled => {
  let value = bytes;
  let step = 0;
  // 999.5 would be shown as 1,000 of the smaller unit.
  while (value >= 999.5 && step < UNITS.length - 1) {
    value /= 1000;
    step += 1;
  }
  return { value, step };
};

/** One decimal where it says something: below ten, and for gigabytes below a hundred. */
const decimals = ({ value, step }: Scaled): number =>
  step === 0 || value >= 100 ? 0 : step >= 3 || value < 10 ? 1 : 0;

const formatScaled = (lang: string, scaled: Scaled, suffix: '' | '-per-second'): string =>
  formatUnit(
    lang,
    scaled.value,
    `${UNITS[scaled.step]}${suffix}`,
    scaled.step === 0 ? 'long' : 'short',
    decimals(scaled),
  );

/** "88 kB", "1.8 GB". */
export const formatBytes = (lang: string, bytes: number): string => formatScaled(lang, scale(bytes), '');

/** "18 MB/s". */
export const formatRate = (lang: string, bytesPerSecond: number): string =>
  formatScaled(lang, scale(bytesPerSecond), '-per-second');

/** Both ends of "1.3 of 3.1 GB"; the first one loses its unit when it is the second's. */
export const formatBytePair = (lang: string, done: number, total: number): [string, string] => {
  const from = scale(done);
  const to = scale(total);
  const plain = from.step === to.step && from.step > 0;
  const digits = { minimumFractionDigits: decimals(from), maximumFractionDigits: decimals(from) };
  return [
    plain ? numberFormat(lang, digits).format(from.value) : formatScaled(lang, from, ''),
    formatScaled(lang, to, ''),
  ];
};

/** Rounded down, so that 100 % is never shown before the end. */
export const formatPercent = (lang: string, ratio: number): string =>
  numberFormat(lang, { style: 'percent' }).format(Math.floor(ratio * 100) / 100);

export const formatNumber = (lang: string, value: number): string => numberFormat(lang, {}).format(value);

/** "8 s", "3 min", "1 h 20 min". Rounded up; never zero. */
export const formatDuration = (lang: string, ms: number): string => {
  const text = durationOf(lang, ms);
  // The symbols of the SI, as in other languages, where English has "sec" and "hr".
  return lang.startsWith('en') ? text.replace('sec', 's').replace('hr', 'h') : text;
};

const durationOf = (lang: string, ms: number): string => {
  const seconds = Math.max(1, Math.ceil(ms / 1000));
  if (seconds < 60) return formatUnit(lang, seconds, 'second');
  const minutes = Math.ceil(seconds / 60);
  if (minutes < 60) return formatUnit(lang, minutes, 'minute');
  const rest = minutes % 60;
  const hours = formatUnit(lang, Math.floor(minutes / 60), 'hour');
  if (rest === 0) return hours;
  return new Intl.ListFormat(lang, { type: 'unit', style: 'narrow' }).format([hours, formatUnit(lang, rest, 'minute')]);
};

/** Directional overrides and control characters can make `exe` look like `pdf`; marks alone do no harm. */
const DECEPTIVE = /[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu;
const MARKS = /[\u061c\u200e\u200f]/g;

/** The name with deceptive characters made visible. */
export const displayName = (name: string): string => name.replace(DECEPTIVE, '\ufffd').replace(MARKS, '');

const TAIL = 7;

/** The ending that stays visible when a name is cut: its extension and a few letters, between whole characters. */
export const tailOf = (name: string): string => [...name].slice(-TAIL).join('').trimStart();

/** "MP4": the ending in capitals, or nothing when there is none that fits a badge. */
export const extensionOf = (name: string): string => /[^.]\.([a-z0-9]{1,4})$/i.exec(name)?.[1]?.toUpperCase() ?? '';

/** The folder of a relative path, with its slash; empty for a single file. */
export const folderOf = (relativePath: string): string => relativePath.slice(0, relativePath.lastIndexOf('/') + 1);
