/** Finds misspelled attributes, and values that mean the opposite of what they say, such as `multiple="false"`. */

import type { UploadAttributes } from '../engine/upload-attributes.js';
import type { Finding } from './doctor.js';

interface Declared {
  readonly attribute?: boolean | string;
  readonly type?: unknown;
}

type ElementClass = typeof UploadAttributes & { readonly elementProperties: ReadonlyMap<PropertyKey, Declared> };

/** Attributes of every element, and those that the platform gives to form controls. */
const GLOBAL =
  /^(id|class|style|slot|lang|dir|title|hidden|tabindex|part|exportparts|role|autofocus|accesskey|draggable|inert|translate|spellcheck|nonce|popover|is|form|item\w+|on\w+|(aria|data|x|v|hx|ng|_ng\w+)-.*|.*[^a-z0-9_-].*)$/;

/** Removes everything that is easily mistaken for a hyphen. */
const bare = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]/g, '');

/** The edit distance: how many characters have to be changed, added or removed. */
const distance = (from: string, to: string): number => {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let i = 1; i <= from.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= to.length; j += 1) {
      const change = (row[j - 1] ?? 0) + (from[i - 1] === to[j - 1] ? 0 : 1);
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[to.length] ?? 0;
};

/**
 * The attribute that was probably meant: a third of the characters may differ, but at most two, or the end may be
 * missing.
 */
const meantBy = (name: string, known: readonly string[]): string | null => {
  const word = bare(name);
  const most = Math.min(2, Math.floor(word.length / 3));
  const close = known
    .map((attribute) => ({ attribute, away: distance(word, bare(attribute)) }))
    .filter(({ attribute, away }) => away <= most || (word.length > 5 && bare(attribute).startsWith(word)))
    .sort((a, b) => a.away - b.away);
  return close[0]?.attribute ?? null;
};

const attributeOf = (property: PropertyKey, { attribute }: Declared): string | null =>
  attribute === false ? null : typeof attribute === 'string' ? attribute : String(property).toLowerCase();

export const nameFindings = (element: UploadAttributes): Finding[] => {
  const declared = [...(element.constructor as ElementClass).elementProperties];
  const known = new Map(
    declared.flatMap(([name, options]) => {
      const attribute = attributeOf(name, options);
      return attribute === null ? [] : [[attribute, options] as const];
    }),
  );
  const properties = new Set(declared.flatMap(([name, { attribute }]) => (attribute === false ? [String(name)] : [])));
  const read = new Set([...known.keys()].flatMap((name) => [name, name.replaceAll('-', '')]));
  return [...element.attributes].flatMap(({ name, value }): Finding[] => {
    if (known.get(name)?.type === Boolean && value === 'false') {
      const message = `${name}="false" is on, as a boolean attribute is that is there: leave it out to turn it off.`;
      return [{ code: 'attribute-invalid', message }];
    }
    if (read.has(name) || GLOBAL.test(name)) return [];
    const property = [...properties].find((one) => one.toLowerCase() === name);
    if (property !== undefined) {
      return [
        {
          code: 'attribute-unknown',
          message: `${property} is not an attribute: set the property of that name by script.`,
        },
      ];
    }
    const meant = meantBy(name, [...known.keys()]);
    return meant === null
      ? []
      : [{ code: 'attribute-unknown', message: `${name} is not an attribute of this element: ${meant} is.` }];
  });
};
