import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type BudgetAnswer, RateLimitWindow } from '../../src/wire/rate-limit-window.js';

const telling = (available: number, resetMs: number, more: Readonly<Record<string, string>> = {}): BudgetAnswer => {
  const headers: Readonly<Record<string, string>> = {
    ...more,
    'x-ve-limit-avail': String(available),
    'x-ve-limit-max': '10',
    'x-ve-limit-expires': String(resetMs / 1000),
  };
  return { status: 200, header: (name) => headers[name] ?? null };
};

const at = (now: number) => ({ now, wallNow: now });

/** How many may begin at this moment. */
const beginAll = (window: RateLimitWindow, now: number): number => {
  let count = 0;
  for (; window.renew(now) === 0 && count < 100; count++) window.begin(now);
  return count;
};

describe('RateLimitWindow', () => {
  const START = 1_700_000_000_000;

  it('takes off what is under way when an answer tells of a window', () => {
    const window = new RateLimitWindow();
    window.begin(START)();
    window.begin(START);
    window.update(telling(9, START + 1000), at(START));
    assert.equal(beginAll(window, START), 8);
    assert.equal(window.renew(START + 400), 600);
  });

  it('counts what is under way in a window of which nothing was heard yet', () => {
    const window = new RateLimitWindow();
    const end = window.begin(START);
    end();
    window.update(telling(9, START + 1000), at(START));
    // Told in whole seconds, the window is over before it is said to be: these four fall into the next one.
    for (let count = 0; count < 4; count++) window.begin(START + 900);
    for (let count = 0; count < 5; count++) window.begin(START + 10)();
    assert.equal(beginAll(window, START + 1000), 6);
  });

  it('waits while all that a window allows is under way', () => {
    const window = new RateLimitWindow();
    window.begin(START)();
    window.update(telling(10, START + 1000), at(START));
    const ends = Array.from({ length: 10 }, () => window.begin(START + 900));
    assert.equal(window.renew(START + 1000), 1000);
    for (const end of ends) end();
    assert.equal(beginAll(window, START + 2000), 10);
  });

  it('lets nothing begin before its time, whatever our clock is off by, and soon knows the time exactly', () => {
    for (const off of [-3_600_000, -1900, -900, 0, 400, 900, 1100, 1900, 3_600_000]) {
      const window = new RateLimitWindow();
      let late = 0;
      // Answers at all places of a second, by the server's clock; each tells of a window that ends with the next second.
      for (const [second, cut] of [700, 300, 900, 0, 500, 999].entries()) {
        const told = START + second * 10_000;
        const reset = told + 1000;
        const date = new Date(told).toUTCString();
        const serverNow = told + cut;
        window.begin(serverNow)();
        window.update(telling(0, reset, { date }), { now: serverNow, wallNow: serverNow + off });
        late = serverNow + window.renew(serverNow) - reset;
        assert.ok(late >= 0 && late < 1000, `${late} ms late with a clock ${off} ms ahead`);
      }
      assert.equal(late, 0, `a clock ${off} ms ahead`);
    }
  });

  it('learns anew how clocks differ when one is set', () => {
    const window = new RateLimitWindow();
    for (const [second, off] of [0, 60_000].entries()) {
      const told = START + second * 10_000;
      window.begin(told)();
      window.update(telling(0, told + 1000, { date: new Date(told).toUTCString() }), {
        now: told,
        wallNow: told + off,
      });
      assert.equal(window.renew(told), 1000);
    }
  });

  it('leaves out polls that stay open, which have been counted long ago', () => {
    const window = new RateLimitWindow();
    for (let count = 0; count < 20; count++) window.begin(START);
    window.begin(START + 5000)();
    window.update(telling(10, START + 6000), at(START + 5000));
    assert.equal(beginAll(window, START + 5000), 10);
  });
});
