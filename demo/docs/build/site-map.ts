/** What the site holds, in the order in which it is read. */

export interface PageEntry {
  /** Path of the page without its ending, and of its text below `content`. */
  readonly slug: string;
  readonly title: string;
}

export interface Section {
  readonly title: string;
  readonly pages: readonly PageEntry[];
}

const page = (slug: string, title: string): PageEntry => ({ slug, title });

export const SECTIONS: readonly Section[] = [
  {
    title: 'Start',
    pages: [
      page('index', 'fastio-upload'),
      page('start/first-upload', 'Your first upload'),
      page('start/playground', 'Playground'),
      page('start/compare', 'Compared with others'),
    ],
  },
  {
    title: 'Backends',
    pages: [
      page('backends/overview', 'Which backend?'),
      page('backends/gateway', 'The gateway'),
      page('backends/s3', 'S3, R2, MinIO and friends'),
      page('backends/s3-recipes', 'Buckets: whole programs'),
      page('backends/platforms', 'Vercel, Netlify and tokens'),
      page('backends/own', 'Your own, in 30 lines'),
      page('backends/tus', 'A tus server'),
      page('backends/form', 'A plain form handler'),
      page('backends/fastio', 'Fast.io'),
      page('backends/wire', 'The wire contract'),
    ],
  },
  {
    title: 'Frameworks',
    pages: [
      page('frameworks/plain', 'Plain HTML'),
      page('frameworks/react', 'React and Next'),
      page('frameworks/vue', 'Vue and Nuxt'),
      page('frameworks/svelte', 'Svelte and SvelteKit'),
      page('frameworks/angular', 'Angular'),
      page('frameworks/solid', 'Solid and Preact'),
      page('frameworks/astro', 'Astro'),
      page('frameworks/htmx', 'htmx and server pages'),
    ],
  },
  {
    title: 'Guides',
    pages: [
      page('guides/forms', 'In a form'),
      page('guides/prepare', 'Resize, convert, encrypt'),
      page('guides/look', 'Make it yours'),
      page('guides/languages', 'Languages'),
      page('guides/accessibility', 'Accessibility'),
      page('guides/resume', 'Resume and privacy'),
      page('guides/security', 'Security'),
      page('guides/speed', 'Speed'),
      page('guides/testing', 'Testing your page'),
      page('guides/trouble', 'When it does not work'),
      page('guides/own-protocol', 'A protocol or store of your own'),
      page('guides/migrate', 'Moving from another uploader'),
    ],
  },
  {
    title: 'Reference',
    pages: [
      page('reference/element', 'The element'),
      page('reference/events', 'Events and snapshots'),
      page('reference/engine', 'The engine'),
      page('reference/server', 'The server'),
      page('reference/errors', 'Error codes'),
      page('reference/package', 'The package'),
    ],
  },
];

export const PAGES: readonly PageEntry[] = SECTIONS.flatMap(({ pages }) => pages);

/** How to get from one page to another, wherever the site lies. */
export const linkFrom = (from: string, to: string): string => {
  const up = '../'.repeat(from.split('/').length - 1);
  return `${up === '' ? './' : up}${to}.html`;
};
