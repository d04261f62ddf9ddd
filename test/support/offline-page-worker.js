/** While it is told to, answers every request that carries a body with its offline page, as workers of some sites do. */

let isOffline = false;

const offlinePage = () =>
  new Response('<!doctype html><title>You are offline</title>', { headers: { 'Content-Type': 'text/html' } });

self.addEventListener('install', () => self.skipWaiting());
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));
self.addEventListener('message', ({ data, ports }) => {
  isOffline = data === 'offline';
  ports[0]?.postMessage(data);
});
self.addEventListener('fetch', (event) => {
  if (isOffline && event.request.method !== 'GET') event.respondWith(offlinePage());
});
