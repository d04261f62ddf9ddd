/** A certificate for servers of the tests, made for the occasion: browsers have to be told not to check it. */

import { execFileSync } from 'node:child_process';
import { CannotRun } from './browsers/cannot-run.js';

/** Key and certificate in one text, valid for two days on this machine. @throws CannotRun without `openssl`. */
export const makeCertificate = (): string => {
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-noenc', '-keyout', '-'];
  const names = 'subjectAltName=IP:127.0.0.1,DNS:localhost';
  const subject = ['-subj', '/CN=127.0.0.1', '-addext', names, '-days', '2'];
  try {
    return execFileSync('openssl', ['req', '-x509', ...key, ...subject], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  } catch {
    throw new CannotRun('no openssl that could make a certificate');
  }
};
