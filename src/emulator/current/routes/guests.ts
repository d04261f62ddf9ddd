/** Guest login: a share's token for a browser without an account (source: the vendor's client and guides). */

import type { CurrentRoute, Services } from '../services.js';

export const createGuestRoutes = ({ access }: Services): CurrentRoute[] => [
  {
    method: 'POST',
    path: 'share/:id/auth/guest/',
    isPublic: true,
    handle: async ({ exchange }, { id = '' }) => {
      // The client sends an empty JSON object.
      await exchange.drain();
      const { token, expiresInSeconds } = access.loginGuest(id);
      return { payload: { auth_token: token, expires_in: expiresInSeconds } };
    },
  },
];
