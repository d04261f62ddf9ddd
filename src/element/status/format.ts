/** Formats rates, shares, times and names. */

import type { Localizer } from '../language/localizer.js';
import { decimals, formatScaled, formatUnit, numberFormat, scale } from '../language/numbers.js';

/** "1.3 of 3.1 GB"; the first unit is left out when both are the same. */
export const bytesOf = (texts: Localizer, done: number, total: number): string => {
  const { lang } = texts;
  const from = scale(done);
  const to = scale(total);
  const digits = { minimumFractionDigits: decimals(from), maximumFractionDigits: decimals(from) };
  const isPlain = from.step === to.step && from.step > 0;
  const first = isPlain ? numberFormat(lang, digits).format(from.value) : formatScaled(lang, from, '');
  return texts.text('bytesOf', { done: first, total: formatScaled(lang, to, '') });
};

/** "18 MB/s". */
export const rate = ({ lang }: Localizer, bytesPerSecond: number): string => {
  const text = formatScaled(lang, scale(bytesPerSecond), '-per-second');
  // Hebrew has Latin units of bytes per Hebrew second, which would stand before their number.
  return /[a-z].*[\u0590-\u05ff]/i.test(text) ? `\u2066${text}\u2069` : text;
};

/** Rounded down, so that 100 % never shows before the end. */
export const percent = ({ lang }: Localizer, ratio: number): string =>
  numberFormat(lang, { style: 'percent' }).format(Math.floor(ratio * 100) / 100);

/** The time of day, on the user's clock, of a moment in milliseconds since 1970. */
export const timeOfDay = ({ lang }: Localizer, ms: number): string =>
  new Intl.DateTimeFormat(lang, { timeStyle: 'short' }).format(ms);

/** "8 s", "3 min", "1 h 20 min". Rounded up; never zero. */
export const duration = ({ lang }: Localizer, ms: number): string => {
  const text = durationOf(lang, ms);
  // The SI symbols, as in other languages, where English has "sec" and "hr".
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

/** Rounded on purpose: the last seconds are not counted down, and longer times are in steps of ten seconds. */
export const timeLeft = (texts: Localizer, ms: number, key: 'timeLeft' | 'aboutTimeLeft' = 'timeLeft'): string => {
  if (ms < 5_000) return texts.text('secondsLeft');
  return texts.text(key, { time: duration(texts, ms < 60_000 ? Math.ceil(ms / 5_000) * 5_000 : ms) });
};

/** Directional overrides and control characters can make `exe` look like `pdf`; directional marks cannot. */
const DECEPTIVE = /[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu;
const MARKS = /[\u061c\u200e\u200f]/g;

/** The name with deceptive characters replaced by visible ones. */
export const displayName = (name: string): string => name.replace(DECEPTIVE, '\ufffd').replace(MARKS, '');

const TAIL = 7;
const LONG_EXTENSION = /\.[^.\s]{6,15}$/;

/** The ending that stays visible when a name is cut: the extension and a few characters before it. */
export const tailOf = (name: string): string => {
  const { length } = LONG_EXTENSION.exec(name)?.[0] ?? '';
  return [...name]
    .slice(-Math.max(TAIL, length + 1))
    .join('')
    .trimStart();
};

/** "MP4": the extension in capitals, or empty when it does not fit a badge. */
export const extensionOf = (name: string): string => /[^.]\.([a-z0-9]{1,4})$/i.exec(name)?.[1]?.toUpperCase() ?? '';

/** The folder of a relative path, with its slash; empty for a file without one. */
export const folderOf = (relativePath: string): string => relativePath.slice(0, relativePath.lastIndexOf('/') + 1);

/** The pieces as plain text, for announcements. */
export const joinPieces = (pieces: readonly string[]): string => pieces.join(' · ');
