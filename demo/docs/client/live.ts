/** Examples that can be edited: the text beside a frame that shows what it makes. */

import memoryBackend from './memory-backend.js?raw';

const root = new URL(document.documentElement.dataset.root ?? './', location.href);

/** Absolute, because Firefox asks for scripts before it has read `base`. */
const ELEMENT_URL = new URL('element/fastio-upload.js', root).href;

const isDark = (): boolean => {
  const { theme } = document.documentElement.dataset;
  return theme === 'dark' || (theme !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
};

/** A page of its own: what is typed cannot touch this one, and styles of the site do not reach it. */
const frameContent = (
  code: string,
): string => `<!doctype html><html lang="en" style="color-scheme:${isDark() ? 'dark' : 'light'}">
<meta charset="utf-8"><base href="${root.href}">
<style>body{font:16px/1.5 system-ui,sans-serif;margin:16px}</style>
<script type="module">${memoryBackend}</script>
<script type="module" src="${ELEMENT_URL}"></script>
<body>${code}</body></html>`;

const TYPING_MS = 400;

const makeLive = (block: HTMLElement): void => {
  const original = block.querySelector('template')?.content.textContent ?? '';
  const editor = document.createElement('textarea');
  editor.value = original.trim();
  editor.spellcheck = false;
  editor.setAttribute('aria-label', 'The example, to be edited');
  editor.rows = editor.value.split('\n').length + 1;
  const frame = document.createElement('iframe');
  frame.title = 'What the example makes';
  const reset = document.createElement('button');
  reset.type = 'button';
  reset.className = 'copy';
  reset.textContent = 'Start over';
  let timer = 0;
  const show = () => {
    frame.srcdoc = frameContent(editor.value);
  };
  editor.addEventListener('input', () => {
    clearTimeout(timer);
    timer = window.setTimeout(show, TYPING_MS);
  });
  reset.addEventListener('click', () => {
    editor.value = original.trim();
    show();
  });
  document.addEventListener('theme-changed', show);
  const code = block.querySelector('.code');
  code?.replaceChildren(editor, reset);
  block.prepend(frame);
  show();
};

export const makeAllLive = (): void => {
  for (const block of document.querySelectorAll<HTMLElement>('[data-live]')) makeLive(block);
};
