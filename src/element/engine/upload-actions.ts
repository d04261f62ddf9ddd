/** What a page can do with the uploads by script. Everything is safe before the first rendering. */

import type { EngineCore } from '../../engine/engine-core.js';
import type { UploadSnapshot } from '../../engine/upload/snapshot.js';
import type { FileInput } from '../../ports/source.js';
import { UploadAttributes } from './upload-attributes.js';

export abstract class UploadActions extends UploadAttributes {
  /** Puts files on the list; answers with those that came on it. The limits hold, `multiple` does not. */
  addFiles(files: Iterable<FileInput>): readonly UploadSnapshot[] {
    const added = this.ready().addFiles(files);
    this.requestUpdate();
    return added;
  }

  /** Starts what waits for it, with `no-auto`. */
  start(): void {
    this.act((engine) => engine.start());
  }

  /** Lets an upload that waits for its turn begin before all others that wait. */
  prioritize(id: string): void {
    this.act((engine) => engine.prioritize(id));
  }

  /** Stops sending; what is confirmed stays. Without an id: all. */
  pause(id?: string): void {
    this.act((engine) => engine.pause(id));
  }

  /** Goes on after a pause. Without an id: all. */
  resume(id?: string): void {
    this.act((engine) => engine.resume(id));
  }

  /** Tries again what failed. Without an id: all. */
  retry(id?: string): void {
    this.act((engine) => engine.retry(id));
  }

  /** Gives up what is not finished. Without an id: all. */
  cancel(id?: string): void {
    this.act((engine) => engine.cancel(id));
  }

  /** Takes an upload off the list. Without an id it is the platform's `remove()`: the element leaves the document. */
  override remove(id?: string): void {
    if (id === undefined) super.remove();
    else this.act((engine) => engine.remove(id));
  }

  /** Takes what is finished, failed or canceled off the list. */
  clear(): void {
    this.act((engine) => engine.clear());
  }

  /** Gives a restored upload its file back; false when it is another file. */
  reattach(id: string, file: FileInput): Promise<boolean> {
    return this.ready().reattach(id, file);
  }

  /** @internal The engine with the attributes in force, even those set a moment ago. */
  protected abstract ready(): EngineCore;

  /** @internal */
  protected act(act: (engine: EngineCore) => void): void {
    act(this.ready());
    this.requestUpdate();
  }
}
