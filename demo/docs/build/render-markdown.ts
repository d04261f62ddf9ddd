/** Text of a page: Markdown with coloured code, linkable headings, and tables made from the manifest. */

import hljs from 'highlight.js/lib/common';
import MarkdownIt from 'markdown-it';

export interface Heading {
  readonly level: number;
  readonly id: string;
  readonly text: string;
}

export interface RenderedText {
  readonly html: string;
  readonly headings: readonly Heading[];
  /** Without markup, a piece for each heading, for the search. */
  readonly pieces: readonly { readonly id: string; readonly heading: string; readonly text: string }[];
}

const escapeText = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

const LANGUAGES: Readonly<Record<string, string>> = {
  html: 'xml',
  vue: 'xml',
  svelte: 'xml',
  jsx: 'javascript',
  tsx: 'typescript',
  sh: 'bash',
};

const highlight = (code: string, language: string): string => {
  const known = LANGUAGES[language] ?? language;
  return hljs.getLanguage(known) ? hljs.highlight(code, { language: known }).value : escapeText(code);
};

/** The first word after the fence is the language; `live` makes the example one that can be edited. */
const fence = (info: string, code: string): string => {
  const [language = '', ...flags] = info.trim().split(/\s+/);
  const body = `<pre tabindex="0"><code class="language-${escapeText(language)}">${highlight(code, language)}</code></pre>`;
  if (flags.includes('live')) {
    return `<div class="live" data-live><div class="code">${body}</div><template>${escapeText(code)}</template></div>`;
  }
  return `<div class="code" data-copy>${body}</div>`;
};

const slugOf = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-|-$/g, '');

type Markdown = InstanceType<typeof MarkdownIt>;
type Tokens = ReturnType<Markdown['parse']>;

const textOf = (tokens: Tokens): string =>
  tokens
    .flatMap((token) => (token.type === 'inline' ? (token.children ?? []) : token.type === 'fence' ? [token] : []))
    .map(({ content }) => content)
    .join(' ');

const readHeadings = (tokens: Tokens): Heading[] => {
  const used = new Map<string, number>();
  return tokens.flatMap((token, index) => {
    if (token.type !== 'heading_open') return [];
    const text = textOf(tokens.slice(index + 1, index + 2));
    const base = slugOf(text);
    const count = used.get(base) ?? 0;
    used.set(base, count + 1);
    const id = count === 0 ? base : `${base}-${count}`;
    token.attrSet('id', id);
    return [{ level: Number(token.tag.slice(1)), id, text }];
  });
};

const readPieces = (tokens: Tokens, headings: readonly Heading[]) => {
  const starts = tokens.flatMap(({ type }, index) => (type === 'heading_open' ? [index] : []));
  return starts.map((start, index) => ({
    id: headings[index]?.id ?? '',
    heading: headings[index]?.text ?? '',
    text: textOf(tokens.slice(start + 3, starts[index + 1])),
  }));
};

const createMarkdown = (): Markdown => {
  const markdown = new MarkdownIt({ html: true, typographer: false });
  markdown.renderer.rules.fence = (tokens, index) => fence(tokens[index]?.info ?? '', tokens[index]?.content ?? '');
  // Wide tables scroll by themselves, so that the page does not.
  markdown.renderer.rules.table_open = () => '<div class="table" tabindex="0" role="group" aria-label="Table"><table>';
  markdown.renderer.rules.table_close = () => '</table></div>';
  const openHeading = markdown.renderer.renderToken.bind(markdown.renderer);
  markdown.renderer.rules.heading_open = (tokens, index, options) => openHeading(tokens, index, options);
  markdown.renderer.rules.heading_close = (tokens, index, options) => {
    const open = tokens[index - 2];
    const id = open?.attrGet('id');
    const anchor = open?.tag === 'h1' ? '' : ` <a class="anchor" href="#${id}" aria-label="Link to this section">#</a>`;
    return anchor + openHeading(tokens, index, options);
  };
  return markdown;
};

const markdown = createMarkdown();

export const renderMarkdown = (text: string): RenderedText => {
  const tokens = markdown.parse(text, {});
  const headings = readHeadings(tokens);
  return {
    html: markdown.renderer.render(tokens, markdown.options, {}),
    headings,
    pieces: readPieces(tokens, headings),
  };
};
