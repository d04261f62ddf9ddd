/** A `File`, or an object with the same properties. */
export interface SourceFile extends Blob {
  readonly name: string;
  /** Milliseconds since 1970. */
  readonly lastModified: number;
}

/** Reopens a file after a reload: a `FileSystemFileHandle`, where the browser has it. */
export interface FileHandle {
  getFile(): Promise<File>;
  /** Absent where reading needs no permission. */
  queryPermission?(descriptor: { readonly mode: 'read' }): Promise<'granted' | 'denied' | 'prompt'>;
  /** Must be called soon after a click of the user (transient activation). */
  requestPermission?(descriptor: { readonly mode: 'read' }): Promise<'granted' | 'denied' | 'prompt'>;
}

/** A file for `addFiles()`, alone or with facts that its `File` object does not have. */
export type FileInput =
  | File
  | {
      readonly file: File;
      /** Folder path and name with `/`, as dropped or picked. @default the file's own path or name */
      readonly relativePath?: string;
      /** Stored in the record, so that a later page can resume without choosing the file again. */
      readonly handle?: FileHandle | null;
    };
