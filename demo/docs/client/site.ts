/** What the pages do beside being read: menu, colours, search, copying, live examples. All of them can be read without it. */

const html = document.documentElement;

const find = <T extends Element>(selector: string): T => {
  const found = document.querySelector<T>(selector);
  if (found === null) throw new Error(`the page lacks ${selector}`);
  return found;
};

const menu = find<HTMLButtonElement>('.menu');
menu.addEventListener('click', () => {
  const isOpen = menu.getAttribute('aria-expanded') !== 'true';
  menu.setAttribute('aria-expanded', String(isOpen));
});

const THEMES = ['auto', 'light', 'dark'] as const;
const THEME_NAMES = { auto: 'as the system', light: 'light', dark: 'dark' };
const theme = find<HTMLButtonElement>('.theme');

const showTheme = (name: (typeof THEMES)[number]): void => {
  html.dataset.theme = name;
  theme.setAttribute('aria-label', `Colours: ${THEME_NAMES[name]}`);
  document.dispatchEvent(new CustomEvent('theme-changed'));
};

const currentTheme = (): (typeof THEMES)[number] => THEMES.find((name) => name === html.dataset.theme) ?? 'auto';
showTheme(currentTheme());
theme.addEventListener('click', () => {
  const next = THEMES[(THEMES.indexOf(currentTheme()) + 1) % THEMES.length] ?? 'auto';
  localStorage.setItem('theme', next);
  showTheme(next);
});

for (const block of document.querySelectorAll<HTMLElement>('[data-copy]')) {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'copy';
  button.textContent = 'Copy';
  button.addEventListener('click', async () => {
    await navigator.clipboard.writeText(block.querySelector('code')?.textContent ?? '');
    button.textContent = 'Copied';
    button.addEventListener('blur', () => button.replaceChildren('Copy'), { once: true });
  });
  block.append(button);
}

if (document.querySelector('[data-live]') !== null) {
  const { makeAllLive } = await import('./live.js');
  makeAllLive();
}

const openSearch = async (): Promise<void> => {
  const { showSearch } = await import('./search.js');
  showSearch(html.dataset.root ?? './');
};
find('.search').addEventListener('click', openSearch);
addEventListener('keydown', (event) => {
  const isTyping =
    event.target instanceof Element && event.target.matches('input, textarea, select, [contenteditable]');
  const isSlash = event.key === '/' && !isTyping;
  const isCommand = event.key === 'k' && (event.metaKey || event.ctrlKey);
  if (!isSlash && !isCommand) return;
  event.preventDefault();
  void openSearch();
});
