/** How each state is shown: in four widths, light and dark, from right to left, in long words and in large text. */

export interface Look {
  /** Pixels. */
  readonly width: number;
  readonly scheme?: 'dark';
  /** A class of `demo/themes.css`, which brings the colours of the page as well. */
  readonly theme?: string;
  readonly lang?: string;
  /** Times the usual size of text. */
  readonly zoom?: number;
  /** Milliseconds into what moves, which is held there. */
  readonly at?: number;
}

export const LOOKS: readonly Look[] = [
  { width: 280 },
  { width: 320, scheme: 'dark' },
  { width: 360, lang: 'de' },
  { width: 320, zoom: 2, lang: 'de' },
  { width: 768 },
  { width: 768, scheme: 'dark' },
  { width: 420, lang: 'ar' },
  { width: 420, lang: 'he' },
  { width: 420, scheme: 'dark', lang: 'ar' },
  { width: 1200 },
];

const filmed = (...moments: readonly number[]): readonly Look[] => moments.map((at) => ({ width: 420, at }));

/** A film strip: what moves from its first to its last picture, and what stays. */
export const FILM = filmed(0, 50, 100, 150, 199, 300);

/** Until the tint of what was stored has settled. */
export const FILM_TO_REST = filmed(0, 50, 100, 150, 199, 300, 600, 1200);

const inThemes = (...themes: readonly string[]): readonly Look[] => themes.map((theme) => ({ width: 520, theme }));

export const THEMES = inThemes('paper', 'terminal', 'candy', 'poster', 'compact');
export const BRANDS = inThemes('bakery', 'ledger', 'studio');

export const FORCED_LOOKS: readonly Look[] = [{ width: 360 }, { width: 768 }];
