/** What surrounds the text of every page. */

import type { RenderedText } from './render-markdown.js';
import { linkFrom, PAGES, type PageEntry, SECTIONS } from './site-map.js';

const navigation = (current: PageEntry): string =>
  SECTIONS.map(
    ({ title, pages }) => `<p class="nav-title" id="nav-${title}">${title}</p>
<ul aria-labelledby="nav-${title}">${pages
      .map(
        (page) =>
          `<li><a href="${linkFrom(current.slug, page.slug)}"${page.slug === current.slug ? ' aria-current="page"' : ''}>${
            page.slug === 'index' ? 'What it is' : page.title
          }</a></li>`,
      )
      .join('')}</ul>`,
  ).join('\n');

const contents = ({ headings }: RenderedText): string => {
  const sections = headings.filter(({ level }) => level === 2);
  if (sections.length < 2) return '';
  const links = sections
    .map(({ id, text }) => `<li><a href="#${id}">${text.replaceAll('<', '&lt;')}</a></li>`)
    .join('');
  return `<aside class="contents"><nav aria-label="On this page"><p>On this page</p><ul>${links}</ul></nav></aside>`;
};

const neighbours = (current: PageEntry): string => {
  const index = PAGES.indexOf(current);
  const link = (page: PageEntry | undefined, rel: 'prev' | 'next', word: string): string =>
    page === undefined
      ? '<span></span>'
      : `<a rel="${rel}" href="${linkFrom(current.slug, page.slug)}"><small>${word}</small>${page.title}</a>`;
  return `<nav class="neighbours" aria-label="Pages before and after">${link(PAGES[index - 1], 'prev', 'Before')}${link(
    PAGES[index + 1],
    'next',
    'Next',
  )}</nav>`;
};

const HEAD_SCRIPT = `document.documentElement.dataset.theme = localStorage.getItem('theme') ?? 'auto'`;

export const renderPage = (page: PageEntry, text: RenderedText): string => {
  const root = '../'.repeat(page.slug.split('/').length - 1) || './';
  const isHome = page.slug === 'index';
  return `<!doctype html>
<html lang="en" data-root="${root}"${isHome ? ' class="home"' : ''}>
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${isHome ? 'fastio-upload: uploads that keep going' : `${page.title} · fastio-upload`}</title>
<meta name="description" content="An upload element for any page and any backend: parallel parts, honest progress, retries, and resumption after a reload or a crash.">
<link rel="icon" href="data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'><rect width='32' height='32' rx='8' fill='%230b62d6'/><path d='M16 24V9m-6 6 6-6 6 6' fill='none' stroke='white' stroke-width='3' stroke-linecap='round' stroke-linejoin='round'/></svg>">
<script>${HEAD_SCRIPT}</script>
<link rel="stylesheet" href="/style/site.css">
<script type="module" src="/client/site.ts"></script>
</head>
<body>
<a class="skip" href="#main">Skip to the text</a>
<header>
<button type="button" class="menu" aria-expanded="false" aria-controls="nav">Menu</button>
<a class="logo" href="${root}index.html"><svg viewBox="0 0 32 32" aria-hidden="true"><rect width="32" height="32" rx="8"/><path d="M16 24V9m-6 6 6-6 6 6"/></svg>fastio-upload</a>
<button type="button" class="search" aria-haspopup="dialog"><span>Search</span> <kbd>/</kbd></button>
<button type="button" class="theme" aria-label="Colours: as the system"></button>
</header>
<div class="frame">
<nav id="nav" class="pages" aria-label="Pages">${navigation(page)}</nav>
<main id="main" tabindex="-1">
<article>${text.html}</article>
${neighbours(page)}
</main>
${contents(text)}
</div>
<dialog class="search-dialog" aria-label="Search"><form method="dialog"><input type="search" aria-label="Search the documentation" placeholder="Search" autocomplete="off" spellcheck="false"><button>Close</button></form><ul aria-label="Results"></ul><p role="status"></p></dialog>
</body>
</html>`;
};
