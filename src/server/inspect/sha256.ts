/** A ready-made `inspectBytes` that computes the SHA-256 of each body while it streams. */

import { sha256 as createHash } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import type { InspectBytes, InspectedFile } from './inspect-bytes.js';

/** Called with the hex digest at the end of a body; if it throws or rejects, the body is refused with that error. */
export type OnDigest = (
  digest: string,
  file: InspectedFile,
  caller: Parameters<InspectBytes>[1],
) => void | Promise<void>;

/**
 * The digest is that of one body: the whole file, or the part that `partNumber` names. It uses a library, because Web
 * Crypto cannot hash a stream.
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

/** Chains several inspections. @example inspectBytes: inspectAll(checkSignatures(), sha256(note)) */
export const inspectAll =
  (...inspections: readonly InspectBytes[]): InspectBytes =>
  (file, caller) => {
    const streams = inspections.flatMap((inspect) => inspect(file, caller) ?? []);
    const [first] = streams;
    if (first === undefined) return null;
    const readable = streams.slice(1).reduce((source, stream) => source.pipeThrough(stream), first.readable);
    return { writable: first.writable, readable };
  };
