/** What states are made of: uploads, pictures, and what is done with them. */

import type { FastioUpload, UploadSnapshot } from '../../src/index.js';
import { type FakeEngine, snapshot } from '../element/fake-engine.js';
import { drawPhoto, type LightName } from './drawn-photo.js';
import type { Look } from './looks.js';

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

export const fileNamed = (name: string): File => new File(['x'], name, { type: 'text/plain' });

export const error = (code: NonNullable<UploadSnapshot['error']>['code']) => ({ code, message: '', retriable: false });

/** Name of an upload whose file is a photo. */
export const PHOTO = 'harbour-at-dawn.jpg';

export const mixed = (): UploadSnapshot[] => [
  snapshot({
    name: 'Interview, second camera, raw.mp4',
    state: 'uploading',
    sentBytes: 700e6,
    confirmedBytes: 612e6,
    ratio: 0.39,
    bytesPerSecond: 18.4e6,
    remainingMs: 61_000,
  }),
  snapshot({ name: PHOTO, type: 'image/jpeg', size: 4.1e6, state: 'finishing', confirmedBytes: 4.1e6 }),
  snapshot({
    name: 'archive-2025.zip',
    type: 'application/zip',
    size: 940e6,
    state: 'waiting',
    reason: 'throttled',
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

export const SAID = 'This PDF is locked with a password. Remove the password and send it again.';

/** The server says in its own words why it refuses a file. */
export const said = (userMessage: string): UploadSnapshot['error'] => ({ ...error('http'), status: 422, userMessage });

export const many = (): UploadSnapshot[] => [
  ...mixed(),
  ...Array.from({ length: 200 }, (_, index) =>
    snapshot({ name: `photo-${index}.jpg`, type: 'image/jpeg', size: 2e6, state: index < 120 ? 'done' : 'queued' }),
  ),
];

export const picture = async (light: LightName): Promise<File> =>
  new File([await drawPhoto(light)], `${light}.jpg`, { type: 'image/jpeg' });

export const limits = { accept: 'image/*,video/*,.pdf', 'max-file-size': '5 GB' };

/** Files hover over the zone, or with `page-drop` over the page. */
export const drag = ({ element }: Scene): void => {
  const dataTransfer = new DataTransfer();
  for (let index = 0; index < 12; index += 1) dataTransfer.items.add(fileNamed(`${index}.txt`));
  const zone = element.shadowRoot?.querySelector('.zone');
  const options = { dataTransfer, bubbles: true, composed: true, cancelable: true };
  zone?.dispatchEvent(new DragEvent('dragenter', options));
  // As browsers do while files hover.
  setInterval(() => zone?.dispatchEvent(new DragEvent('dragover', options)), 300);
};

const cv = { name: 'cv 2026.pdf', type: 'application/pdf', size: 90_000 };

export const showField = async ({ element, engine }: Scene, facts: Partial<UploadSnapshot>): Promise<void> => {
  element.multiple = false;
  await element.updateComplete;
  engine.show(snapshot({ ...cv, ...facts }));
};

/** What came before a film has come to its end. */
export const standStill = async (element: FastioUpload): Promise<void> => {
  for (let frames = 0; frames < 20; frames += 1) {
    await element.updateComplete;
    await new Promise(requestAnimationFrame);
  }
};

/** A file is lifted and has been moved by a place. Only one of a page is, because it comes down without the focus. */
export const order = (look: Look, view: 'list' | 'grid'): State => ({
  looks: [look],
  attributes: { view, name: 'files' },
  inForm: true,
  show: async ({ element, engine }) => {
    element.addFiles([await picture('dawn'), await picture('noon'), await picture('night'), await picture('evening')]);
    for (const { id } of engine.uploads) engine.change(id, { state: 'done', fileId: id });
    await standStill(element);
    const gripOf = () => element.shadowRoot?.querySelectorAll<HTMLElement>('.grip')[1];
    // Their code is loaded when the first file can be moved.
    while (!gripOf()) await new Promise(requestAnimationFrame);
    const grip = gripOf();
    grip?.click();
    grip?.dispatchEvent(
      new KeyboardEvent('keydown', { key: view === 'grid' ? 'Home' : 'ArrowDown', bubbles: true, composed: true }),
    );
  },
});

/** The keyboard is at one of the buttons. */
export const focus = (view: 'list' | 'grid', selector: string, look: Look = { width: 768 }): State => ({
  looks: [look],
  attributes: { view },
  show: async ({ element, engine }) => {
    element.addFiles([await picture('dawn'), await picture('noon')]);
    for (const { id } of engine.uploads) engine.change(id, { state: 'uploading', ratio: 0.4 });
    engine.show(...mixed().slice(3, 5), ...engine.uploads);
    await standStill(element);
    element.shadowRoot?.querySelector<HTMLElement>(selector)?.focus();
  },
});

export const NEEDS_FILE = { state: 'paused', reason: 'needs-file' } as const;
