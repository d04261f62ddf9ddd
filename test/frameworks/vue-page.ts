/** A Vue application that mounts at once, with a template that binds values of every kind. */

import { createApp, reactive, ref } from 'vue';
import type { FastioUpload as FastioUploadElement } from '../../src/index.js';
import fastioUpload from '../../src/vue.js';

const element = ref<FastioUploadElement | null>(null);
const settings = reactive({ disabled: false });
const heard: string[] = [];
Object.assign(window, { page: { element, settings, heard } });

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
