/**
 * Asks the backend what it offers (`GET {endpoint}`) and chooses for each file. A backend that answers 404 or 405 knows
 * no such question and is taken as `presigned`.
 */

import { abortable, never } from '../lib/abortable.js';
import { UploadError } from '../ports/errors.js';
import type { CallOptions, Protocol, ProtocolName, UploadFacts, UserOptions } from '../ports/protocol.js';
import { type Capabilities, parseCapabilities } from '../wire/capabilities.js';
import type { Backend } from './shared/backend.js';
import { makeProtocol, type ProtocolContext, type ProtocolDefinition } from './shared/definition.js';

const UNKNOWN_QUESTION: ReadonlySet<number> = new Set([404, 405]);

/** `definitions` are what this build speaks, best first. */
export const auto = (definitions: readonly ProtocolDefinition[], context: ProtocolContext): Protocol => {
  const { backend } = context;
  const made = new Map<ProtocolName, Protocol>();
  let asking: Promise<Capabilities | null> | null = null;
  let isAnswered = false;

  /** Asked once; a failed question is asked again. A signal ends its caller's wait only: others wait too. */
  const capabilities = ({ signal, isFresh = false }: UserOptions): Promise<Capabilities | null> => {
    if (isFresh && isAnswered) asking = null;
    isAnswered &&= asking !== null;
    asking ??= ask(backend).then(
      (offer) => {
        isAnswered = true;
        // Made before the first file, so that the engine knows how many it may open at once.
        const [best] = offer === null ? [] : ranked(definitions, offer, 0);
        if (best !== undefined) speak(best.name, offer);
        return offer;
      },
      (error: unknown) => {
        asking = null;
        throw error;
      },
    );
    return abortable(asking, signal);
  };

  const speak = (name: ProtocolName, offer: Capabilities | null): Protocol => {
    const known = made.get(name);
    if (known !== undefined) return known;
    const definition = definitions.find((candidate) => candidate.name === name);
    if (definition === undefined) {
      throw new UploadError('configuration', `protocol ${name} is not part of this build`);
    }
    const protocol = makeProtocol(definition, offered(context, name, offer));
    made.set(name, protocol);
    return protocol;
  };

  /** The best for the file whose code is there: a page may serve the one file for the script tag without those beside it. */
  const choose = async ({ size }: UploadFacts, options: CallOptions): Promise<Protocol> => {
    const offer = await capabilities(options);
    if (offer === null) return speak('presigned', null);
    let protocol: Protocol | undefined;
    for (const { name } of ranked(definitions, offer, size)) {
      protocol = speak(name, offer);
      try {
        await protocol.load?.(options);
        return protocol;
      } catch {
        options.signal.throwIfAborted();
        made.delete(name);
      }
    }
    // Its `open` says what is wrong.
    if (protocol !== undefined) return protocol;
    throw new UploadError('configuration', 'the backend offers no protocol of this build');
  };

  return {
    name: 'auto',
    get batchWindow() {
      const windows = Array.from(made.values(), ({ batchWindow = 0 }) => batchWindow);
      return Math.max(0, ...windows) || undefined;
    },
    isFlat: async (facts, options) => (await choose(facts, options)).isFlat?.(facts, options) ?? false,
    open: async (facts, options) => (await choose(facts, options)).open(facts, options),
    reopen: async (facts, name, record, options) => {
      const offer = await capabilities(options);
      return speak(name, offer).reopen(facts, name, record, options);
    },
    user: async (options) => (await capabilities(options))?.user ?? null,
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

/** What the gateway says of a protocol takes the place of what the page says of the gateway. */
const offered = (context: ProtocolContext, name: ProtocolName, offer: Capabilities | null): ProtocolContext => {
  const { backend, confirmUrl } = context;
  if (offer === null) return context;
  const { urls, mintBatch = 1 } = offer;
  const url = urls[name];
  return {
    ...context,
    backend: url === undefined ? backend : backend.at(backend.resolve(url)),
    confirmUrl: confirmUrl ?? (urls.confirm === undefined ? null : backend.resolve(urls.confirm)),
    mintBatch,
  };
};

/** The protocols that both sides speak: those that suit the size first, then the others, each best first. */
const ranked = (
  definitions: readonly ProtocolDefinition[],
  offer: Capabilities,
  size: number,
): readonly ProtocolDefinition[] => {
  const spoken = definitions.filter(({ name }) => offer.protocols.includes(name));
  const wanted = size > offer.chunkedAbove ? 'large' : 'small';
  const isSuited = ({ suits }: ProtocolDefinition) => suits === 'all' || suits === wanted;
  return [...spoken.filter(isSuited), ...spoken.filter((definition) => !isSuited(definition))];
};
