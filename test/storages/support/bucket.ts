/** Buckets of a real S3 server, and looks into them that go past the code under test. */

import { createHash, randomUUID } from 'node:crypto';
import { after, before } from 'node:test';
import { AwsClient } from 'aws4fetch';
import { type Rgw, startRgw } from '../../tools/rgw.mjs';

export interface Bucket {
  /** For `s3()`. */
  readonly options: {
    readonly endpoint: string;
    readonly region: string;
    readonly bucket: string;
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly provider: 'ceph';
  };
  /** An answer to a signed request for a key, or for the bucket. */
  ask(method: string, pathAndQuery?: string, init?: RequestInit): Promise<Response>;
  keys(): Promise<string[]>;
  /** Keys of multipart uploads that were begun and neither completed nor aborted. */
  unfinished(): Promise<string[]>;
  bytes(key: string): Promise<Uint8Array<ArrayBuffer>>;
  /** SHA-256 in hex, of an object of any size. */
  digest(key: string): Promise<string>;
}

export interface CorsRule {
  readonly exposesEtag: boolean;
}

/** One server for the tests of a file, or the one that the environment names. */
export const useRgw = (options: { readonly minPartSize?: number } = {}) => {
  let rgw: Rgw;
  before(async () => {
    rgw = await startRgw(options);
  });
  after(() => rgw.close());
  return {
    makeBucket: (cors: CorsRule = { exposesEtag: true }) => makeBucket(rgw, cors),
  };
};

const makeBucket = async (rgw: Rgw, cors: CorsRule): Promise<Bucket> => {
  const { url: endpoint, region, accessKeyId, secretAccessKey } = rgw;
  const bucket = `test-${randomUUID()}`;
  const client = new AwsClient({ accessKeyId, secretAccessKey, region, service: 's3', retries: 0 });
  const ask: Bucket['ask'] = (method, pathAndQuery = '', init = {}) =>
    client.fetch(`${endpoint}/${bucket}${pathAndQuery}`, { method, ...init });
  const expectOk = async (answer: Promise<Response>): Promise<Response> => {
    const response = await answer;
    if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
    return response;
  };
  await expectOk(ask('PUT'));
  await expectOk(ask('PUT', '?cors', { body: corsXml(cors) }));
  const keysIn = async (pathAndQuery: string): Promise<string[]> => {
    const text = await (await expectOk(ask('GET', pathAndQuery))).text();
    return [...text.matchAll(/<Key>([^<]*)<\/Key>/g)].map(([, key = '']) => key);
  };
  const pathOf = (key: string): string => `/${key.split('/').map(encodeURIComponent).join('/')}`;
  return {
    options: { endpoint, region, bucket, accessKeyId, secretAccessKey, provider: 'ceph' },
    ask,
    keys: async () => {
      const keys: string[] = [];
      for (;;) {
        const page = await keysIn(`?max-keys=1000&marker=${encodeURIComponent(keys.at(-1) ?? '')}`);
        keys.push(...page);
        if (page.length < 1000) return keys;
      }
    },
    unfinished: () => keysIn('?uploads'),
    bytes: async (key) => new Uint8Array(await (await expectOk(ask('GET', pathOf(key)))).arrayBuffer()),
    digest: async (key) => {
      const hash = createHash('sha256');
      const { body } = await expectOk(ask('GET', pathOf(key)));
      for await (const chunk of body ?? []) hash.update(chunk);
      return hash.digest('hex');
    },
  };
};

const corsXml = ({ exposesEtag }: CorsRule): string =>
  [
    '<CORSConfiguration><CORSRule><AllowedOrigin>*</AllowedOrigin><AllowedHeader>*</AllowedHeader>',
    '<AllowedMethod>PUT</AllowedMethod><AllowedMethod>POST</AllowedMethod><AllowedMethod>GET</AllowedMethod>',
    exposesEtag ? '<ExposeHeader>ETag</ExposeHeader>' : '',
    '<MaxAgeSeconds>3600</MaxAgeSeconds></CORSRule></CORSConfiguration>',
  ].join('');
