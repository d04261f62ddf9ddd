/** What the storage holds, as the emulator tells it, or the gateway over a bucket. */

import { html, nothing, render, type TemplateResult } from 'lit';

interface StoredFile {
  readonly fileId: string;
  readonly name: string;
  readonly size: number;
  /** Only the emulator tells it. */
  readonly sha256?: string;
  readonly relativePath?: string;
  readonly storedAt?: string | number;
  /** Where the gateway redirects to the bytes. */
  readonly url?: string;
}

const REFRESH_MS = 250;
const FIRST_ROWS = 100;

/** The short form of a byte has no plural. */
const DISPLAYS = { byte: 'long', kilobyte: 'short', megabyte: 'short', gigabyte: 'short' } as const;

const SIZES = (['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const).map(
  (unit) => new Intl.NumberFormat('en', { style: 'unit', unit, unitDisplay: DISPLAYS[unit], maximumFractionDigits: 1 }),
);

const formatSize = (bytes: number): string => {
  const power = Math.min(Math.floor(Math.log10(Math.max(bytes, 1)) / 3), SIZES.length - 1);
  return SIZES[power]?.format(bytes / 1000 ** power) ?? '';
};

const row = (file: StoredFile): TemplateResult => html`
  <li>
    <a href=${file.url ?? `/emulator/files/${encodeURIComponent(file.fileId)}`} download=${file.name} title=${file.relativePath ?? file.name}
      >${file.name}</a
    >
    <span class="size">${formatSize(file.size)}</span>
    ${file.sha256 === undefined ? nothing : html`<span class="hash" title=${file.sha256}>SHA-256 ${file.sha256}</span>`}
  </li>
`;

const summary = (files: readonly StoredFile[]): string => {
  const bytes = files.reduce((sum, { size }) => sum + size, 0);
  return `${files.length} ${files.length === 1 ? 'file' : 'files'}, ${formatSize(bytes)}`;
};

const listOf = (files: readonly StoredFile[], showAll: () => void, rows: number): TemplateResult =>
  files.length === 0
    ? html`<p class="empty">Nothing yet. What you upload appears here.</p>`
    : html`
        <p class="hint">${summary(files)}</p>
        <ul class="files" tabindex="0" aria-labelledby="stored-title">
          ${files.slice(0, rows).map(row)}
        </ul>
        ${files.length > rows ? html`<button type="button" @click=${showAll}>Show all ${files.length}</button>` : nothing}
      `;

export interface StoredPlaces {
  readonly list: HTMLElement;
  readonly clear: HTMLButtonElement;
}

export interface StoredFilesView {
  /** Asks again in a moment; calls in the meantime are one. */
  refreshSoon(): void;
}

/** @param endpoint of a gateway over a bucket; without it the emulator is asked, which can also forget its files. */
export const showStoredFiles = ({ list, clear }: StoredPlaces, endpoint?: string): StoredFilesView => {
  let files: readonly StoredFile[] = [];
  let rows = FIRST_ROWS;
  let isPlanned = false;

  const draw = (): void => {
    render(listOf(files, showAll, rows), list);
    clear.disabled = files.length === 0;
  };
  const showAll = (): void => {
    rows = Number.POSITIVE_INFINITY;
    draw();
  };
  const refresh = async (): Promise<void> => {
    isPlanned = false;
    const response = await fetch(`${endpoint ?? '/emulator'}/files`);
    const answer: readonly StoredFile[] | { readonly files: readonly StoredFile[] } = await response.json();
    files = 'files' in answer ? answer.files : answer.toReversed();
    draw();
  };
  const refreshSoon = (): void => {
    if (isPlanned) return;
    isPlanned = true;
    setTimeout(refresh, REFRESH_MS);
  };

  clear.addEventListener('click', async () => {
    await fetch('/emulator/files', { method: 'DELETE' });
    await refresh();
  });
  clear.hidden = endpoint !== undefined;
  draw();
  refreshSoon();
  return { refreshSoon };
};
