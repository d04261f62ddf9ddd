/** Buckets of a real S3 server, and looks into them that go past the code under test. */

import { createHash } from 'node:crypto';
import { after, before } from 'node:test';
import { type LocalBucket, type LocalBucketOptions, makeLocalBucket } from '../../tools/local-bucket.js';
import { type Rgw, startRgw } from '../../tools/rgw.mjs';

export interface Bucket extends LocalBucket {
  keys(): Promise<string[]>;
  /** Keys of multipart uploads that were begun and neither completed nor aborted. */
  unfinished(): Promise<string[]>;
  bytes(key: string): Promise<Uint8Array<ArrayBuffer>>;
  /** SHA-256 in hex, of an object of any size. */
  digest(key: string): Promise<string>;
}

/** One server for the tests of a file. `minPartSize`, in bytes, lets a test have many parts of little data. */
export const useRgw = (options: { readonly minPartSize?: number } = {}) => {
  let rgw: Rgw;
  before(async () => {
    rgw = await startRgw(options);
  });
  after(() => rgw.close());
  return {
    /** Where the server listens. */
    url: () => rgw.url,
    makeBucket: async (bucket?: LocalBucketOptions): Promise<Bucket> => inspected(await makeLocalBucket(rgw, bucket)),
  };
};

const inspected = (bucket: LocalBucket): Bucket => {
  const ask = async (pathAndQuery: string): Promise<Response> => {
    const response = await bucket.ask('GET', pathAndQuery);
    if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
    return response;
  };
  const keysIn = async (pathAndQuery: string): Promise<string[]> =>
    [...(await (await ask(pathAndQuery)).text()).matchAll(/<Key>([^<]*)<\/Key>/g)].map(([, key = '']) => key);
  const pathOf = (key: string): string => `/${key.split('/').map(encodeURIComponent).join('/')}`;
  return {
    ...bucket,
    keys: async () => {
      const keys: string[] = [];
      for (;;) {
        const page = await keysIn(`?max-keys=1000&marker=${encodeURIComponent(keys.at(-1) ?? '')}`);
        keys.push(...page);
        if (page.length < 1000) return keys;
      }
    },
    unfinished: () => keysIn('?uploads'),
    bytes: async (key) => new Uint8Array(await (await ask(pathOf(key))).arrayBuffer()),
    digest: async (key) => {
      const hash = createHash('sha256');
      for await (const chunk of (await ask(pathOf(key))).body ?? []) hash.update(chunk);
      return hash.digest('hex');
    },
  };
};
