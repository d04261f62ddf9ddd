/**
 * Keeps texts and direction of the element in its language, which is the nearest `lang`. English is shown while another
 * language is loading, and for unknown languages.
 */

import type { LitElement, ReactiveController } from 'lit';
import { FIRST_ENGLISH } from '../../locales/en-first.js';
import type { Strings } from '../../locales/table.js';
import { baseOf, Localizer } from './localizer.js';

/** Each table is a file of its own, which only pages in that language load. */
const LOADERS: Readonly<Record<string, () => Promise<{ readonly default: Strings }>>> = {
  ar: () => import('../../locales/ar.js'),
  de: () => import('../../locales/de.js'),
  es: () => import('../../locales/es.js'),
  fr: () => import('../../locales/fr.js'),
  he: () => import('../../locales/he.js'),
  iw: () => import('../../locales/he.js'),
  ja: () => import('../../locales/ja.js'),
  pt: () => import('../../locales/pt.js'),
  zh: () => import('../../locales/zh.js'),
};

const RIGHT_TO_LEFT = /^(ar|fa|he|iw|ur|yi)$/;

/** Tables that are loaded or loading, by base language; null where one could not be loaded. Shared by all elements. */
const tables = new Map<string, Strings | Promise<void> | null>();

/** The loaded part of the English table: the texts of rows and errors are loaded with the view. */
let english: Partial<Strings> = FIRST_ENGLISH;

/** Uses the whole English table from the next rendering on. */
export const learnEnglish = (table: Strings): void => {
  english = table;
};

/** The table of a language if it is loaded; otherwise English, and `onLoad` is called once it is. */
const tableFor = (base: string, onLoad: () => void): Partial<Strings> => {
  const load = LOADERS[base];
  if (!load) return english;
  const known = tables.get(base);
  if (known === null) return english;
  if (known && !(known instanceof Promise)) return known;
  const loading =
    known ??
    load().then(
      (module) => void tables.set(base, module.default),
      // English stays, because browsers do not request a module again that failed to load.
      () => void tables.set(base, null),
    );
  if (!known) tables.set(base, loading);
  void loading.then(onLoad);
  return english;
};

/** The nearest attribute of this name on the element or its ancestors, across shadow roots. */
export const nearest = (element: Element, name: 'lang' | 'dir'): string => {
  for (let node: Element | null = element; node; ) {
    const found: Element | null = node.closest(`[${name}]`);
    if (found) return found.getAttribute(name) ?? '';
    const root: Node = node.getRootNode();
    node = root instanceof ShadowRoot ? root.host : null;
  }
  return '';
};

const WATCHED = { subtree: true, attributeFilter: ['lang', 'dir'] };

/** Renders the elements that are in a document. One observer serves all of them, because it observes whole trees. */
const renderers = new Set<() => void>();
let observer: MutationObserver | undefined;

/** An observer does not see into shadow roots, so each root around the element is observed, too. */
const watch = (element: Element): void => {
  observer ??= new MutationObserver(() => {
    for (const render of renderers) render();
  });
  const root = element.getRootNode();
  observer.observe(root, WATCHED);
  if (root instanceof ShadowRoot) watch(root.host);
};

export class Language implements ReactiveController {
  readonly #host: LitElement & { readonly strings: Partial<Strings> };
  readonly #render = (): void => this.#host.requestUpdate();
  #texts = new Localizer();
  #madeFor: readonly unknown[] = [];

  constructor(host: LitElement & { readonly strings: Partial<Strings> }) {
    this.#host = host;
    host.addController(this);
  }

  get texts(): Localizer {
    return this.#texts;
  }

  /** The `lang` of the texts, where it differs from the page's. */
  get mark(): string | undefined {
    const { lang } = this.#texts;
    return this.#host.isConnected && baseOf(nearest(this.#host, 'lang')) === baseOf(lang) ? undefined : lang;
  }

  /**
   * Sets the direction of the texts where the page sets none. Chromium ignores a `dir` that changes with its content.
   */
  setDirection(): void {
    const root = this.#host.renderRoot.firstElementChild;
    if (!(root instanceof HTMLElement)) return;
    const isOwn = this.#host.isConnected && nearest(this.#host, 'dir') === '';
    const dir = isOwn && RIGHT_TO_LEFT.test(baseOf(this.#texts.lang)) ? 'rtl' : '';
    if (root.dir !== dir) root.dir = dir;
  }

  hostConnected(): void {
    renderers.add(this.#render);
    watch(this.#host);
  }

  hostDisconnected(): void {
    renderers.delete(this.#render);
    if (renderers.size === 0) observer?.disconnect();
  }

  hostUpdate(): void {
    const { strings } = this.#host;
    const lang = this.#host.isConnected ? nearest(this.#host, 'lang') : '';
    const table = tableFor(baseOf(String(strings.lang ?? lang)), this.#render);
    const inputs = [strings, lang, table];
    if (inputs.every((input, index) => input === this.#madeFor[index])) return;
    this.#madeFor = inputs;
    this.#texts = new Localizer(strings, lang, table);
  }
}
