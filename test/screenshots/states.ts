/** The states of the element that people see. */

import type { FastioUpload, UploadSnapshot } from '../../src/index.js';
import { type FakeEngine, snapshot } from '../element/fake-engine.js';
import { FILM, FILM_TO_REST, type Look } from './looks.js';

export interface Scene {
  readonly element: FastioUpload;
  readonly engine: FakeEngine;
}

export interface State {
  /** Attributes of the element. */
  readonly attributes?: Readonly<Record<string, string>>;
  /** Where it covers the whole page: the looks it has in one picture. @default all of them */
  readonly looks?: readonly Look[];
  /** The element belongs to a form. */
  readonly inForm?: boolean;
  show(scene: Scene): void | Promise<void>;
}

const fileNamed = (name: string): File => new File(['x'], name, { type: 'text/plain' });

const error = (code: NonNullable<UploadSnapshot['error']>['code']) => ({ code, message: '', retriable: false });

const mixed = (): UploadSnapshot[] => [
  snapshot({
    name: 'Interview, second camera, raw.mp4',
    state: 'uploading',
    sentBytes: 700e6,
    confirmedBytes: 612e6,
    ratio: 0.39,
    bytesPerSecond: 18.4e6,
    remainingMs: 61_000,
  }),
  snapshot({ name: 'harbour-at-dawn.jpg', type: 'image/jpeg', size: 4.1e6, state: 'finishing', confirmedBytes: 4.1e6 }),
  snapshot({
    name: 'archive-2025.zip',
    type: 'application/zip',
    size: 940e6,
    state: 'waiting',
    reason: 'offline',
    sentBytes: 210e6,
    confirmedBytes: 210e6,
  }),
  snapshot({
    name: 'contract (signed) final 3.pdf',
    type: 'application/pdf',
    size: 1.2e6,
    state: 'failed',
    error: error('source-changed'),
  }),
  snapshot({
    name: 'field recording.wav',
    type: 'audio/wav',
    size: 88e6,
    state: 'paused',
    reason: 'user',
    confirmedBytes: 20e6,
    sentBytes: 20e6,
  }),
  snapshot({ name: 'IMG_20260214_183311.heic', type: 'image/heic', size: 4.1e6, state: 'done' }),
  snapshot({ name: 'measurements.csv', type: 'text/csv', size: 88_000, relativePath: 'lab/2026/measurements.csv' }),
  snapshot({
    name: 'a-name-that-is-far-too-long-for-any-list-of-files-but-has-an-ending.tar.gz',
    type: 'application/gzip',
    size: 5e6,
  }),
];

const many = (): UploadSnapshot[] => [
  ...mixed(),
  ...Array.from({ length: 200 }, (_, index) =>
    snapshot({ name: `photo-${index}.jpg`, type: 'image/jpeg', size: 2e6, state: index < 120 ? 'done' : 'queued' }),
  ),
];

const picture = async (hue: number): Promise<File> => {
  const canvas = Object.assign(document.createElement('canvas'), { width: 400, height: 300 });
  const context = canvas.getContext('2d');
  const colours = context?.createLinearGradient(0, 0, 400, 300);
  colours?.addColorStop(0, `hsl(${hue} 80% 70%)`);
  colours?.addColorStop(1, `hsl(${hue + 80} 90% 80%)`);
  if (context && colours) context.fillStyle = colours;
  context?.fillRect(0, 0, 400, 300);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve));
  return new File([blob ?? ''], `dawn-${hue}.png`, { type: 'image/png' });
};

const limits = { accept: 'image/*,video/*,.pdf', 'max-file-size': '5 GB' };

/** Files hover over the zone, or with `page-drop` over the page. */
const drag = ({ element }: Scene): void => {
  const dataTransfer = new DataTransfer();
  for (let index = 0; index < 12; index += 1) dataTransfer.items.add(fileNamed(`${index}.txt`));
  const zone = element.shadowRoot?.querySelector('.zone');
  const options = { dataTransfer, bubbles: true, composed: true, cancelable: true };
  zone?.dispatchEvent(new DragEvent('dragenter', options));
  // As browsers do while files hover.
  setInterval(() => zone?.dispatchEvent(new DragEvent('dragover', options)), 300);
};

const cv = { name: 'cv 2026.pdf', type: 'application/pdf', size: 90_000 };

