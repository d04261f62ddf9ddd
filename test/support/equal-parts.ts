/** A protocol of numbered parts that have one size, as some storages want them. */

import { nameOfProtocol } from '../../src/preset.js';
import { chunked } from '../../src/protocols/chunked.js';

/** The name of `chunked` for such a storage, whose parts have at least so many bytes. */
export const equalParts = (minPartSize: number) =>
  nameOfProtocol({
    name: `equal-parts-${minPartSize}`,
    create: (context) => {
      const { open, ...protocol } = chunked(context);
      return {
        ...protocol,
        open: async (facts, options) => {
          const session = await open(facts, options);
          const { sizes: _, ...limits } = { ...session.limits, minPartSize };
          return new Proxy(session, {
            get: (_target, key) => {
              const value = key === 'limits' ? limits : Reflect.get(session, key);
              return typeof value === 'function' ? value.bind(session) : value;
            },
          });
        },
      };
    },
  });
