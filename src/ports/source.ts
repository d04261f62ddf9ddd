/** What is read. `File` fits; tests and workers may bring their own. */

export interface SourceFile {
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /** MIME type, empty when the browser knows none. */
  readonly type: string;
  /** Milliseconds since 1970. */
  readonly lastModified: number;
  slice(start: number, end: number): Blob;
}

/** A file together with what its `File` object does not tell. */
export interface Source {
  readonly file: SourceFile;
  /** Folder path and name with `/`, as dropped or picked; the bare name for a single file. */
  readonly relativePath: string;
}

/** What `addFiles()` takes. */
export type FileInput = File | { readonly file: File; readonly relativePath?: string };
