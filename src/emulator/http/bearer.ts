import { createHash, timingSafeEqual } from 'node:crypto';
import { ApiError } from './api-error.js';

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** @throws ApiError 401 unless the header is `Bearer` and the key. */
export const checkBearer = (authorization: string | null, apiKey: string): void => {
  const [, key] = /^Bearer +(\S+)$/i.exec(authorization ?? '') ?? [];
  if (key !== undefined && timingSafeEqual(digest(key), digest(apiKey))) return;
  throw new ApiError(401, 'unauthorized', 'the bearer key is missing or wrong', {
    headers: { 'WWW-Authenticate': 'Bearer' },
  });
};
