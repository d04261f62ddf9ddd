/** Computes digests. */
export interface Hasher {
  /** Lower-case hex of the SHA-256, or null where the platform offers none (pages that are not secure contexts). */
  sha256(bytes: ArrayBuffer): Promise<string | null>;
  /**
   * Lower-case hex of the MD5 of a body of any size, read piece by piece, or null where none can be made. Absent means that
   * it never can. Rejects with the signal's reason when aborted.
   * @throws UploadError `network` when the body cannot be read, as a browser calls it; the engine finds out more.
   */
  md5?(body: Blob, options: { readonly signal: AbortSignal }): Promise<string | null>;
}
