/** Finds attributes that have no effect on uploads, or another effect than their name suggests. */

import { normalizeAccept } from '../../lib/accept.js';
import { parseByteSize } from '../../lib/byte-size.js';
import { isObject, parseJson } from '../../lib/json.js';
import type { UploadAttributes } from '../engine/upload-attributes.js';
import { nameFindings } from './attribute-names.js';
import type { Finding } from './doctor.js';

export const CREDENTIALS = ['same-origin', 'include', 'omit'] as const;

type Value = number | string | object;

interface Rule {
  readonly names: readonly (keyof UploadAttributes)[];
  readonly wanted: string;
  readonly accepts: (value: Value) => boolean;
}

const oneOf = (names: Rule['names'], words: readonly string[]): Rule => ({
  names,
  wanted: `one of ${words.join(', ')}`,
  accepts: (value) => words.includes(String(value)),
});

const isSize = (value: Value): boolean => parseByteSize(String(value)) !== null;

const isNumber = (value: Value, least: number, most: number): boolean =>
  value !== '' && Number(value) >= least && Number(value) <= most;

const SIZE = 'bytes, or a number with kB, MB, GB, KiB, MiB, GiB';

const RULES: readonly Rule[] = [
  { names: ['maxFileSize', 'minFileSize', 'maxTotalSize'], wanted: SIZE, accepts: isSize },
  { names: ['partSize'], wanted: `auto, ${SIZE}`, accepts: (value) => value === 'auto' || isSize(value) },
  { names: ['parallel'], wanted: 'auto, or 1 to 16', accepts: (value) => value === 'auto' || isNumber(value, 1, 16) },
  { names: ['maxFiles', 'retryWindow'], wanted: 'a number', accepts: (value) => isNumber(value, 0, Infinity) },
  oneOf(['duplicates'], ['skip', 'keep', 'replace', 'rename']),
  oneOf(['credentials'], CREDENTIALS),
  oneOf(['list'], ['full', 'summary', 'none']),
  oneOf(['view'], ['list', 'grid', 'auto']),
];

const protocolRule = (spoken: readonly string[]): Rule => ({
  names: ['protocol'],
  wanted: `one of ${spoken.join(', ')}`,
  accepts: (value) => typeof value === 'object' || spoken.includes(String(value)),
});

const invalid = (name: string, value: unknown, wanted: string): Finding => ({
  code: 'attribute-invalid',
  message: `${name}="${value}" is not supported: use ${wanted}.`,
});

/** Browsers ignore every other form in `accept`, although this element understands more of them. */
const ACCEPT_WORD = /^(\.[^\s*/;|]+|\*\/\*|[\w.+-]+\/(\*|[\w.+-]+))$/;

const acceptFindings = ({ accept }: UploadAttributes): Finding[] => {
  const words = accept.split(',').map((word) => word.trim());
  if (words.every((word) => word === '' || ACCEPT_WORD.test(word))) return [];
  const message = `accept="${accept}" is read as "${normalizeAccept(accept)}": write it so, with commas, and a dot before an ending.`;
  return [{ code: 'attribute-invalid', message }];
};

const jsonFindings = (element: UploadAttributes): Finding[] => {
  const metadata = element.getAttribute('metadata');
  const stored = element.getAttribute('stored');
  return [
    ...(metadata !== null && !isObject(parseJson(metadata)) ? [invalid('metadata', metadata, 'a JSON object')] : []),
    ...(stored !== null && !Array.isArray(parseJson(stored)) ? [invalid('stored', stored, 'a JSON array')] : []),
  ];
};

/** `protocols` are the names of the protocols in this build. */
export const attributeFindings = (element: UploadAttributes, protocols: readonly string[]): Finding[] => {
  const findings = [...RULES, protocolRule(['auto', ...protocols])].flatMap(({ names, wanted, accepts }) =>
    names.flatMap((name) => {
      const value = element[name] as Value | null;
      return value === null || accepts(value) ? [] : [invalid(name, value, wanted)];
    }),
  );
  return [...findings, ...acceptFindings(element), ...jsonFindings(element), ...nameFindings(element)];
};
