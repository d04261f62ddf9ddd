import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { s3 } from '../../../../src/server/s3.js';
import { resolveS3Options, type S3Options } from '../../../../src/server/storage/s3/s3-options.js';

const KEYS = { accessKeyId: 'AKIA', secretAccessKey: 'secret' };

const resolve = (options: Partial<S3Options>) => resolveS3Options({ bucket: 'photos', ...KEYS, ...options });

describe('Options of s3()', () => {
  const endpoints: readonly [options: Partial<S3Options>, bucketUrl: string, region: string][] = [
    [{ region: 'eu-central-1' }, 'https://photos.s3.eu-central-1.amazonaws.com/', 'eu-central-1'],
    [{ endpoint: 'https://s3.us-west-2.amazonaws.com' }, 'https://photos.s3.us-west-2.amazonaws.com/', 'us-west-2'],
    [
      { endpoint: 'https://photos.s3.us-west-2.amazonaws.com' },
      'https://photos.s3.us-west-2.amazonaws.com/',
      'us-west-2',
    ],
    [
      { region: 'eu-central-1', bucket: 'my.photos' },
      'https://s3.eu-central-1.amazonaws.com/my.photos',
      'eu-central-1',
    ],
    [{ endpoint: 'https://a1.r2.cloudflarestorage.com' }, 'https://a1.r2.cloudflarestorage.com/photos', 'auto'],
    [{ endpoint: 'https://a1.r2.cloudflarestorage.com/photos' }, 'https://a1.r2.cloudflarestorage.com/photos', 'auto'],
    [{ endpoint: 'https://a1.eu.r2.cloudflarestorage.com/' }, 'https://a1.eu.r2.cloudflarestorage.com/photos', 'auto'],
    [
      { endpoint: 'https://s3.us-west-004.backblazeb2.com' },
      'https://s3.us-west-004.backblazeb2.com/photos',
      'us-west-004',
    ],
    [{ endpoint: 'https://nyc3.digitaloceanspaces.com' }, 'https://nyc3.digitaloceanspaces.com/photos', 'nyc3'],
    [{ endpoint: 'https://photos.nyc3.digitaloceanspaces.com' }, 'https://photos.nyc3.digitaloceanspaces.com/', 'nyc3'],
    [
      { endpoint: 'https://s3.eu-central-2.wasabisys.com' },
      'https://s3.eu-central-2.wasabisys.com/photos',
      'eu-central-2',
    ],
    [{ endpoint: 'https://storage.googleapis.com' }, 'https://storage.googleapis.com/photos', 'auto'],
    [{ endpoint: 'http://127.0.0.1:9000' }, 'http://127.0.0.1:9000/photos', 'us-east-1'],
    [{ endpoint: 'http://127.0.0.1:9000', provider: 'aws' }, 'http://127.0.0.1:9000/photos', 'us-east-1'],
    [{ endpoint: 'https://minio.example/s3/', region: 'home' }, 'https://minio.example/s3/photos', 'home'],
  ];
  for (const [options, bucketUrl, region] of endpoints) {
    it(`find the bucket for ${JSON.stringify(options)}`, () => {
      const resolved = resolve(options);
      assert.deepEqual([resolved.bucketUrl.href, resolved.region], [bucketUrl, region]);
    });
  }

  it('know what the storage of the endpoint allows, and take a description of another', () => {
    assert.equal(resolve({ endpoint: 'https://a1.r2.cloudflarestorage.com' }).provider.hasUniformParts, true);
    assert.equal(resolve({ endpoint: 'https://s3.us-west-004.backblazeb2.com' }).provider.minPartSize, 5_000_000);
    const own = { ...resolve({ endpoint: 'http://localhost' }).provider, minPartSize: 1 };
    assert.equal(resolve({ endpoint: 'http://localhost', provider: own }).provider, own);
  });

  const wrong: readonly [options: object, message: RegExp][] = [
    [{ bucket: undefined }, /bucket is required/],
    [{ bucket: 'a/b' }, /bucket is required/],
    [{ endpoint: undefined }, /endpoint is required, or for AWS the region/],
    [{ endpoint: 'minio.example' }, /endpoint must be an absolute http\(s\) URL/],
    [{ endpoint: 'ftp://minio.example' }, /endpoint must be an absolute/],
    [{ endpoint: 'https://a:b@minio.example' }, /endpoint must have no query, fragment or user name/],
    [{ accessKeyId: undefined }, /accessKeyId is required, or credentials/],
    [{ secretAccessKey: undefined }, /secretAccessKey is required, or credentials/],
    [{ secretAccessKey: 'secret\n' }, /secretAccessKey must be a string without spaces/],
    [{ provider: 'azure' }, /provider must be one of aws, r2/],
    [{ smallFiles: 'form' }, /smallFiles must be 'put' or 'post'/],
    [{ endpoint: 'https://a1.r2.cloudflarestorage.com', smallFiles: 'post' }, /does not support POST policies/],
    [{ key: 'uploads/' }, /key must be a function/],
    [{ headers: { 'Bad Name': 'x' } }, /headers\.bad name must be a printable string/],
    [{ region: 'eu central' }, /region must be a name/],
  ];
  for (const [options, message] of wrong) {
    it(`refuse ${JSON.stringify(options)} at once, naming the option`, () => {
      const all = { endpoint: 'https://minio.example', bucket: 'photos', ...KEYS, ...options };
      assert.throws(() => s3(all as S3Options), message);
      assert.throws(() => s3(all as S3Options), TypeError);
    });
  }

  it('yield credentials for each caller, together or one by one', async () => {
    const caller = { userId: 'ada', workspaceId: '', folderId: 'root' };
    const perField = resolve({
      endpoint: 'http://localhost',
      accessKeyId: ({ userId }) => `key-of-${userId}`,
      secretAccessKey: async () => 'fetched',
    });
    assert.deepEqual(await perField.credentials(caller), {
      accessKeyId: 'key-of-ada',
      secretAccessKey: 'fetched',
      sessionToken: undefined,
    });
    const together = { accessKeyId: 'A', secretAccessKey: 'B', sessionToken: 'C' };
    const { credentials } = resolveS3Options({
      endpoint: 'http://localhost',
      bucket: 'photos',
      credentials: async () => together,
    });
    assert.equal(await credentials(caller), together);
  });

  it('refuse credentials that a function yields wrong, when they are needed', async () => {
    const { credentials } = resolveS3Options({
      endpoint: 'http://localhost',
      bucket: 'photos',
      credentials: () => ({ accessKeyId: 'A', secretAccessKey: '' }),
    });
    await assert.rejects(credentials({ userId: 'ada', workspaceId: '', folderId: 'root' }), /secretAccessKey/);
  });
});
