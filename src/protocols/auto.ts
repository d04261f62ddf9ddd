/**
 * Reads the backend's capabilities (`GET {endpoint}`) and chooses a protocol for each file. A backend that answers 404
 * or 405 announces none, and is used with `presigned`.
 */

import { abortable, never } from '../lib/abortable.js';
import { UploadError } from '../ports/errors.js';
import type { CallOptions, Protocol, ProtocolName, UploadFacts, UserOptions } from '../ports/protocol.js';
import { type Capabilities, parseCapabilities } from '../wire/capabilities.js';
import type { Backend } from './shared/backend.js';
import { makeProtocol, type ProtocolContext, type ProtocolDefinition } from './shared/definition.js';

const NO_CAPABILITIES: ReadonlySet<number> = new Set([404, 405]);

/** `definitions` are the protocols of this build, best first. */
export const auto = (definitions: readonly ProtocolDefinition[], context: ProtocolContext): Protocol => {
  const { backend } = context;
  const made = new Map<ProtocolName, Protocol>();
  let asking: Promise<Capabilities | null> | null = null;
  let isAnswered = false;

  /** Requested once, and again after a failure. A signal ends only its caller's wait, because the answer is shared. */
  const capabilities = ({ signal, isFresh = false }: UserOptions): Promise<Capabilities | null> => {
    if (isFresh && isAnswered) asking = null;
    isAnswered &&= asking !== null;
    asking ??= ask(backend).then(
      (offer) => {
        isAnswered = true;
        // Created before the first file, so that the engine can read its `batchWindow`.
        const [best] = offer === null ? [] : ranked(definitions, offer, 0);
        if (best !== undefined) protocolFor(best.name, offer);
        return offer;
      },
      (error: unknown) => {
        asking = null;
        throw error;
      },
    );
    return abortable(asking, signal);
  };

  const protocolFor = (name: ProtocolName, offer: Capabilities | null): Protocol => {
    const known = made.get(name);
    if (known !== undefined) return known;
    const definition = definitions.find((candidate) => candidate.name === name);
    if (definition === undefined) {
      throw new UploadError('configuration', `"${name}" is not a protocol of this build`);
    }
    const protocol = makeProtocol(definition, offered(context, name, offer));
    made.set(name, protocol);
    return protocol;
  };

  /** The best protocol whose code can be loaded: a page may serve only the bundle, without the files beside it. */
  const choose = async ({ size }: UploadFacts, options: CallOptions): Promise<Protocol> => {
    const offer = await capabilities(options);
    if (offer === null) return protocolFor('presigned', null);
    let protocol: Protocol | undefined;
    for (const { name } of ranked(definitions, offer, size)) {
      protocol = protocolFor(name, offer);
      try {
        await protocol.load?.(options);
        return protocol;
      } catch {
        options.signal.throwIfAborted();
        made.delete(name);
      }
    }
    // Its `open` reports why its code cannot be loaded.
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
      return protocolFor(name, offer).reopen(facts, name, record, options);
    },
    user: async (options) => (await capabilities(options))?.user ?? null,
    limits: async (options) => (await capabilities(options))?.limits ?? null,
  };
};

const ask = async (backend: Backend): Promise<Capabilities | null> => {
  const response = await backend.ask({ method: 'GET', url: backend.endpoint }, { signal: never() });
  if (NO_CAPABILITIES.has(response.status)) return null;
  const offer = parseCapabilities(backend.expectOk(response).text);
  if (offer === null) {
    throw new UploadError('configuration', `${response.url} does not answer as an upload gateway`, {
      status: response.status,
    });
  }
  return offer;
};

/** The context of one protocol: values that the gateway announces replace those of the page. */
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

/** The protocols that both sides support: first those that suit the size, then the others, each best first. */
const ranked = (
  definitions: readonly ProtocolDefinition[],
  offer: Capabilities,
  size: number,
): readonly ProtocolDefinition[] => {
  const shared = definitions.filter(({ name }) => offer.protocols.includes(name));
  const wanted = size > offer.chunkedAbove ? 'large' : 'small';
  const isSuited = ({ suits }: ProtocolDefinition) => suits === 'all' || suits === wanted;
  return [...shared.filter(isSuited), ...shared.filter((definition) => !isSuited(definition))];
};
