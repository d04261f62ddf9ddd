/** A ready-made `inspectBytes`: the SHA-256 of what passes, computed while it passes. */

import { sha256 as createHash } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import type { InspectBytes, InspectedFile } from './inspect-bytes.js';

/** Called with the digest in hex once a body has passed; what it rejects with refuses the body. */
export type OnDigest = (
  digest: string,
  file: InspectedFile,
  caller: Parameters<InspectBytes>[1],
) => void | Promise<void>;

/**
 * The digest is that of a body: of the whole file where it comes in one, else of the part that `partNumber` names. Web
 * Crypto hashes nothing in pieces, hence a library.
 *
 * @example createUploadHandler({ inspectBytes: sha256((digest, { name }) => audit.note(name, digest)), … })
 */
export const sha256 =
  (onDigest: OnDigest): InspectBytes =>
  (file, caller) => {
    const hash = createHash.create();
    return new TransformStream({
      transform(chunk, controller) {
        hash.update(chunk);
        controller.enqueue(chunk);
      },
      flush: () => onDigest(bytesToHex(hash.digest()), file, caller),
    });
  };

/** Several inspections, one after the other. @example inspectBytes: inspectAll(checkSignatures(), sha256(note)) */
export const inspectAll =
  (...inspections: readonly InspectBytes[]): InspectBytes =>
  (file, caller) => {
    const streams = inspections.flatMap((inspect) => inspect(file, caller) ?? []);
    const [first] = streams;
    if (first === undefined) return null;
    const readable = streams.slice(1).reduce((source, stream) => source.pipeThrough(stream), first.readable);
    return { writable: first.writable, readable };
  };
