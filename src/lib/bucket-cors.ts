/**
 * The CORS rules that a bucket needs for a page which sends files to it, in each storage's format, and where to enter
 * them. For developers, in English.
 *
 * Sources: AWS "Configuring CORS"; Cloudflare R2 "Configure CORS", which takes no `*` among the headers; Backblaze
 * "Enable CORS with the S3-Compatible API"; DigitalOcean "Configure CORS on Spaces"; Wasabi "Cross Origin Resource
 * Sharing"; Google Cloud "Set up CORS", whose console cannot; MinIO, where only the paid edition has rules for a
 * bucket.
 */

import { type S3ProviderName, storageOfHost } from './storage-host.js';

export interface BucketCors {
  /** Name of the storage. */
  readonly storage: string;
  /** Where to enter the rules, in one sentence. */
  readonly where: string;
  /** The rules to paste. */
  readonly rules: string;
}

/**
 * @param host Host of the bucket, from a grant's URL or the storage's endpoint.
 * @param origins Origins of the pages that upload, such as `https://app.example`.
 * @param provider The storage, if the host does not identify it.
 * @example
 * const { where, rules } = bucketCors('account.r2.cloudflarestorage.com', ['https://app.example']);
 */
export const bucketCors = (
  host: string,
  origins: readonly string[],
  provider: S3ProviderName = storageOfHost(host).name,
): BucketCors => {
  const { storage, where, rules } = GUIDES[provider];
  return { storage, where, rules: rules(origins) };
};

interface Guide extends Omit<BucketCors, 'rules'> {
  readonly rules: (origins: readonly string[]) => string;
}

const MAX_AGE_SECONDS = 3600;
/** POST is for forms with a POST policy. */
const METHODS = ['PUT', 'POST'];
/** Headers of the gateway's grants; metadata adds one header per field. */
const HEADERS = ['content-type', 'content-md5', 'x-amz-meta-name'];

const json = (value: unknown): string => JSON.stringify(value, null, 2);

const consoleRules = (headers: readonly string[]) => (origins: readonly string[]) =>
  json([
    {
      AllowedOrigins: origins,
      AllowedMethods: METHODS,
      AllowedHeaders: headers,
      ExposeHeaders: ['ETag'],
      MaxAgeSeconds: MAX_AGE_SECONDS,
    },
  ]);

const commandRules = (origins: readonly string[]): string =>
  json({ CORSRules: JSON.parse(consoleRules(['*'])(origins)) });

const xmlRules = (origins: readonly string[]): string =>
  [
    '<CORSConfiguration>',
    '  <CORSRule>',
    ...origins.map((origin) => `    <AllowedOrigin>${origin.replaceAll('&', '&amp;')}</AllowedOrigin>`),
    ...METHODS.map((method) => `    <AllowedMethod>${method}</AllowedMethod>`),
    '    <AllowedHeader>*</AllowedHeader>',
    '    <ExposeHeader>ETag</ExposeHeader>',
    `    <MaxAgeSeconds>${MAX_AGE_SECONDS}</MaxAgeSeconds>`,
    '  </CORSRule>',
    '</CORSConfiguration>',
  ].join('\n');

const BY_COMMAND =
  'Save as cors.json and run: aws s3api put-bucket-cors --bucket BUCKET --cors-configuration file://cors.json --endpoint-url ENDPOINT';

const GUIDES: Readonly<Record<S3ProviderName, Guide>> = {
  aws: {
    storage: 'Amazon S3',
    where: 'S3 console: the bucket, Permissions, Cross-origin resource sharing (CORS), Edit.',
    rules: consoleRules(['*']),
  },
  r2: {
    storage: 'Cloudflare R2',
    where:
      'Cloudflare dashboard: R2, the bucket, Settings, CORS policy, Edit. Headers are listed, because R2 takes no "*".',
    rules: consoleRules(HEADERS),
  },
  b2: { storage: 'Backblaze B2', where: BY_COMMAND, rules: commandRules },
  spaces: {
    storage: 'DigitalOcean Spaces',
    where:
      'Save as cors.xml and run: s3cmd setcors cors.xml s3://BUCKET (or the bucket, Settings, CORS configurations).',
    rules: xmlRules,
  },
  wasabi: {
    storage: 'Wasabi',
    where: 'Wasabi console: the bucket, Settings, Permissions, Cross-Origin Resource Sharing (CORS), Edit.',
    rules: consoleRules(['*']),
  },
  gcs: {
    storage: 'Google Cloud Storage',
    where: 'Save as cors.json and run: gcloud storage buckets update gs://BUCKET --cors-file=cors.json',
    rules: (origins) =>
      json([
        { origin: origins, method: METHODS, responseHeader: [...HEADERS, 'ETag'], maxAgeSeconds: MAX_AGE_SECONDS },
      ]),
  },
  minio: {
    storage: 'MinIO',
    where: 'MinIO has one setting for all buckets, which allows every page by default: run this command.',
    rules: (origins) => `mc admin config set ALIAS api cors_allow_origin="${origins.join(',')}"`,
  },
  ceph: { storage: 'Ceph', where: BY_COMMAND, rules: commandRules },
  other: { storage: 'S3', where: BY_COMMAND, rules: commandRules },
};
