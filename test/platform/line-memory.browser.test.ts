import { expect } from '@open-wc/testing';
import { recallLine, rememberLine } from '../../src/platform/line-memory.js';
import { nextHopTo } from '../../src/platform/next-hop.js';

const KEY = 'fastio-upload/lines';

describe('The memory of lines', () => {
  beforeEach(() => sessionStorage.removeItem(KEY));

  it('keeps numbers for each origin', () => {
    rememberLine('https://a.test')(() => ({ goodput: 5 }));
    rememberLine('https://b.test')(() => ({ goodput: 7 }));

    expect(recallLine('https://a.test')).to.deep.equal({ goodput: 5 });
    expect(recallLine('https://b.test')).to.deep.equal({ goodput: 7 });
    expect(recallLine('https://c.test')).to.equal(null);
  });

  it('forgets what is old, and what it did not write', () => {
    for (const kept of [
      { at: Date.now() - 700_000, line: { goodput: 5 } },
      { at: Date.now() + 700_000, line: { goodput: 5 } },
      { at: Date.now(), line: { goodput: 'fast' } },
      7,
    ]) {
      sessionStorage.setItem(KEY, JSON.stringify({ 'https://a.test': kept }));
      expect(recallLine('https://a.test')).to.equal(null);
    }
    sessionStorage.setItem(KEY, 'no JSON');
    expect(recallLine('https://a.test')).to.equal(null);
  });
});

describe('nextHopTo', () => {
  it("tells the protocol of the page's own origin, and nothing of one that was never asked", async () => {
    await fetch('/');

    expect(nextHopTo(location.origin)).to.equal('http/1.1');
    expect(nextHopTo('https://never.test')).to.equal('');
  });
});
