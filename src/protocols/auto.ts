/**
 * Asks the backend what it offers (`GET {endpoint}`) and chooses for each file. A backend that answers 404 or 405 knows
 * no such question and is taken as `presigned`.
 */

import { abortable, never } from '../lib/abortable.js';
import { UploadError } from '../ports/errors.js';
import type { CallOptions, Protocol, ProtocolName, UploadFacts } from '../ports/protocol.js';
import { type Capabilities, parseCapabilities } from '../wire/capabilities.js';
import type { Backend } from './shared/backend.js';

/** A dialect that the backend announced, at the URL it announced. */
export type MakeProtocol = (name: ProtocolName, backend: Backend, capabilities: Capabilities | null) => Protocol;

export interface AutoOptions {
  readonly backend: Backend;
  /** Dialects that this build speaks, best first. */
  readonly spoken: readonly ProtocolName[];
  readonly make: MakeProtocol;
}

const UNKNOWN_QUESTION: ReadonlySet<number> = new Set([404, 405]);

export const auto = ({ backend, spoken, make }: AutoOptions): Protocol => {
  const made = new Map<ProtocolName, Protocol>();
  let asking: Promise<Capabilities | null> | null = null;

  /** Asked once; a failed question is asked again. Nobody's signal ends more than their own wait: others wait too. */
  const capabilities = ({ signal }: CallOptions): Promise<Capabilities | null> => {
    asking ??= ask(backend).then(
      (offer) => {
        // Made before the first file, so that the engine knows how many it may open at once.
        if (offer !== null && preferred(offer, spoken) === 'fastio') speak('fastio', offer);
        return offer;
      },
      (error: unknown) => {
        asking = null;
        throw error;
      },
    );
    return abortable(asking, signal);
  };

  /**
   * Without `fastio` where its code is not there, as when somebody serves the one file for the script tag and none of
   * those beside it; unless there is nothing else.
   */
  const usable = async (options: CallOptions): Promise<Capabilities | null> => {
    const offer = await capabilities(options);
    if (offer === null || preferred(offer, spoken) !== 'fastio') return offer;
    const others = { ...offer, protocols: offer.protocols.filter((name) => name !== 'fastio') };
    if (preferred(others, spoken) === undefined) return offer;
    try {
      await speak('fastio', offer).load?.(options);
      return offer;
    } catch {
      options.signal.throwIfAborted();
      made.delete('fastio');
      return others;
    }
  };

  const speak = (name: ProtocolName, offer: Capabilities | null): Protocol => {
    const url = offer?.urls[name];
    const protocol = made.get(name) ?? make(name, url ? backend.at(backend.resolve(url)) : backend, offer);
    made.set(name, protocol);
    return protocol;
  };

  return {
    /** Known once a dialect has been chosen; no other than `fastio` wants one of its own. */
    get batchWindow() {
      return made.get('fastio')?.batchWindow;
    },
    open: async (facts, options) => {
      const offer = await usable(options);
      return speak(choose(offer, spoken, facts), offer).open(facts, options);
    },
    reopen: async (facts, name, record, options) => {
      const offer = await capabilities(options);
      return speak(name, offer).reopen(facts, name, record, options);
    },
    limits: async (options) => (await capabilities(options))?.limits ?? null,
  };
};

const ask = async (backend: Backend): Promise<Capabilities | null> => {
  const response = await backend.ask({ method: 'GET', url: backend.endpoint }, { signal: never() });
  if (UNKNOWN_QUESTION.has(response.status)) return null;
  const offer = parseCapabilities(backend.expectOk(response).text);
  if (offer === null) {
    throw new UploadError('configuration', `${response.url} does not answer as an upload gateway`, {
      status: response.status,
    });
  }
  return offer;
};

/** The first that both sides speak, whatever the file. */
const preferred = (offer: Capabilities, spoken: readonly ProtocolName[]): ProtocolName | undefined =>
  spoken.find((name) => offer.protocols.includes(name));

/** `fastio` where offered, else `chunked` for files above the gateway's mark and `presigned` up to it. */
const choose = (offer: Capabilities | null, spoken: readonly ProtocolName[], { size }: UploadFacts): ProtocolName => {
  if (offer === null) return 'presigned';
  const first = preferred(offer, spoken);
  if (first === undefined) {
    throw new UploadError('configuration', 'the backend offers no protocol of this build');
  }
  const bySize = size > offer.chunkedAbove ? 'chunked' : 'presigned';
  return first !== 'fastio' && offer.protocols.includes(bySize) ? bySize : first;
};
