/** Computes digests. */
export interface Hasher {
  /** Lower-case hex of the SHA-256; null where the platform has none (pages that are not secure contexts). */
  sha256(bytes: ArrayBuffer): Promise<string | null>;
  /**
   * Lower-case hex of the MD5 of a body of any size, read in pieces; null when it cannot be computed. Absent when it
   * never can. Rejects with the signal's reason when it is aborted.
   * @throws UploadError `network` when the body cannot be read, as for a failed request; the engine finds the cause.
   */
  md5?(body: Blob, options: { readonly signal: AbortSignal }): Promise<string | null>;
}
