import { expect } from '@open-wc/testing';
import { FastioUpload } from '../../../src/index.js';
import type { Protocol } from '../../../src/preset.js';
import { until } from '../../support/until.js';
import { fileNamed } from '../support.js';

/** Stores every file at once, without a request. */
const ownProtocol = (opened: string[]): Protocol => ({
  name: 'late',
  open: async ({ name }) => {
    opened.push(name);
    return {
      protocol: 'late',
      limits: { maxParts: 1 },
      origin: null,
      record: null,
      inspect: async () => null,
      sendPart: async ({ number, end }) => ({ number, size: end }),
      complete: async () => ({ fileId: name, response: null }),
      cancel: async () => {},
    };
  },
  reopen: () => Promise.reject(new Error('nothing is kept')),
});

describe('properties that are set on the tag before it is defined', () => {
  const { fetch } = window;

  afterEach(() => Object.assign(window, { fetch }));

  it('apply from the start: with a custom protocol the endpoint is not asked for one', async () => {
    const asked: string[] = [];
    const counting: typeof fetch = (input, init) => {
      asked.push(input instanceof Request ? input.url : String(input));
      return fetch(input, init);
    };
    Object.assign(window, { fetch: counting });
    const opened: string[] = [];
    const element = document.createElement('late-upload');
    element.setAttribute('endpoint', '/asked-for-nothing');
    element.setAttribute('no-resume', '');
    Object.assign(element, { protocol: ownProtocol(opened) });
    document.body.append(element);

    customElements.define('late-upload', class extends FastioUpload {});
    if (!(element instanceof FastioUpload)) throw new Error('the tag has no class');
    element.addFiles([fileNamed('a.txt')]);
    await until(() => element.value.length === 1, 'it is stored');

    expect([opened, asked]).to.deep.equal([['a.txt'], []]);
    element.remove();
  });
});
