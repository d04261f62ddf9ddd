/** A file on a disk that may be pulled out, and that others may write to: same name, size and date, other bytes. */

import { fileOf } from '../../support/builders.js';

export class FragileFile {
  readonly file: File;
  readonly original: Uint8Array<ArrayBuffer>;
  readonly rewritten: Uint8Array<ArrayBuffer>;
  isReadable = true;
  isRewritten = false;

  constructor(name: string, content: Uint8Array<ArrayBuffer>) {
    this.original = content;
    this.rewritten = content.map((byte) => byte ^ 0xff);
    this.file = fileOf(name, content);
    const [before, after] = [new Blob([this.original]), new Blob([this.rewritten])];
    const slice = (start?: number, end?: number): Blob => {
      const blob = (this.isRewritten ? after : before).slice(start, end);
      const arrayBuffer = async (): Promise<ArrayBuffer> => {
        if (!this.isReadable) throw new DOMException('the file is gone', 'NotFoundError');
        return Blob.prototype.arrayBuffer.call(blob);
      };
      return Object.defineProperty(blob, 'arrayBuffer', { value: arrayBuffer });
    };
    const arrayBuffer = () => slice().arrayBuffer();
    Object.defineProperties(this.file, { slice: { value: slice }, arrayBuffer: { value: arrayBuffer } });
  }
}
