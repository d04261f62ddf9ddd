/** Loads the code of a protocol on first use. */

import { abortable } from '../../lib/abortable.js';
import { lazyCode } from '../../ports/lazy-code.js';
import type { CallOptions, Protocol } from '../../ports/protocol.js';

/** Name and `batchWindow` are needed before the code is loaded. */
export const lazyProtocol = (
  load: () => Promise<Protocol>,
  { name, batchWindow }: Pick<Protocol, 'name' | 'batchWindow'>,
): Protocol => {
  const code = lazyCode(name, load);
  const loaded = ({ signal }: CallOptions): Promise<Protocol> => abortable(code(), signal);

  return {
    name,
    batchWindow,
    load: loaded,
    isFlat: async (facts, options) => (await loaded(options)).isFlat?.(facts, options) ?? false,
    open: async (facts, options) => (await loaded(options)).open(facts, options),
    reopen: async (facts, protocol, record, options) =>
      (await loaded(options)).reopen(facts, protocol, record, options),
    limits: async (options) => (await (await loaded(options)).limits?.(options)) ?? null,
  };
};
