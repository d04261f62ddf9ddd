import type { Interruption } from '../faults/effects.js';
import type { Exchange } from './exchange.js';

/** Applies the fault that ends the request. False when `Exchange.body` applies it later, after some bytes. */
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
