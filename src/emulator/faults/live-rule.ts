import { createHash } from 'node:crypto';
import type { FaultAction, FaultMatch, FaultRule } from './fault-script.js';

/** The properties of a request that rules match. */
export interface RequestFacts {
  readonly method: string;
  /** Without query. */
  readonly path: string;
  /** The route's path, without ids, so that chance does not depend on random ids. */
  readonly pattern: string;
  readonly part: number | null;
  readonly name: string | null;
  /** The method that a preflight asks for, null on other requests. */
  readonly requestedMethod: string | null;
}

/** Uniform in [0, 1), the same for the same text. */
const uniformOf = (text: string): number => createHash('sha256').update(text).digest().readUInt32BE(0) / 2 ** 32;

const methodFits = (wanted: string | undefined, facts: RequestFacts, action: FaultAction): boolean => {
  if (facts.requestedMethod === null) return wanted === undefined || wanted === facts.method;
  if (action.type === 'no-cors' && (wanted === undefined || wanted === facts.requestedMethod)) return true;
  return wanted === 'OPTIONS';
};

const partFits = (wanted: FaultMatch['part'], part: number | null): boolean =>
  wanted === undefined || (part !== null && [wanted].flat().includes(part));

/** A rule and its counters. */
export class LiveRule {
  readonly action: FaultAction;
  readonly #rule: FaultRule;
  readonly #path: RegExp | null;
  readonly #occurrences = new Map<string, number>();
  #matched = 0;
  #fired = 0;
  #window = { startedAt: Number.NEGATIVE_INFINITY, requests: 0 };

  constructor(rule: FaultRule) {
    this.action = rule.action;
    this.#rule = rule;
    this.#path = rule.match?.path === undefined ? null : new RegExp(rule.match.path);
  }

  /** Counts the request if it matches, and returns whether the rule fires. */
  tryFire(facts: RequestFacts): boolean {
    if (!this.#matches(facts)) return false;
    const { after = 0, every = 1, times = Number.POSITIVE_INFINITY } = this.#rule;
    this.#matched += 1;
    const turn = this.#matched - after;
    if (turn <= 0 || turn % every !== 0 || !this.#drawChance(facts) || this.#fired >= times) return false;
    this.#fired += 1;
    return true;
  }

  /** Counts a request of a rate limit. `left` is negative once the window is exceeded; `endsAt` is its end. */
  countInWindow(limit: { readonly requests: number; readonly windowMs: number }, now: number) {
    if (now >= this.#window.startedAt + limit.windowMs) this.#window = { startedAt: now, requests: 0 };
    this.#window.requests += 1;
    return { left: limit.requests - this.#window.requests, endsAt: this.#window.startedAt + limit.windowMs };
  }

  #matches(facts: RequestFacts): boolean {
    const { method, part, name } = this.#rule.match ?? {};
    return (
      methodFits(method, facts, this.action) &&
      (this.#path?.test(facts.path) ?? true) &&
      partFits(part, facts.part) &&
      (name === undefined || name === facts.name)
    );
  }

  /** Counts the request among equal ones, and draws with the rule's probability. */
  #drawChance({ method, pattern, name, part }: RequestFacts): boolean {
    const { probability = 1, seed = 1 } = this.#rule;
    if (probability >= 1) return true;
    const key = JSON.stringify([seed, method, pattern, name, part]);
    const occurrence = this.#occurrences.get(key) ?? 0;
    this.#occurrences.set(key, occurrence + 1);
    return uniformOf(`${key}#${occurrence}`) < probability;
  }
}
