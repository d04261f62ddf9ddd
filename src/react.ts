/**
 * React 18 and 19: `<FastioUpload>`, and `useUploadEngine()` for an interface of one's own. On a server the component is
 * the tag with its settings as attributes. Raw tags are typed as well, as `fastio-upload/jsx/react` says.
 *
 * @example
 * <FastioUpload endpoint="/api/uploads" onUploadComplete={({ detail }) => save(detail.fileId)} />
 */

import { createComponent } from '@lit/react';
import * as React from 'react';
import { FastioUpload as FastioUploadElement } from './define.js';
import type { Listeners, SettingName, Settings } from './element/page/settings.js';
import { attributesOf } from './frameworks/attributes.js';
import { EngineView, type UploadsView } from './frameworks/engine-view.js';
import { EVENT_PROPS } from './frameworks/event-props.js';
import type { PresetPorts, UploadEngine, UploadEngineOptions } from './preset.js';

export type * from './jsx/react.js';

export type FastioUploadProps = Omit<React.HTMLAttributes<FastioUploadElement>, SettingName> &
  Settings &
  Listeners & { readonly ref?: React.Ref<FastioUploadElement> };

/** A server has no layout; React 18 would warn of the effect there. */
const useLayoutEffect = typeof document === 'undefined' ? React.useEffect : React.useLayoutEffect;

/** Carries the attributes past `@lit/react`, which takes for a property all that the class knows. */
const ATTRIBUTES = 'attributes-of-settings';

type Props = Readonly<Record<string, unknown>>;

const createElement = (tag: string, { [ATTRIBUTES]: attributes, ...rest }: Props) =>
  React.createElement(tag, { ...(attributes as Props), ...rest });

const Tag = createComponent({
  react: { ...React, useLayoutEffect, createElement } as typeof React,
  tagName: 'fastio-upload',
  elementClass: FastioUploadElement,
  events: EVENT_PROPS,
}) as React.ComponentType<Props>;

/** The element with all settings as props; one that is no longer given goes back to its default. */
export const FastioUpload = React.forwardRef<FastioUploadElement, Omit<FastioUploadProps, 'ref'>>((props, ref) => {
  const element = React.useRef<FastioUploadElement>(null);
  React.useImperativeHandle<FastioUploadElement | null, FastioUploadElement | null>(ref, () => element.current, []);
  return React.createElement(Tag, { ...props, [ATTRIBUTES]: attributesOf({ ...props }), ref: element });
});
FastioUpload.displayName = 'FastioUpload';

/** What a component shows and does with an engine of its own. */
export interface UploadEngineHook extends UploadsView {
  /** The same engine as long as the component is mounted: `engine.addFiles(files)`, `engine.pause()`, … */
  readonly engine: UploadEngine;
}

/**
 * An engine for an interface of one's own, with the list as it is now. Options may be a new object at each rendering, and
 * so may a `headers` function. The uploads go on when the component is unmounted.
 *
 * @example
 * const { engine, uploads, progress } = useUploadEngine({ endpoint: '/api/uploads' });
 * return <input type="file" multiple onChange={(event) => engine.addFiles(event.target.files ?? [])} />;
 *
 * @param ports Replaced adapters, as of `UploadEngine`; read once.
 */
export const useUploadEngine = (
  options: Partial<UploadEngineOptions>,
  ports?: Partial<PresetPorts>,
): UploadEngineHook => {
  const [view] = React.useState(() => new EngineView(options, ports));
  useLayoutEffect(() => view.configure(options));
  const { uploads, progress } = React.useSyncExternalStore(view.watch, view.get, view.get);
  return { engine: view.engine, uploads, progress };
};
