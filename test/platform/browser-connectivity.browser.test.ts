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

  it('does not take a page that is hidden for one that has a new network', () => {
    let calls = 0;
    const controller = new AbortController();
    browserConnectivity.watch(() => void calls++, { signal: controller.signal });
    const hide = (state: string) =>
      Object.defineProperty(document, 'visibilityState', { value: state, configurable: true });

    hide('hidden');
    document.dispatchEvent(new Event('visibilitychange', { bubbles: true }));
    hide('visible');
    document.dispatchEvent(new Event('visibilitychange', { bubbles: true }));

    controller.abort();
    Reflect.deleteProperty(document, 'visibilityState');
    expect(calls).to.equal(1);
  });

  it('is offline while the page is being left, and back with the page', () => {
    expect(browserConnectivity.online).to.equal(true);
    window.dispatchEvent(new Event('pagehide'));
    expect(browserConnectivity.online).to.equal(false);
    window.dispatchEvent(new Event('pageshow'));
    expect(browserConnectivity.online).to.equal(true);
  });
});
