import type { Interruption } from '../faults/effects.js';
import type { Exchange } from './exchange.js';

/** Ends the request as a fault wants it; false when the fault strikes later, while the body is read. */
export const interrupt = async (exchange: Exchange, interruption: Interruption): Promise<boolean> => {
  switch (interruption.kind) {
    case 'reset':
      if (interruption.afterBytes > 0) return false;
      return exchange.cut();
    case 'swallow':
      await exchange.drain();
      return exchange.hang();
    case 'answer': {
      const { status, headers, body, early } = interruption;
      if (!early) await exchange.drain();
      await exchange.send(status, { text: body, headers: { 'Content-Type': 'application/json', ...headers } });
      return true;
    }
  }
};
