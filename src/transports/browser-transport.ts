import type { Transport } from '../ports/transport.js';
import { FetchTransport } from './fetch-transport.js';
import type { TransportOptions } from './transport-options.js';
import { XhrTransport } from './xhr-transport.js';

/** A transport by `XMLHttpRequest` where the platform has it, else by `fetch`. */
export const createBrowserTransport = (options: TransportOptions): Transport =>
  'XMLHttpRequest' in globalThis ? new XhrTransport(options) : new FetchTransport(options);
