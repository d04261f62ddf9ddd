/** Formats numbers and bytes. Pure functions of a language and a value. */

const UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte', 'petabyte'] as const;

const formatters = new Map<string, Intl.NumberFormat>();

/** Cached, because creating a formatter costs more than using it a thousand times. */
export const numberFormat = (lang: string, options: Intl.NumberFormatOptions): Intl.NumberFormat => {
  const key = `${lang}|${Object.values(options).join('|')}`;
  const known = formatters.get(key);
  if (known) return known;
  const made = new Intl.NumberFormat(lang, options);
  formatters.set(key, made);
  return made;
};

/** A number does not wrap from its unit; in English a plain space separates them. */
export const formatUnit = (
  lang: string,
  value: number,
  unit: string,
  unitDisplay: 'long' | 'short' = 'short',
  maximumFractionDigits = 0,
): string =>
  numberFormat(lang, { style: 'unit', unit, unitDisplay, maximumFractionDigits }).format(value).replace(' ', '\u00a0');

export interface Scaled {
  readonly value: number;
  readonly step: number;
}

export const scale = (bytes: number): Scaled => {
  let value = bytes;
  let step = 0;
  // 999.5 would be shown as 1,000 of the smaller unit.
  while (value >= 999.5 && step < UNITS.length - 1) {
    value /= 1000;
    step += 1;
  }
  return { value, step };
};

/** One decimal below ten, and for gigabytes below a hundred. */
export const decimals = ({ value, step }: Scaled): number =>
  step === 0 || value >= 100 ? 0 : step >= 3 || value < 10 ? 1 : 0;

export const formatScaled = (lang: string, scaled: Scaled, suffix: '' | '-per-second'): string =>
  formatUnit(
    lang,
    scaled.value,
    `${UNITS[scaled.step]}${suffix}`,
    scaled.step === 0 ? 'long' : 'short',
    decimals(scaled),
  );

/** "88 kB", "1.8 GB". */
export const formatBytes = (lang: string, bytes: number): string => formatScaled(lang, scale(bytes), '');

export const formatNumber = (lang: string, value: number): string => numberFormat(lang, {}).format(value);
