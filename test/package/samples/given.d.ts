/** What the samples take as given: names that their readers have already, and packages that are not installed here. */

declare module '@angular/core';
declare module '@playwright/test';
declare module 'heic2any';
declare module 'jose';
declare module 'multer';
declare module '*.vue';
declare module '*/uploads.js' {
  import type { UploadHandler } from 'fastio-upload/server';
  export const uploads: UploadHandler;
}

// A server that listens at a port.
declare module 'http' {
  interface Server {
    address(): import('node:net').AddressInfo;
  }
}

declare namespace Express {
  interface Request {
    file?: { filename: string };
  }
}

// Of the reader's page.
declare const element: import('fastio-upload').FastioUpload;
declare const photos: import('fastio-upload').FastioUpload;
declare const input: HTMLInputElement;
declare const key: CryptoKey;
declare const App: import('vue').Component;
declare const createApp: typeof import('vue').createApp;
declare const defineNuxtPlugin: (setup: (nuxt: { vueApp: import('vue').App }) => void) => unknown;
declare const supabase: {
  readonly auth: { getSession(): Promise<{ data: { session: { access_token: string } } }> };
};
declare const token: () => Promise<string>;
declare const currentToken: () => Promise<string>;
declare const freshToken: () => Promise<string>;
declare const save: (fileId: string) => void;

// Of the reader's server.
declare const OPTIONS: import('fastio-upload/server').UploadHandlerOptions;
declare const options: import('fastio-upload/server').UploadHandlerOptions;
declare const uploads: import('fastio-upload/server').UploadHandler;
declare const createUploadHandler: typeof import('fastio-upload/server').createUploadHandler;
declare const toNodeListener: typeof import('fastio-upload/server/node').toNodeListener;
declare const createServer: typeof import('node:http').createServer;
declare const app: import('hono').Hono & {
  use(path: string, listener: import('node:http').RequestListener): void;
};
declare const endpoint: string;
declare const region: string;
declare const bucket: string;
declare const accessKeyId: string;
declare const secretAccessKey: string;
declare const userOf: (request: Request) => Promise<{ readonly id: string; readonly userId: string } | null>;
declare const remember: (fileId: string, name: string, size: number, userId: string) => Promise<string>;
declare const quotaLeft: (userId: string) => Promise<number>;
declare const note: (digest: string, name: string, partNumber: number | null, userId: string) => void;
