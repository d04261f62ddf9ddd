/** Computes digests. */
export interface Hasher {
  /** Lower-case hex of the SHA-256, or null where the platform offers none (pages that are not secure contexts). */
  sha256(bytes: ArrayBuffer): Promise<string | null>;
}
