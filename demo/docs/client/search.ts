/** The search: its index is asked for when the search is opened first. */

import MiniSearch from 'minisearch';
import { SEARCH_OPTIONS } from '../build/search-options.js';

const MAX_RESULTS = 12;

const dialog = document.querySelector<HTMLDialogElement>('.search-dialog');
const input = dialog?.querySelector('input');
const list = dialog?.querySelector('ul');
const status = dialog?.querySelector('[role=status]');

let index: Promise<MiniSearch> | null = null;

const loadIndex = async (root: string): Promise<MiniSearch> => {
  const response = await fetch(`${root}search-index.json`);
  return MiniSearch.loadJSON(await response.text(), SEARCH_OPTIONS);
};

const resultFor = (root: string, id: string, page: string, heading: string): HTMLLIElement => {
  const item = document.createElement('li');
  const link = document.createElement('a');
  link.href = root + id;
  const place = document.createElement('small');
  place.textContent = page;
  link.append(heading, place);
  item.append(link);
  return item;
};

const search = async (root: string): Promise<void> => {
  const query = input?.value.trim() ?? '';
  index ??= loadIndex(root);
  try {
    const found = query === '' ? [] : (await index).search(query).slice(0, MAX_RESULTS);
    // A later letter may have been typed while the index was loading.
    if (query !== input?.value.trim()) return;
    list?.replaceChildren(...found.map(({ id, page, heading }) => resultFor(root, id, page, heading)));
    if (status)
      status.textContent =
        query === '' ? '' : found.length === 0 ? `Nothing about “${query}”` : `${found.length} found`;
  } catch {
    index = null;
    if (status) status.textContent = 'The index of the search did not load. Try again.';
  }
};

const move = (step: number): void => {
  const links = [...(list?.querySelectorAll('a') ?? [])];
  const at = links.indexOf(document.activeElement as HTMLAnchorElement);
  links[Math.max(0, Math.min(links.length - 1, at + step))]?.focus();
};

export const showSearch = (root: string): void => {
  if (dialog === null || dialog.open) return;
  dialog.showModal();
  input?.select();
  dialog.oninput = () => search(root);
  dialog.onkeydown = (event) => {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      move(event.key === 'ArrowDown' ? 1 : -1);
    } else if (event.key === 'Enter' && event.target === input) {
      event.preventDefault();
      list?.querySelector('a')?.click();
    }
  };
  dialog.onclick = (event) => {
    const isLink = event.target instanceof Element && event.target.closest('a') !== null;
    if (event.target === dialog || isLink) dialog.close();
  };
};