const showField = async ({ element, engine }: Scene, facts: Partial<UploadSnapshot>): Promise<void> => {
  element.multiple = false;
  await element.updateComplete;
  engine.show(snapshot({ ...cv, ...facts }));
};

/** What came before a film has come to its end. */
const standStill = async (element: FastioUpload): Promise<void> => {
  for (let frames = 0; frames < 20; frames += 1) {
    await element.updateComplete;
    await new Promise(requestAnimationFrame);
  }
};

/** A file is lifted and has been moved by a place. Only one of a page is, because it comes down without the focus. */
const order = (look: Look, view: 'list' | 'grid'): State => ({
  looks: [look],
  attributes: { view, name: 'files' },
  inForm: true,
  show: async ({ element, engine }) => {
    element.addFiles([await picture(30), await picture(210), await picture(120), await picture(320)]);
    for (const { id } of engine.uploads) engine.change(id, { state: 'done', fileId: id });
    await standStill(element);
    const grip = element.shadowRoot?.querySelectorAll<HTMLElement>('.grip')[1];
    grip?.click();
    grip?.dispatchEvent(
      new KeyboardEvent('keydown', { key: view === 'grid' ? 'Home' : 'ArrowDown', bubbles: true, composed: true }),
    );
  },
});

const NEEDS_FILE = { state: 'paused', reason: 'needs-file' } as const;

