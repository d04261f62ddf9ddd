/** The methods of the element that act on uploads. All of them may be called before the first rendering. */

import type { EngineCore } from '../../engine/engine-core.js';
import type { UploadSnapshot } from '../../engine/upload/snapshot.js';
import type { FileHandle, FileInput } from '../../ports/source.js';
import { UploadAttributes } from './upload-attributes.js';

export abstract class UploadActions extends UploadAttributes {
  /**
   * Adds files, and returns the uploads that are on the list now; of thousands the rest follows in later tasks, and the
   * files of handles once they are opened. Limits apply, `multiple` does not.
   * @throws TypeError for anything else, without adding a file.
   */
  addFiles(files: Iterable<FileInput | FileHandle>): readonly UploadSnapshot[] {
    const added = this.ready().addFiles(files);
    this.requestUpdate();
    return added;
  }

  /** Starts waiting uploads, with `no-auto`. */
  start(): void {
    this.act((engine) => engine.start());
  }

  /** Moves a queued upload before all other queued ones. */
  prioritize(id: string): void {
    this.act((engine) => engine.prioritize(id));
  }

  /** Pauses one upload, or all without an id; confirmed bytes stay. */
  pause(id?: string): void {
    this.act((engine) => engine.pause(id));
  }

  /** Resumes one paused upload, or all without an id. */
  resume(id?: string): void {
    this.act((engine) => engine.resume(id));
  }

  /** Retries one failed or canceled upload from its confirmed bytes, or all without an id. */
  retry(id?: string): void {
    this.act((engine) => engine.retry(id));
  }

  /** Cancels one unfinished upload, or all without an id. */
  cancel(id?: string): void {
    this.act((engine) => engine.cancel(id));
  }

  /** Removes an upload from the list. Without an id it is the platform's `remove()`, which removes the element. */
  override remove(id?: string): void {
    if (id === undefined) super.remove();
    else this.act((engine) => engine.remove(id));
  }

  /** Removes stored and canceled uploads from the list; failed ones stay. */
  clear(): void {
    this.act((engine) => engine.clear());
  }

  /** Attaches the file to a restored upload again; false when it is another file. */
  reattach(id: string, file: FileInput): Promise<boolean> {
    return this.ready().reattach(id, file);
  }

  /**
   * Replaces the metadata that is sent when the upload is opened. False once it is opened.
   * @throws UploadError `configuration` with the field that JSON cannot hold.
   */
  setMetadata(id: string, metadata: Readonly<Record<string, unknown>> | null): boolean {
    return this.act((engine) => engine.setMetadata(id, metadata));
  }

  /** Changes the name under which the file is sent. False once the upload is opened, and for an empty name. */
  rename(id: string, name: string): boolean {
    return this.act((engine) => engine.rename(id, name));
  }

  /** Moves an upload to this index on the list; queued uploads start in that order. */
  move(id: string, index: number): boolean {
    return this.act((engine) => engine.move(id, index));
  }

  /** @internal The engine with the current attributes applied, including those set in this task. */
  protected abstract ready(): EngineCore;

  /** @internal */
  protected act<T>(act: (engine: EngineCore) => T): T {
    const result = act(this.ready());
    this.requestUpdate();
    return result;
  }
}
