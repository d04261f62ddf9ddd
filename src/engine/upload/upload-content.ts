/**
 * The file of an upload: what was chosen, what is sent, and what the page's `prepare` made of the one for the other.
 */

import type { SourceFile } from '../../ports/source.js';
import type { SourceRecord } from '../../ports/store.js';

/**
 * - `as-chosen`: what was chosen is sent; `prepare` was not called, or changed nothing.
 * - `made`: `prepare` made what is sent.
 * - `prepare-again`: `prepare` made it on an earlier page, or what it made is lost: it has to run again.
 */
type Origin = 'as-chosen' | 'made' | 'prepare-again';

/** The chosen file, as far as it can be told without it. */
export type ChosenFile = Omit<SourceRecord, 'isPrepared'>;

export class UploadContent {
  #source: ChosenFile;
  #chosen: SourceFile | null;
  #sent: SourceFile | null;
  #origin: Origin;
  #wasPrepared = false;

  /** `record` as an earlier page left it. */
  constructor(chosen: Omit<ChosenFile, 'fingerprint'>, file: SourceFile | null, record: SourceRecord | null) {
    const { name, size, relativePath, lastModified } = chosen;
    this.#source = { name, size, relativePath, lastModified, fingerprint: record?.fingerprint ?? null };
    this.#chosen = file;
    this.#sent = file;
    this.#origin = record?.isPrepared === true ? 'prepare-again' : 'as-chosen';
  }

  /** Its fingerprint is known once something else was made of it. */
  get source(): ChosenFile {
    return this.#source;
  }

  /** Null after a reload, until the file comes back. */
  get chosen(): SourceFile | null {
    return this.#chosen;
  }

  /** Null after a reload, until the file comes back. */
  get sent(): SourceFile | null {
    return this.#sent;
  }

  /** What is sent has other content than what was chosen. */
  get isOther(): boolean {
    return this.#origin !== 'as-chosen';
  }

  /** `prepare` made it before, and has to make it again. */
  get mustPrepareAgain(): boolean {
    return this.#origin === 'prepare-again';
  }

  /** The chosen file, as it is known again: its samples are those of what is sent, unless that is other content. */
  knownBy(fingerprint: string | null): ChosenFile {
    return { ...this.#source, fingerprint: this.isOther ? this.#source.fingerprint : fingerprint };
  }

  /** For the record: null where the file is sent as it was chosen, under its own name. */
  recordFor(name: string): SourceRecord | null {
    return this.isOther || this.#source.name !== name ? { ...this.#source, isPrepared: this.isOther } : null;
  }

  /** Whether `prepare` was called on this page. */
  get wasPrepared(): boolean {
    return this.#wasPrepared;
  }

  /** The chosen file is here again, or can be read again. */
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

  /** `prepare` was called: `sent` goes in the place of the chosen file, which has this fingerprint. */
  prepared(sent: SourceFile, fingerprint: string | null): void {
    this.#wasPrepared = true;
    this.#sent = sent;
    this.#origin = sent === this.#chosen ? 'as-chosen' : 'made';
    this.#source = { ...this.#source, fingerprint: this.isOther ? fingerprint : null };
  }
}
