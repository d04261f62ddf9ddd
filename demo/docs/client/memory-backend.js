/* A backend for examples: it keeps nothing, and takes files at the speed of a good line. */
const wait = (ms, signal) =>
  new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms);
    const stop = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    signal.addEventListener('abort', stop, { once: true });
  });

const BYTES_PER_SECOND = 3e6;

const memory = {
  name: 'memory',
  async open() {
    return {
      protocol: 'memory',
      limits: {},
      origin: null,
      record: null,
      inspect: async () => null,
      async sendPart({ number }, body, { signal, onProgress }) {
        const steps = 20;
        for (let step = 1; step <= steps; step += 1) {
          await wait((body.size / BYTES_PER_SECOND / steps) * 1000 + 20, signal);
          onProgress((body.size * step) / steps);
        }
        return { number, size: body.size };
      },
      complete: async () => ({ fileId: crypto.randomUUID(), response: null }),
      cancel: async () => {},
    };
  },
  reopen: () => memory.open(),
};

// The element asks its endpoint what it offers; here the page itself answers that it is no gateway.
const network = globalThis.fetch;
globalThis.fetch = (input, init) => {
  const { pathname } = new URL(input instanceof Request ? input.url : input, document.baseURI);
  return pathname.endsWith('/demo') ? Promise.resolve(new Response(null, { status: 404 })) : network(input, init);
};

// Before the element is defined: it keeps what was set.
for (const element of document.querySelectorAll('fastio-upload')) {
  element.noResume = true;
  element.protocol = memory;
}
