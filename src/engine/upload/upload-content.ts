/** The file of an upload: what was chosen, and what is sent, which the page's `prepare` may have made of it. */

import type { SourceFile } from '../../ports/source.js';
import type { SourceRecord } from '../../ports/store.js';

/**
 * - `as-chosen`: the chosen file is sent; `prepare` was not called, or changed nothing.
 * - `made`: the result of `prepare` is sent.
 * - `prepare-again`: `prepare` made it on an earlier page, or what it made is lost: it has to run again.
 */
type Origin = 'as-chosen' | 'made' | 'prepare-again';

/** The chosen file's description. */
export type ChosenFile = Omit<SourceRecord, 'isPrepared'>;

export class UploadContent {
  readonly #described: Omit<ChosenFile, 'fingerprint'>;
  #fingerprint: string | null;
  #chosen: SourceFile | null;
  #sent: SourceFile | null;
  #origin: Origin;
  #wasPrepared = false;

  /** `record` is that of an earlier page. No copy of `chosen` is made, because a list may have thousands of files. */
  constructor(chosen: Omit<ChosenFile, 'fingerprint'>, file: SourceFile | null, record: SourceRecord | null) {
    this.#described = chosen;
    this.#fingerprint = record?.fingerprint ?? null;
    this.#chosen = file;
    this.#sent = file;
    this.#origin = record?.isPrepared === true ? 'prepare-again' : 'as-chosen';
  }

  /** Its fingerprint is set once `prepare` made other content. */
  get source(): ChosenFile {
    const { name, size, relativePath, lastModified } = this.#described;
    return { name, size, relativePath, lastModified, fingerprint: this.#fingerprint };
  }

  /** Null after a reload, until the file comes back. */
  get chosen(): SourceFile | null {
    return this.#chosen;
  }

  /** Null after a reload, until the file comes back. */
  get sent(): SourceFile | null {
    return this.#sent;
  }

  /** True when the content that is sent differs from the chosen file. */
  get isOther(): boolean {
    return this.#origin !== 'as-chosen';
  }

  /** True when the result of `prepare` was lost and it has to run again. */
  get mustPrepareAgain(): boolean {
    return this.#origin === 'prepare-again';
  }

  /** Identifies the chosen file; `fingerprint` is that of what is sent, and is used unless that is other content. */
  knownBy(fingerprint: string | null): ChosenFile {
    return { ...this.source, fingerprint: this.isOther ? this.#fingerprint : fingerprint };
  }

  /** For the record: null when the chosen file is sent unchanged under its own name. */
  recordFor(name: string): SourceRecord | null {
    return this.isOther || this.#described.name !== name ? { ...this.source, isPrepared: this.isOther } : null;
  }

  /** True once `prepare` was called on this page. */
  get wasPrepared(): boolean {
    return this.#wasPrepared;
  }

  /** Sets the chosen file after it was reopened or chosen again. */
  attach(file: SourceFile): void {
    this.#chosen = file;
    this.#sent = file;
    if (this.#origin === 'made') this.#origin = 'prepare-again';
  }

  lose(): void {
    this.#chosen = null;
    this.#sent = null;
    if (this.#origin === 'made') this.#origin = 'prepare-again';
  }

  /** Sets the result of `prepare`, and the fingerprint of the chosen file. */
  prepared(sent: SourceFile, fingerprint: string | null): void {
    this.#wasPrepared = true;
    this.#sent = sent;
    this.#origin = sent === this.#chosen ? 'as-chosen' : 'made';
    this.#fingerprint = this.isOther ? fingerprint : null;
  }
}
