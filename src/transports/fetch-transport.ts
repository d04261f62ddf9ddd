/** Sends all requests by `fetch`: for Node and service workers, which have no `XMLHttpRequest`. */

import type { ControlRequest, DataRequest, SendOptions, Transport, WireResponse } from '../ports/transport.js';
import { CorsDiagnosis } from './cors-diagnosis.js';
import { dataTimeouts } from './data-timeouts.js';
import { controlByFetch } from './fetch-control.js';
import { dataByFetch } from './fetch-data.js';
import type { FetchTools } from './fetch-exchange.js';
import type { TransportOptions } from './transport-options.js';

export class FetchTransport implements Transport {
  protected readonly options: TransportOptions;
  protected readonly tools: FetchTools;

  constructor(options: TransportOptions) {
    const { clock, connectivity } = options;
    this.options = options;
    this.tools = { clock, diagnosis: new CorsDiagnosis(clock, connectivity) };
  }

  control(request: ControlRequest, options: { readonly signal: AbortSignal }): Promise<WireResponse> {
    return controlByFetch(request, options, this.tools);
  }

  send(request: DataRequest, { signal }: SendOptions): Promise<WireResponse> {
    const { wholeMs: timeoutMs } = dataTimeouts(request.body, this.options);
    return dataByFetch(request, { signal, timeoutMs }, this.tools);
  }
}
