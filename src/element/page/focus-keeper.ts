/**
 * Keeps the focus in the element when rendering removes the focused button: it moves to the same row, otherwise to a
 * neighbour, otherwise to the choose button. Otherwise it would fall to the body. It never moves to a button that
 * cancels or lifts an upload, unless such a button was pressed, because a key that is held down would press it.
 */

import type { LitElement, ReactiveController } from 'lit';

interface Focus {
  readonly element: HTMLElement;
  readonly action: string;
  /** Id and index of the row; null outside the list. */
  readonly row: { readonly id: string; readonly index: number } | null;
}

export class FocusKeeper implements ReactiveController {
  readonly #host: LitElement;
  #before: Focus | null = null;

  constructor(host: LitElement) {
    this.#host = host;
    host.addController(this);
  }

  hostUpdate(): void {
    const element = this.#host.shadowRoot?.activeElement;
    if (!(element instanceof HTMLElement)) {
      this.#before = null;
      return;
    }
    const row = element.closest<HTMLElement>('[data-id]');
    this.#before = {
      element,
      action: element.dataset.action ?? '',
      row: row && { id: row.dataset.id ?? '', index: Number(row.dataset.index) },
    };
  }

  hostUpdated(): void {
    const before = this.#before;
    this.#before = null;
    if (!before || this.#host.shadowRoot?.activeElement === before.element) return;
    // An element that was moved in the document has lost the focus as well.
    const target = before.element.isConnected ? before.element : this.#next(before);
    target?.focus({ preventScroll: true });
  }

  #next({ action, row }: Focus): HTMLElement | null {
    const { renderRoot } = this.#host;
    const choose = renderRoot.querySelector<HTMLElement>('.choose');
    if (row === null) return choose;
    const rows = [...renderRoot.querySelectorAll<HTMLElement>('[data-id]')];
    const target =
      rows.find(({ dataset }) => dataset.id === row.id) ??
      rows.find(({ dataset }) => Number(dataset.index) >= row.index) ??
      rows.at(-1);
    if (!target) return choose;
    const button =
      target.querySelector<HTMLElement>(`[data-action="${action}"]`) ??
      target.querySelector<HTMLElement>(
        '[data-action]:not([data-action=cancel], [data-action=remove], [data-action=move])',
      );
    if (!button) target.tabIndex = -1;
    return button ?? target;
  }
}
