/**
 * Vue: the component `FastioUpload`, a plugin that registers it, and `useUploadEngine()` for an interface of one's own.
 * With the plugin, templates take `<FastioUpload>` and `<fastio-upload>` alike, and need no option of the compiler.
 *
 * @example
 * createApp(App).use(fastioUpload);
 * // <FastioUpload v-model="fileIds" endpoint="/api/uploads" :max-files="5" @upload-failed="report" />
 */

import {
  defineComponent,
  h,
  type MaybeRefOrGetter,
  onMounted,
  onScopeDispose,
  type Plugin,
  type ShallowRef,
  type SlotsType,
  shallowRef,
  toValue,
  watch,
} from 'vue';
import './define.js';
import type { FastioUploadEventMap, PassedOn } from './element/events.js';
import { type Listeners, SETTINGS } from './element/page/settings.js';
import type { FastioUpload as FastioUploadElement } from './element/tag.js';
import { attributesOf } from './frameworks/attributes.js';
import { EngineView } from './frameworks/engine-view.js';
import type { TagSettings } from './frameworks/tag-props.js';
import type { AggregateProgress, PresetPorts, UploadEngine, UploadEngineOptions, UploadSnapshot } from './preset.js';

export type FastioUploadProps = TagSettings &
  Listeners & {
    /** What `v-model` binds: the ids of the stored files on the list. Ids taken out of it take their files off the list. */
    readonly modelValue?: readonly string[] | undefined;
  };

/** The events of the element, as `@upload-complete` hears them. */
export type FastioUploadEmits = {
  [Name in PassedOn]: (event: FastioUploadEventMap[Name]) => void;
} & { 'update:modelValue': (fileIds: readonly string[]) => void };

/** Settings that are given, as attributes where those can say them, which is what a server renders, else as properties. */
const rendered = (props: Readonly<Record<string, unknown>>): Record<string, unknown> => {
  const { modelValue: _, ...settings } = props;
  const attributes = attributesOf(settings);
  const given = Object.entries(settings).filter(([, value]) => value !== undefined);
  if (typeof document === 'undefined') return attributes;
  const properties = given.filter(([name]) => Object.keys(attributesOf({ [name]: 'x' })).length === 0);
  // Without the mark Vue would set the property of that name to the text.
  const marked = Object.entries(attributes).map(([name, value]) => [`^${name}`, value]);
  return Object.fromEntries([...marked, ...properties.map(([name, value]) => [`.${name}`, value])]);
};

export const FastioUpload = defineComponent<FastioUploadProps, FastioUploadEmits>(
  (props, { emit, expose, slots }) => {
    const element = shallowRef<FastioUploadElement | null>(null);
    expose({ element });
    /** What the list and the model agreed on last. */
    let agreed: readonly string[] = [];
    const tell = (): void => {
      const { value = [] } = element.value ?? {};
      if (value.join() === agreed.join()) return;
      agreed = value;
      emit('update:modelValue', value);
    };
    watch(
      () => props.modelValue,
      (fileIds) => {
        if (fileIds === undefined) return;
        agreed = fileIds;
        for (const { id, fileId, state } of element.value?.uploads ?? []) {
          if (state === 'done' && fileId !== null && !fileIds.includes(fileId)) element.value?.remove(id);
        }
      },
    );
    return () =>
      h(
        'fastio-upload',
        { ...rendered(props), ref: element, onUploadComplete: tell, onUploadRemoved: tell },
        slots.default?.(),
      );
  },
  // Other listeners fall through to the element, which sends the events themselves.
  {
    name: 'FastioUpload',
    props: [...SETTINGS, 'modelValue'],
    emits: ['update:modelValue'] as never,
    slots: Object as SlotsType<{ default: object }>,
  },
);

declare module 'vue' {
  interface GlobalComponents {
    'fastio-upload': typeof FastioUpload;
    FastioUpload: typeof FastioUpload;
  }
}

const fastioUpload: Plugin = {
  install: (app) => void app.component('FastioUpload', FastioUpload),
};

export default fastioUpload;

/** What a component shows and does with an engine of its own. */
export interface UploadEngineComposable {
  readonly engine: UploadEngine;
  /** In the order of the list. */
  readonly uploads: Readonly<ShallowRef<readonly UploadSnapshot[]>>;
  /** All uploads together. */
  readonly progress: Readonly<ShallowRef<AggregateProgress>>;
}

/**
 * An engine for an interface of one's own, with the list as it is now. Options may be a ref or a getter. The uploads go on
 * when the component is unmounted.
 *
 * @example
 * const { engine, uploads } = useUploadEngine({ endpoint: '/api/uploads' });
 *
 * @param ports Replaced adapters, as of `UploadEngine`.
 */
export const useUploadEngine = (
  options: MaybeRefOrGetter<Partial<UploadEngineOptions>>,
  ports?: Partial<PresetPorts>,
): UploadEngineComposable => {
  const view = new EngineView(toValue(options), ports);
  const uploads = shallowRef(view.get().uploads);
  const progress = shallowRef(view.get().progress);
  watch(
    () => ({ ...toValue(options) }),
    (next) => view.configure(next),
  );
  let leave = (): void => {};
  onMounted(() => {
    const look = () => {
      uploads.value = view.get().uploads;
      progress.value = view.get().progress;
    };
    leave = view.watch(look);
    // Files may have been added during the setup.
    look();
  });
  onScopeDispose(() => leave());
  return { engine: view.engine, uploads, progress };
};
