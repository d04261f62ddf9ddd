/**
 * Settings as attributes, for what frameworks render on a server: there is no element yet that could take properties,
 * and the browser's element reads its attributes before any script of the framework runs.
 */

import { FastioUpload } from '../element/tag.js';

/** By attribute name. Values without an attribute form (functions, an engine) are left to properties. */
export const attributesOf = (settings: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(settings).flatMap(([name, value]) => {
      const attribute = attributeOf(name);
      const text = textOf(value);
      return attribute === null || text === null ? [] : [[attribute, text]];
    }),
  );

const attributeOf = (name: string): string | null => {
  const declared = FastioUpload.elementProperties.get(name);
  if (declared === undefined || declared.attribute === false || declared.state) return null;
  return typeof declared.attribute === 'string' ? declared.attribute : name.toLowerCase();
};

const textOf = (value: unknown): string | null => {
  if (value === true) return '';
  if (typeof value === 'string' || typeof value === 'number') return String(value);
  if (typeof value !== 'object' || value === null || !isPlain(value)) return null;
  try {
    return JSON.stringify(value);
  } catch {
    // The element reports what is wrong with the property.
    return null;
  }
};

/** JSON would drop the methods of an object, for example of a protocol object. */
const isPlain = (value: object): boolean =>
  Array.isArray(value) || (Object.getPrototypeOf(value) === Object.prototype && !hasMethod(value));

const hasMethod = (value: object): boolean => Object.values(value).some((entry) => typeof entry === 'function');
