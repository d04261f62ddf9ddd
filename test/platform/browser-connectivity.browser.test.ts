import { expect } from '@open-wc/testing';
import { browserConnectivity } from '../../src/platform/browser-connectivity.js';

describe('browserConnectivity', () => {
  it('says what the browser says', () => {
    expect(browserConnectivity.online).to.equal(navigator.onLine);
  });

  it('calls when the network or the page comes or goes, until its signal is aborted', () => {
    let calls = 0;
    const controller = new AbortController();
    browserConnectivity.watch(() => void calls++, { signal: controller.signal });
    for (const name of ['offline', 'online', 'pageshow']) window.dispatchEvent(new Event(name));
    document.dispatchEvent(new Event('visibilitychange', { bubbles: true }));
    controller.abort();
    window.dispatchEvent(new Event('online'));
    expect(calls).to.equal(4);
  });

  it('never calls when its signal is already aborted', () => {
    let calls = 0;
    browserConnectivity.watch(() => void calls++, { signal: AbortSignal.abort() });
    window.dispatchEvent(new Event('online'));
    expect(calls).to.equal(0);
  });
});
