/** A React application in StrictMode: counts what it hears, and shows the element that it got. */

import { createElement, createRef, StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import type { FastioUpload as FastioUploadElement } from '../../src/index.js';
import { FastioUpload } from '../../src/react.js';

const ref = createRef<FastioUploadElement>();
const heard: string[] = [];
Object.assign(window, { page: { ref, heard } });

createRoot(document.body.appendChild(document.createElement('div'))).render(
  createElement(
    StrictMode,
    null,
    createElement(FastioUpload, {
      ref,
      className: 'wide',
      endpoint: '/grants',
      protocol: 'presigned',
      maxFiles: 2,
      noAuto: true,
      noResume: true,
      strings: { chooseFiles: 'Pick' },
      onUploadAdded: ({ detail }) => heard.push(detail.upload.name),
    }),
  ),
);
