/**
 * Decides which faults a request gets. It does not inject them: `http/interrupt.ts` ends requests, `http/exchange.ts`
 * throttles and cuts bodies and changes answers, and `disk/disk.ts` acts full.
 */

import { type Effects, type Interruption, NO_EFFECTS } from './effects.js';
import type { FaultAction, FaultScript } from './fault-script.js';
import { LiveRule, type RequestFacts } from './live-rule.js';

type Draft = { -readonly [Key in keyof Effects]: Effects[Key] };

const errorBody = (code: string, message: string): string => JSON.stringify({ error: { code, message } });

const addRateLimit = (
  draft: Draft,
  rule: LiveRule,
  action: FaultAction & { type: 'rate-limit' },
  now: number,
): void => {
  const { left, endsAt } = rule.countInWindow(action, now);
  draft.headers = {
    ...draft.headers,
    'x-ve-limit-avail': String(Math.max(left, 0)),
    'x-ve-limit-max': String(action.requests),
    'x-ve-limit-expires': String(Math.ceil(endsAt / 1000)),
  };
  if (left >= 0) return;
  draft.interruption ??= {
    kind: 'answer',
    status: 429,
    headers: { 'Retry-After': String(Math.max(Math.ceil((endsAt - now) / 1000), 1)) },
    body: errorBody('rate-limited', 'too many requests'),
    early: false,
  };
};

const toAnswer = (action: FaultAction & { type: 'status' }): Interruption => ({
  kind: 'answer',
  status: action.status,
  headers: action.headers ?? {},
  body: action.body ?? errorBody('fault', 'a fault of the script'),
  early: action.early ?? false,
});

const addEffect = (draft: Draft, rule: LiveRule, now: number): void => {
  const { action } = rule;
  switch (action.type) {
    case 'status':
      draft.interruption ??= toAnswer(action);
      break;
    case 'reset':
      draft.interruption ??= { kind: 'reset', afterBytes: action.afterBytes ?? 0 };
      break;
    case 'swallow':
      draft.interruption ??= { kind: 'swallow' };
      break;
    case 'rate-limit':
      addRateLimit(draft, rule, action, now);
      break;
    case 'drop-answer':
      draft.dropsAnswer = true;
      break;
    case 'delay':
      draft.delayMs += action.ms;
      break;
    case 'etag':
      draft.etag ??= action.as;
      break;
    case 'no-cors':
      draft.allowsCors = false;
      break;
    case 'disk-full':
      draft.roomBytes = Math.min(draft.roomBytes, action.afterBytes ?? 0);
      break;
    case 'bandwidth':
      draft.bytesPerSecond = Math.min(draft.bytesPerSecond, action.bytesPerSecond);
      break;
  }
};

/** The current script, and its effects on each request. */
export class FaultLayer {
  readonly #now: () => number;
  #script: FaultScript = { rules: [] };
  #rules: readonly LiveRule[] = [];

  constructor(now: () => number) {
    this.#now = now;
  }

  get script(): FaultScript {
    return this.#script;
  }

  /** Replaces the script and resets all counters. */
  set(script: FaultScript): void {
    this.#script = script;
    this.#rules = script.rules.map((rule) => new LiveRule(rule));
  }

  /** Counts the request with every rule that matches it, and returns the effects of those that fire. */
  decide(facts: RequestFacts): Effects {
    const fired = this.#rules.filter((rule) => rule.tryFire(facts));
    if (fired.length === 0) return NO_EFFECTS;
    const draft: Draft = { ...NO_EFFECTS, fired: fired.map((rule) => rule.action.type) };
    for (const rule of fired) addEffect(draft, rule, this.#now());
    return draft;
  }
}
