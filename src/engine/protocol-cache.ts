/**
 * Keeps one protocol per distinct target, so that its state (batches, rate limits, plan limits) survives when the page
 * sets its options again. Headers are read for each request.
 */

import type { Protocol } from '../ports/protocol.js';
import type { EngineOptions } from './options.js';
import { optionsFor, targetKey, type UploadTarget } from './upload/target.js';

export class ProtocolCache {
  readonly #make: (options: EngineOptions) => Protocol;
  readonly #options: () => EngineOptions;
  readonly #made = new Map<string, Protocol>();

  constructor(make: (options: EngineOptions) => Protocol, options: () => EngineOptions) {
    this.#make = make;
    this.#options = options;
  }

  /** @throws UploadError `configuration`. */
  for(target: UploadTarget): Protocol {
    const options = this.#options();
    const { credentials, checksums, parallel, partSize, fileField } = options;
    const key = `${targetKey(target)} ${credentials} ${checksums} ${parallel} ${partSize} ${fileField}`;
    const protocol = this.#made.get(key) ?? this.#make({ ...optionsFor(target, options), headers: this.#headers });
    this.#made.set(key, protocol);
    return protocol;
  }

  readonly #headers = () => {
    const { headers } = this.#options();
    return typeof headers === 'function' ? headers() : headers;
  };
}
