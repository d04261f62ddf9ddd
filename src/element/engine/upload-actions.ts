/** What a page can do with the uploads by script. Everything is safe before the first rendering. */

import type { EngineCore } from '../../engine/engine-core.js';
import type { UploadSnapshot } from '../../engine/upload/snapshot.js';
import type { FileHandle, FileInput } from '../../ports/source.js';
import { UploadAttributes } from './upload-attributes.js';

export abstract class UploadActions extends UploadAttributes {
  /**
   * Puts files on the list; answers with those that came on it: of thousands the rest follows in later tasks, and the files
   * of handles once they are opened. The limits hold, `multiple` does not.
   * @throws TypeError for anything else, and then puts nothing on the list.
   */
  addFiles(files: Iterable<FileInput | FileHandle>): readonly UploadSnapshot[] {
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

  /** Takes up again what failed or was canceled, from what is confirmed. Without an id: all. */
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

  /** Takes off the list what is stored or canceled; what failed stays until it is removed. */
  clear(): void {
    this.act((engine) => engine.clear());
  }

  /** Gives a restored upload its file back; false when it is another file. */
  reattach(id: string, file: FileInput): Promise<boolean> {
    return this.ready().reattach(id, file);
  }

  /**
   * What is sent with the file when it is opened; it takes the place of what was to be sent. False once it is opened.
   * @throws UploadError `configuration` that names the field which JSON cannot hold.
   */
  setMetadata(id: string, metadata: Readonly<Record<string, unknown>> | null): boolean {
    return this.act((engine) => engine.setMetadata(id, metadata));
  }

  /** The name under which the file is sent. False once the upload is opened, and for no name. */
  rename(id: string, name: string): boolean {
    return this.act((engine) => engine.rename(id, name));
  }

  /** Moves an upload to this place on the list, from 0; those that wait for their turn begin in that order. */
  move(id: string, index: number): boolean {
    return this.act((engine) => engine.move(id, index));
  }

  /** @internal The engine with the attributes in force, even those set a moment ago. */
  protected abstract ready(): EngineCore;

  /** @internal */
  protected act<T>(act: (engine: EngineCore) => T): T {
    const result = act(this.ready());
    this.requestUpdate();
    return result;
  }
}
