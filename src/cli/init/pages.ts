/** The page, by framework. */

import { readFileSync } from 'node:fs';
import type { BackendKind, Choice, Framework, MadeFile } from './choices.js';

/** URL of the script for a page without a bundler: from the server of the same command, or else from a CDN. */
const scriptFor = (backend: BackendKind): string => {
  if (backend === 'node' || backend === 'express') return '/fastio-upload/fastio-upload.js';
  const { version } = JSON.parse(readFileSync(new URL(import.meta.resolve('fastio-upload/package.json')), 'utf8'));
  return `https://cdn.jsdelivr.net/npm/fastio-upload@${version}/dist/cdn/fastio-upload.js`;
};

const PLAIN = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <title>Upload</title>
    <script type="module" src="SCRIPT"></script>
  </head>
  <body>
    <fastio-upload endpoint="/api/uploads" multiple></fastio-upload>

    <script type="module">
      document.querySelector('fastio-upload').addEventListener('upload-complete', ({ detail }) => {
        console.log('stored:', detail.upload.name, detail.fileId);
      });
    </script>
  </body>
</html>
`;

const REACT = `import { FastioUpload } from 'fastio-upload/react';

export default function Uploads() {
  return (
    <FastioUpload
      endpoint="/api/uploads"
      multiple
      onUploadComplete={({ detail }) => console.log('stored:', detail.upload.name, detail.fileId)}
    />
  );
}
`;

const VUE = `<script setup>
import { ref } from 'vue';
import { FastioUpload } from 'fastio-upload/vue';

const ids = ref([]);
</script>

<template>
  <FastioUpload v-model="ids" endpoint="/api/uploads" multiple />
</template>
`;

const SVELTE = `<script>
  import 'fastio-upload/define';

  const stored = ({ detail }) => console.log('stored:', detail.upload.name, detail.fileId);
</script>

<fastio-upload endpoint="/api/uploads" multiple onupload-complete={stored}></fastio-upload>
`;

const ASTRO = `<fastio-upload endpoint="/api/uploads" multiple></fastio-upload>

<script>
  import 'fastio-upload/define';

  document.querySelector('fastio-upload')?.addEventListener('upload-complete', ({ detail }) => {
    console.log('stored:', detail.upload.name, detail.fileId);
  });
</script>
`;

const PAGES: Readonly<Record<Framework, MadeFile>> = {
  plain: { path: 'public/index.html', text: PLAIN },
  react: { path: 'src/Uploads.jsx', text: REACT },
  vue: { path: 'src/Uploads.vue', text: VUE },
  svelte: { path: 'src/Uploads.svelte', text: SVELTE },
  next: { path: 'app/uploads/page.jsx', text: `'use client';\n\n${REACT}` },
  sveltekit: { path: 'src/routes/uploads/+page.svelte', text: SVELTE },
  astro: { path: 'src/pages/uploads.astro', text: ASTRO },
};

export const pageOf = ({ framework, backend }: Pick<Choice, 'framework' | 'backend'>): MadeFile => {
  const { path, text } = PAGES[framework];
  const folder = backend === 'sveltekit' ? path.replace(/^public\//, 'static/') : path;
  return { path: folder, text: text.replace('SCRIPT', () => scriptFor(backend)) };
};
