/** Makes a page of each text, the index of the search, and puts the built element beside them. */

import { cp, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import MiniSearch from 'minisearch';
import type { Plugin } from 'vite';
import { renderPage } from './page-template.js';
import { fillReferences } from './reference.js';
import { type RenderedText, renderMarkdown } from './render-markdown.js';
import { SEARCH_OPTIONS } from './search-options.js';
import { PAGES, type PageEntry } from './site-map.js';

const htmlPath = (root: string, { slug }: PageEntry): string => join(root, `${slug}.html`);

export const pageInputs = (root: string): Record<string, string> =>
  Object.fromEntries(PAGES.map((page) => [page.slug, htmlPath(root, page)]));

const readText = async (root: string, { slug }: PageEntry): Promise<RenderedText> =>
  renderMarkdown(
    await fillReferences(await readFile(join(root, 'content', `${slug}.md`), 'utf8'), resolve(root, '../..')),
  );

const searchIndex = async (root: string): Promise<string> => {
  const index = new MiniSearch(SEARCH_OPTIONS);
  for (const page of PAGES) {
    const { pieces } = await readText(root, page);
    index.addAll(
      pieces.map(({ id, heading, text }) => ({ id: `${page.slug}.html#${id}`, page: page.title, heading, text })),
    );
  }
  return JSON.stringify(index);
};

export const pages = (root: string): Plugin => {
  const byPath = new Map(PAGES.map((page) => [htmlPath(root, page), page]));
  let outDir = '';
  return {
    name: 'documentation-pages',
    configResolved(config) {
      outDir = resolve(root, config.build.outDir);
    },
    resolveId: (id) => (byPath.has(id) ? id : null),
    async load(id) {
      const page = byPath.get(id);
      return page === undefined ? null : renderPage(page, await readText(root, page));
    },
    configureServer(server) {
      server.middlewares.use(async (request, response, next) => {
        const path = new URL(request.url ?? '/', 'http://localhost').pathname.replace(/^\/$/, '/index.html');
        const page = byPath.get(join(root, path));
        if (path === '/search-index.json') {
          response.setHeader('Content-Type', 'application/json').end(await searchIndex(root));
        } else if (page === undefined) next();
        else {
          const html = await server.transformIndexHtml(path, renderPage(page, await readText(root, page)));
          response.setHeader('Content-Type', 'text/html').end(html);
        }
      });
    },
    async generateBundle() {
      this.emitFile({ type: 'asset', fileName: 'search-index.json', source: await searchIndex(root) });
    },
    // Examples load the element as pages do, from the file for script tags.
    async closeBundle() {
      await cp(resolve(root, '../../dist/cdn'), join(outDir, 'element'), {
        recursive: true,
        filter: (path) => !path.endsWith('.map'),
      });
    },
  };
};
