/** What is read: a `File` or what looks like one. */
export interface SourceFile extends Blob {
  readonly name: string;
  /** Milliseconds since 1970. */
  readonly lastModified: number;
}

/** A way to the file that outlives the page: `FileSystemFileHandle` where the browser has it. */
export interface FileHandle {
  getFile(): Promise<File>;
  /** Absent where reading needs no permission. */
  queryPermission?(descriptor: { readonly mode: 'read' }): Promise<PermissionState>;
  /** Must be called while the browser counts a user's click as recent. */
  requestPermission?(descriptor: { readonly mode: 'read' }): Promise<PermissionState>;
}

/** What `addFiles()` takes: a file, or a file with what its `File` object does not tell. */
export type FileInput =
  | File
  | {
      readonly file: File;
      /** Folder path and name with `/`, as dropped or picked. @default the file's own path or name */
      readonly relativePath?: string;
      /** Kept in the record, so that a later page can go on without choosing the file again. */
      readonly handle?: FileHandle | null;
    };
