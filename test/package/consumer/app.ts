/** An application that knows the package by its name alone. */

import 'fastio-upload/define';
import type { FastioUpload } from 'fastio-upload';
import { UploadEngine } from 'fastio-upload/engine';
import { createUploadHandler } from 'fastio-upload/server';
import { MemoryStore } from 'fastio-upload/stores/memory';

const element: FastioUpload = document.createElement('fastio-upload');
element.endpoint = '/api/uploads';
element.addEventListener('upload-complete', ({ detail }) => {
  const { fileId, upload }: { readonly fileId: string; readonly upload: { readonly name: string } } = detail;
  document.title = `${upload.name}: ${fileId}`;
});

export const engine = new UploadEngine({ endpoint: '/api/uploads' }, { store: new MemoryStore() });

export const handler: (request: Request) => Promise<Response> = createUploadHandler({
  apiKey: 'key',
  workspaceId: '1',
  ticketSecret: new Uint8Array(32),
  authorize: () => ({ userId: 'ada' }),
});
