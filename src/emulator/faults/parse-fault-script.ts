/**
 * Validates fault scripts. An unknown field is an error: a misspelt rule would never fire, and its test would still
 * pass.
 */

import { defined } from '../../lib/defined.js';
import { isObject, type JsonObject } from '../../lib/json.js';
import { ApiError } from '../http/api-error.js';
import type { FaultAction, FaultMatch, FaultRule, FaultScript } from './fault-script.js';

const refuse = (message: string): never => {
  throw new ApiError(400, 'bad-request', `fault script: ${message}`);
};

/** Reads the fields of one object and refuses unknown ones. */
class Fields {
  readonly #object: JsonObject;
  readonly #where: string;
  readonly #asked = new Set<string>();

  constructor(value: unknown, where: string) {
    this.#object = isObject(value) ? value : refuse(`${where} is not an object`);
    this.#where = where;
  }

  raw(key: string): unknown {
    this.#asked.add(key);
    return this.#object[key];
  }

  #optional<T>(key: string, check: (value: unknown) => value is T, kind: string): T | undefined {
    const value = this.raw(key);
    if (value === undefined || check(value)) return value;
    return refuse(`${this.#where}.${key} is not ${kind}`);
  }

  number(key: string): number | undefined {
    const check = (value: unknown): value is number => typeof value === 'number' && value >= 0;
    return this.#optional(key, check, 'a number from 0');
  }

  positive(key: string): number | undefined {
    const value = this.number(key);
    return value === 0 ? refuse(`${this.#where}.${key} must be above 0`) : value;
  }

  text(key: string): string | undefined {
    return this.#optional(key, (value): value is string => typeof value === 'string', 'a string');
  }

  flag(key: string): boolean | undefined {
    return this.#optional(key, (value): value is boolean => typeof value === 'boolean', 'a boolean');
  }

  texts(key: string): Record<string, string> | undefined {
    const check = (value: unknown): value is Record<string, string> =>
      isObject(value) && Object.values(value).every((entry) => typeof entry === 'string');
    return this.#optional(key, check, 'an object of strings');
  }

  required<T>(key: string, value: T | undefined): T {
    return value ?? refuse(`${this.#where}.${key} is missing`);
  }

  finish<T extends object>(result: T): T {
    const unknown = Object.keys(this.#object).find((key) => !this.#asked.has(key));
    if (unknown !== undefined) refuse(`${this.#where}.${unknown} is not a known field`);
    return result;
  }
}

const status = (fields: Fields): number => {
  const value = fields.required('status', fields.number('status'));
  return Number.isInteger(value) && value >= 200 && value <= 599 ? value : refuse('status is not between 200 and 599');
};

const etagAs = (fields: Fields): 'wrong' | 'hidden' | 'absent' => {
  const as = fields.text('as');
  return as === 'wrong' || as === 'hidden' || as === 'absent' ? as : refuse('as is not wrong, hidden or absent');
};

const ACTIONS: { readonly [Type in FaultAction['type']]: (fields: Fields) => FaultAction } = {
  status: (fields) => ({
    type: 'status',
    status: status(fields),
    ...defined({ headers: fields.texts('headers'), body: fields.text('body'), early: fields.flag('early') }),
  }),
  delay: (fields) => ({ type: 'delay', ms: fields.required('ms', fields.number('ms')) }),
  reset: (fields) => ({ type: 'reset', ...defined({ afterBytes: fields.number('afterBytes') }) }),
  swallow: () => ({ type: 'swallow' }),
  'drop-answer': () => ({ type: 'drop-answer' }),
  etag: (fields) => ({ type: 'etag', as: etagAs(fields) }),
  'no-cors': () => ({ type: 'no-cors' }),
  'rate-limit': (fields) => ({
    type: 'rate-limit',
    requests: fields.required('requests', fields.number('requests')),
    windowMs: fields.required('windowMs', fields.positive('windowMs')),
  }),
  'disk-full': (fields) => ({ type: 'disk-full', ...defined({ afterBytes: fields.number('afterBytes') }) }),
  bandwidth: (fields) => ({
    type: 'bandwidth',
    bytesPerSecond: fields.required('bytesPerSecond', fields.positive('bytesPerSecond')),
  }),
};

const isActionType = (type: string): type is FaultAction['type'] => Object.hasOwn(ACTIONS, type);

const parseAction = (value: unknown, where: string): FaultAction => {
  const fields = new Fields(value, where);
  const type = fields.required('type', fields.text('type'));
  if (!isActionType(type)) return refuse(`${where}.type ${type} is unknown`);
  return fields.finish(ACTIONS[type](fields));
};

const parsePart = (value: unknown, where: string): number | readonly number[] | undefined => {
  const numbers: unknown[] = Array.isArray(value) ? value : [value];
  if (value === undefined) return undefined;
  return numbers.every((number): number is number => Number.isInteger(number))
    ? numbers
    : refuse(`${where}.part is not a part number`);
};

const parsePath = (fields: Fields, where: string): string | undefined => {
  const path = fields.text('path');
  try {
    return path === undefined ? path : new RegExp(path).source;
  } catch {
    return refuse(`${where}.path is not a regular expression`);
  }
};

const parseMatch = (value: unknown, where: string): FaultMatch => {
  const fields = new Fields(value, where);
  return fields.finish<FaultMatch>(
    defined({
      method: fields.text('method')?.toUpperCase(),
      path: parsePath(fields, where),
      part: parsePart(fields.raw('part'), where),
      name: fields.text('name'),
    }),
  );
};

const parseRule = (value: unknown, index: number): FaultRule => {
  const where = `rules[${index}]`;
  const fields = new Fields(value, where);
  return fields.finish<FaultRule>({
    action: parseAction(fields.raw('action'), `${where}.action`),
    match: parseMatch(fields.raw('match') ?? {}, `${where}.match`),
    ...defined({
      times: fields.number('times'),
      every: fields.positive('every'),
      probability: fields.number('probability'),
      seed: fields.number('seed'),
      after: fields.number('after'),
    }),
  });
};

/** @throws ApiError 400 that names the invalid field. */
export const parseFaultScript = (value: unknown): FaultScript => {
  if (value === null || value === undefined) return { rules: [] };
  if (Array.isArray(value)) return { rules: value.map(parseRule) };
  const fields = new Fields(value, 'script');
  const rules = fields.raw('rules') ?? [];
  return fields.finish({ rules: Array.isArray(rules) ? rules.map(parseRule) : refuse('rules is not a list') });
};
