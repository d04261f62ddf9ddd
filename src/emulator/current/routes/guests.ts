/** The way in for a browser without an account: a share's guest token (source: the vendor's client and guides). */

import type { CurrentRoute, Services } from '../services.js';

export const createGuestRoutes = ({ access }: Services): CurrentRoute[] => [
  {
    method: 'POST',
    path: 'share/:id/auth/guest/',
    isPublic: true,
    handle: async ({ exchange }, { id = '' }) => {
      // The client sends an empty JSON object; there is nothing in it to read.
      await exchange.drain();
      const { token, expiresInSeconds } = access.admitGuest(id);
      return { payload: { auth_token: token, expires_in: expiresInSeconds } };
    },
  },
];
