/**
 * Everything by `fetch`: for Node and service workers, which have no `XMLHttpRequest`. Progress is not known, so one
 * deadline by size stands for stall and answer; and a redirect of a data request is refused wherever it leads, because
 * `fetch` does not tell.
 */

import type { ControlRequest, DataRequest, SendOptions, Transport, WireResponse } from '../ports/transport.js';
import { CorsDiagnosis } from './cors-diagnosis.js';
import { dataTimeouts } from './data-timeouts.js';
import { controlByFetch } from './fetch-control.js';
import { exchangeByFetch, type FetchTools, type FixedInit } from './fetch-exchange.js';
import type { TransportOptions } from './transport-options.js';

export class FetchTransport implements Transport {
  readonly #options: TransportOptions;
  readonly #tools: FetchTools;

  constructor(options: TransportOptions) {
    const { clock, connectivity } = options;
    this.#options = options;
    this.#tools = { clock, diagnosis: new CorsDiagnosis(clock, connectivity) };
  }

  control(request: ControlRequest, options: { readonly signal: AbortSignal }): Promise<WireResponse> {
    return controlByFetch(request, options, this.#tools);
  }

  async send(request: DataRequest, { signal }: SendOptions): Promise<WireResponse> {
    const { method, url, headers, body, credentials = 'same-origin' } = request;
    const build = (fixed: FixedInit) => new Request(url, { method, headers, body, credentials, ...fixed });
    const { wholeMs: timeoutMs } = dataTimeouts(body, this.#options);
    return exchangeByFetch(build, { signal, timeoutMs, blame: 'protocol' }, this.#tools);
  }
}