export const STATES: Readonly<Record<string, State>> = {
  empty: { attributes: { ...limits, directory: '' }, show: () => {} },
  dragging: { attributes: limits, show: drag },
  'dragging-beside-files': {
    show: async (scene) => {
      scene.engine.show(...mixed().slice(0, 2));
      await scene.element.updateComplete;
      drag(scene);
    },
  },
  veil: { looks: [{ width: 768 }], attributes: { 'page-drop': '' }, show: drag },
  'veil-dark': { looks: [{ width: 320, scheme: 'dark' }], attributes: { 'page-drop': '' }, show: drag },
  mixed: { show: ({ engine }) => engine.show(...mixed()) },
  refused: {
    attributes: limits,
    show: ({ element, engine }) => {
      const refuse = (name: string, code: 'rejected-type' | 'rejected-size', size = 3) =>
        engine.emit('upload-rejected', { file: { ...fileNamed(name), name, size } as File, code, message: '' });
      for (const name of ['setup.exe', 'run.bat', 'a.dll', 'b.dll', 'c.dll']) refuse(name, 'rejected-type');
      refuse('film.mov', 'rejected-size', 6e9);
      element.requestUpdate();
    },
  },
  done: {
    show: async ({ element, engine }) => {
      element.addFiles([await picture(210), await picture(320)]);
      for (const { id } of engine.uploads) engine.change(id, { state: 'done', fileId: id });
    },
  },
  disabled: { attributes: { disabled: '' }, show: ({ engine }) => engine.show(...mixed().slice(0, 4)) },
  'needs-file': {
    show: ({ engine }) =>
      engine.show(
        snapshot({ name: 'wedding, whole evening, final.mov', ...NEEDS_FILE, confirmedBytes: 1.1e9 }),
        snapshot({ name: 'speech.mov', state: 'paused', reason: 'needs-permission', confirmedBytes: 0.4e9 }),
      ),
  },
  many: { show: ({ engine }) => engine.show(...many()) },
  summary: { attributes: { list: 'summary' }, show: ({ engine }) => engine.show(...mixed()) },
  grid: {
    attributes: { view: 'grid' },
    show: async ({ element, engine }) => {
      element.addFiles([await picture(30), await picture(210), await picture(120), await picture(320)]);
      const [sunrise, sea, meadow] = engine.uploads;
      for (const { id } of engine.uploads) engine.change(id, { state: 'done', fileId: id });
      // Engines write pictures of different sizes.
      const shares = sea && { sentBytes: sea.size * 0.66, confirmedBytes: sea.size * 0.6, ratio: 0.64 };
      if (sea) engine.change(sea.id, { state: 'uploading', ...shares });
      if (meadow) engine.change(meadow.id, { state: 'queued' });
      if (sunrise) engine.show(...engine.uploads, ...mixed());
    },
  },
  order: order({ width: 768 }, 'list'),
  'order-dark': order({ width: 420, scheme: 'dark', lang: 'ar' }, 'list'),
  'order-narrow': order({ width: 280 }, 'list'),
  'order-grid': order({ width: 768, scheme: 'dark' }, 'grid'),
  undo: {
    show: async ({ element, engine }) => {
      engine.show(...mixed().slice(0, 3));
      await element.updateComplete;
      engine.cancel = () => {
        for (const { id } of engine.uploads) engine.change(id, { state: 'canceled' });
      };
      element.shadowRoot?.querySelector<HTMLElement>('[data-action=cancel-all]')?.click();
    },
  },
  field: { attributes: { name: 'cv' }, inForm: true, show: (scene) => showField(scene, { state: 'done' }) },
  'field-going': {
    attributes: { name: 'cv' },
    inForm: true,
    show: (scene) =>
      showField(scene, { state: 'uploading', size: 90e6, sentBytes: 50e6, confirmedBytes: 40e6, ratio: 0.44 }),
  },
  'field-failed': {
    attributes: { name: 'cv' },
    inForm: true,
    show: (scene) => showField(scene, { state: 'failed', error: error('too-large') }),
  },
  required: {
    attributes: { name: 'cv', required: '' },
    inForm: true,
    show: ({ element }) => {
      element.multiple = false;
      element.reportValidity();
    },
  },
  stored: {
    attributes: { name: 'files' },
    inForm: true,
    show: async ({ element, engine }) => {
      engine.show(
        snapshot({ name: 'contract.pdf', type: 'application/pdf', size: 1.2e6, state: 'done' }),
        snapshot({ name: 'plan of the house, second floor.png', type: 'image/png', size: 3e6, state: 'done' }),
        snapshot({
          name: 'new page.pdf',
          type: 'application/pdf',
          state: 'uploading',
          confirmedBytes: 9e8,
          ratio: 0.5,
        }),
      );
      await element.updateComplete;
    },
  },
  fields: {
    show: ({ element, engine }) => {
      element.fields = [
        { name: 'title', label: 'Title', required: true },
        { name: 'kind', label: 'Kind', type: 'select', options: ['Contract', 'Invoice'] },
        { name: 'secret', label: 'Confidential', type: 'checkbox' },
      ];
      engine.show(...mixed().slice(6));
    },
  },
  failed: {
    show: ({ engine }) =>
      engine.show(
        snapshot({ name: 'interview second camera.mov', state: 'failed', error: { ...error('http'), status: 503 } }),
        snapshot({ name: 'big.iso', state: 'failed', error: error('too-large') }),
        snapshot({
          name: 'own words.doc',
          state: 'failed',
          error: { ...error('http'), status: 422, userMessage: 'Only signed contracts can be sent.' },
        }),
        snapshot({ name: 'IMG_20260211.jpg', type: 'image/jpeg', size: 3.1e6, state: 'done' }),
      ),
  },
  'film-add': { looks: FILM, attributes: limits, show: ({ engine }) => engine.show(...mixed().slice(0, 3)) },
  'film-remove': {
    looks: FILM,
    show: async ({ element, engine }) => {
      engine.show(...mixed().slice(0, 5));
      await standStill(element);
      const [first, second] = engine.uploads;
      if (second) engine.remove(second.id);
      if (first) engine.change(first.id, { state: 'done', ratio: 1, fileId: 'stored' });
    },
  },
  'film-done': {
    looks: FILM_TO_REST,
    show: async ({ element, engine }) => {
      engine.show(...mixed().slice(0, 3));
      await standStill(element);
      for (const { id } of engine.uploads) engine.change(id, { state: 'done', ratio: 1, reason: null, fileId: id });
    },
  },
  'film-order': {
    looks: FILM,
    show: async ({ element, engine }) => {
      engine.show(...mixed().slice(2, 7));
      await standStill(element);
      engine.show(...engine.uploads.toReversed());
    },
  },
  'film-drag': {
    looks: FILM,
    show: async (scene) => {
      scene.engine.show(...mixed().slice(0, 2));
      await standStill(scene.element);
      drag(scene);
    },
  },
  'film-grid': {
    looks: FILM_TO_REST,
    attributes: { view: 'grid' },
    show: async ({ element, engine }) => {
      engine.show(...mixed());
      await standStill(element);
      const [first, second] = engine.uploads;
      if (first) engine.change(first.id, { state: 'done', ratio: 1, fileId: 'stored' });
      if (second) engine.remove(second.id);
    },
  },
};
