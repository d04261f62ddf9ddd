/** A Vue application that mounts at once, with a template that binds values of every kind. */

import { createApp, reactive, ref } from 'vue';
import type { FastioUpload as FastioUploadElement } from '../../src/index.js';
import fastioUpload from '../../src/vue.js';
import { editForm, STORED } from './edit-form.js';

const element = ref<FastioUploadElement | null>(null);
const settings = reactive({ disabled: false });
const heard: string[] = [];
const edited = ref<FastioUploadElement | null>(null);
const page = { element, settings, heard, seeEdited: () => edited.value && editForm(edited.value) };
Object.assign(window, { page });

const app = createApp({
  setup: () => ({
    element,
    settings,
    headers: { 'X-Tenant': 'ada' },
    metadata: { album: 'summer' },
    strings: { chooseFiles: 'Pick' },
    hear: ({ detail }: CustomEvent<{ readonly upload: { readonly name: string } }>) => heard.push(detail.upload.name),
  }),
  template: `<fastio-upload
    ref="element"
    class="wide"
    endpoint="/grants"
    protocol="presigned"
    no-resume
    :disabled="settings.disabled"
    :noAuto="true"
    :maxFiles="2"
    :headers="headers"
    :metadata="metadata"
    :strings="strings"
    @upload-added="hear"
    @upload-complete="hear"
  />`,
});
app.config.compilerOptions.isCustomElement = (tag) => tag === 'fastio-upload';
app.use(fastioUpload).mount(document.body.appendChild(document.createElement('div')));

/** Each rendering gives a list of its own, as applications do. */
const form = createApp({
  setup: () => ({ edited, count: ref(0), stored: () => STORED.map((entry) => ({ ...entry })) }),
  template: `<form :data-count="count">
    <fastio-upload ref="edited" name="files" multiple endpoint="/files" protocol="form" no-resume
      :stored="stored()" @upload-removed="count += 1" />
  </form>`,
});
form.config.compilerOptions.isCustomElement = (tag) => tag === 'fastio-upload';
form.use(fastioUpload).mount(document.body.appendChild(document.createElement('div')));
