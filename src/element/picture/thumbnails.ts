/** Passes the canvases of the rows to the thumbnail maker, which is loaded with the first picture. */

import type { LitElement, ReactiveController } from 'lit';
import type { ThumbnailMaker } from './thumbnail-maker.js';

export class Thumbnails implements ReactiveController {
  readonly #host: LitElement;
  readonly #fileOf: (id: string) => unknown;
  #given = new WeakSet<Element>();
  #maker: Promise<ThumbnailMaker> | null = null;

  constructor(host: LitElement, fileOf: (id: string) => unknown) {
    this.#host = host;
    this.#fileOf = fileOf;
    host.addController(this);
  }

  /** The maker drops canvases outside of the document. */
  hostDisconnected(): void {
    this.#given = new WeakSet();
  }

  hostUpdated(): void {
    for (const canvas of this.#host.renderRoot.querySelectorAll('canvas')) {
      const id = canvas.closest<HTMLElement>('[data-id]')?.dataset.id;
      if (id === undefined || this.#given.has(canvas)) continue;
      this.#given.add(canvas);
      void this.#give(canvas, id);
    }
  }

  async #give(canvas: HTMLCanvasElement, id: string): Promise<void> {
    try {
      this.#maker ??= import('./thumbnail-maker.js').then(({ ThumbnailMaker }) => new ThumbnailMaker());
      (await this.#maker).watch(canvas, () => {
        const file = this.#fileOf(id);
        return file instanceof Blob ? file : null;
      });
    } catch {
      // The icon of the kind stays.
    }
  }
}
