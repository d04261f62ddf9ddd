/**
 * `<FastioUpload>` for React. React 19 knows custom elements, but attaches no listeners when it takes over markup that
 * a server rendered; this component attaches them itself. On a server it is the empty tag.
 */

import {
  createElement,
  type HTMLAttributes,
  type ReactElement,
  type Ref,
  useImperativeHandle,
  useLayoutEffect,
  useRef,
} from 'react';
import { type Listeners, SETTINGS, type SettingName, type Settings } from './element/page/settings.js';
import type { FastioUpload as FastioUploadElement } from './index.js';

export type FastioUploadAttributes = Omit<HTMLAttributes<FastioUploadElement>, SettingName> &
  Settings & { readonly ref?: Ref<FastioUploadElement> };

export type FastioUploadProps = FastioUploadAttributes & Listeners;

const isSetting = (name: string): boolean => SETTINGS.some((setting) => setting === name);

const isListener = (name: string): boolean => /^on(Uploads?|Part|Queue)[A-Z]/.test(name);

/** `onUploadComplete` → `upload-complete`. */
const eventOf = (name: string): string =>
  name
    .slice(2)
    .replace(/(?!^)[A-Z]/g, '-$&')
    .toLowerCase();

/** Without a value the element goes back to its default. */
const applySetting = (element: FastioUploadElement, name: SettingName, value: unknown): void => {
  // An element that waits for its class takes over what was set on it.
  Reflect.deleteProperty(element, name);
  if (value !== undefined) Object.assign(element, { [name]: value });
  else if (name === 'engine') element.engine = null;
  else if (name in element) Object.assign(element, { [name]: document.createElement('fastio-upload')[name] });
};

/** Settings become properties right after mounting, so that objects and functions arrive as they are. */
export const FastioUpload = ({ ref, ...props }: FastioUploadProps): ReactElement => {
  const element = useRef<FastioUploadElement>(null);
  const latest = useRef<Readonly<Record<string, unknown>>>(props);
  const given = useRef(new Map<string, unknown>());
  const entries = Object.entries(props);
  const heard = entries.flatMap(([name]) => (isListener(name) ? [name] : [])).join(' ');

  useLayoutEffect(() => {
    // Here and not at the head of the module: servers have no registry of elements.
    void import('./define.js');
  }, []);

  useLayoutEffect(() => {
    latest.current = props;
    for (const name of SETTINGS) {
      const value = props[name];
      if (element.current === null || given.current.get(name) === value) continue;
      given.current.set(name, value);
      applySetting(element.current, name, value);
    }
  });

  useLayoutEffect(() => {
    const listening = new AbortController();
    for (const name of heard.split(' ')) {
      const hear = (event: Event) => (latest.current[name] as ((event: Event) => void) | undefined)?.(event);
      element.current?.addEventListener(eventOf(name), hear, { signal: listening.signal });
    }
    return () => listening.abort();
  }, [heard]);

  useImperativeHandle<FastioUploadElement | null, FastioUploadElement | null>(ref, () => element.current, []);

  const plain = entries.filter(([name]) => !isListener(name) && !isSetting(name));
  return createElement('fastio-upload', { ...Object.fromEntries(plain), ref: element });
};

declare module 'react' {
  namespace JSX {
    interface IntrinsicElements {
      'fastio-upload': FastioUploadAttributes;
    }
  }
}
