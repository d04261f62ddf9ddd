import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { bucketCors } from '../../src/lib/bucket-cors.js';

const ORIGINS = ['https://app.example', 'http://localhost:5173'];

const HOSTS = [
  'photos.s3.eu-central-1.amazonaws.com',
  'a1.r2.cloudflarestorage.com',
  's3.us-west-004.backblazeb2.com',
  'photos.nyc3.digitaloceanspaces.com',
  's3.eu-central-2.wasabisys.com',
  'storage.googleapis.com',
  'files.example',
];

describe('CORS rules of buckets', () => {
  for (const host of HOSTS) {
    it(`allow the pages to send to ${host}`, () => {
      const { storage, where, rules } = bucketCors(host, ORIGINS);
      for (const origin of ORIGINS) assert.ok(rules.includes(origin), rules);
      assert.ok(rules.includes('PUT'), rules);
      assert.ok(storage !== '' && where !== '');
      if (!rules.startsWith('<')) JSON.parse(rules);
    });
  }

  it('name the headers for R2, which takes no wildcard', () => {
    const [rule] = JSON.parse(bucketCors('a1.r2.cloudflarestorage.com', ORIGINS).rules);
    assert.ok(!rule.AllowedHeaders.includes('*'));
    assert.ok(rule.AllowedHeaders.includes('content-type') && rule.AllowedHeaders.includes('content-md5'));
  });

  it('are a command for MinIO, which has one setting for all buckets', () => {
    assert.match(
      bucketCors('localhost:9000', ORIGINS, 'minio').rules,
      /cors_allow_origin="https:\/\/app\.example,http/,
    );
  });
});
