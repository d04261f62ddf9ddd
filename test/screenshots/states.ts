/** The states of the element that people see. */

import { snapshot } from '../element/fake-engine.js';
import { BRANDS, FILM, FILM_TO_REST, THEMES } from './looks.js';
import {
  drag,
  error,
  fileNamed,
  focus,
  limits,
  many,
  mixed,
  NEEDS_FILE,
  order,
  picture,
  SAID,
  type State,
  said,
  showField,
  standStill,
} from './scenes.js';

export const STATES: Readonly<Record<string, State>> = {
  empty: { attributes: { ...limits, directory: '' }, show: () => {} },
  'empty-hover': { looks: [{ width: 768 }], attributes: { ...limits, directory: '' }, show: () => {} },
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
      element.addFiles([await picture('noon'), await picture('evening')]);
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
      element.addFiles([
        await picture('dawn'),
        await picture('noon'),
        await picture('night'),
        await picture('evening'),
      ]);
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
        snapshot({ name: 'big.iso', type: 'application/x-iso9660-image', state: 'failed', error: error('too-large') }),
        snapshot({
          name: 'own words.doc',
          type: 'application/msword',
          state: 'failed',
          error: said('Only signed contracts can be sent.'),
        }),
        snapshot({ name: 'IMG_20260211.jpg', type: 'image/jpeg', size: 3.1e6, state: 'done' }),
      ),
  },
  words: {
    show: ({ engine }) =>
      engine.show(
        snapshot({ name: 'tenancy-agreement.pdf', type: 'application/pdf', state: 'failed', error: said(SAID) }),
        snapshot({
          name: 'הצעת מחיר.docx',
          type: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
          state: 'failed',
          error: said('הקובץ quote.docx גדול מדי. יש לפצל אותו לשניים.'),
        }),
        snapshot({ name: 'site-walkthrough.mp4', state: 'done', size: 44e6 }),
      ),
  },
  'words-grid': {
    attributes: { view: 'grid' },
    show: async ({ element, engine }) => {
      element.addFiles([
        await picture('dawn'),
        await picture('noon'),
        await picture('night'),
        await picture('evening'),
      ]);
      for (const { id } of engine.uploads) engine.change(id, { state: 'done', fileId: id });
      const refused = snapshot({
        name: 'tenancy-agreement.pdf',
        type: 'application/pdf',
        state: 'failed',
        error: said(SAID),
      });
      engine.show(...engine.uploads, refused);
    },
  },
  offline: {
    show: ({ engine }) => {
      const offline = { state: 'waiting', reason: 'offline' } as const;
      const [first, , ...rest] = mixed().filter(({ state }) => state !== 'waiting' && state !== 'failed');
      if (first)
        engine.show(
          first,
          snapshot({
            ...offline,
            name: 'archive-2025.zip',
            type: 'application/zip',
            confirmedBytes: 210e6,
            size: 940e6,
          }),
          ...rest,
        );
    },
  },
  'focus-list': focus('list', '.row:nth-child(3) [data-action=pause]'),
  'focus-remedy': focus('list', '.mend button', { width: 420, scheme: 'dark' }),
  'focus-tile': focus('grid', '.tile'),
  'focus-picture': focus('grid', '.tile:nth-child(2) [data-action=cancel]'),
  'focus-picture-dark': focus('grid', '.tile:nth-child(2) [data-action=cancel]', { width: 768, scheme: 'dark' }),
  'focus-choose': { looks: [{ width: 768 }], attributes: limits, show: ({ element }) => element.focus() },
  themes: { looks: THEMES, show: ({ engine }) => engine.show(...mixed().slice(0, 6)) },
  'brands-empty': { looks: BRANDS, attributes: limits, show: () => {} },
  brands: { looks: BRANDS, show: ({ engine }) => engine.show(...mixed().slice(0, 6)) },
  'brands-grid': {
    looks: BRANDS,
    attributes: { view: 'grid' },
    show: async ({ element, engine }) => {
      element.addFiles([await picture('dawn'), await picture('noon')]);
      const [first] = engine.uploads;
      for (const { id } of engine.uploads) engine.change(id, { state: 'done', fileId: id });
      if (first) engine.show(...engine.uploads, ...mixed().slice(0, 4));
    },
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
      // The page moves its last file to the second place.
      const [first, ...others] = engine.uploads;
      const last = others.pop();
      if (first && last) engine.show(first, last, ...others);
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
