/** The choices of `init`. The first of each list is the default. */

export const FRAMEWORKS = ['plain', 'react', 'vue', 'svelte', 'next', 'sveltekit', 'astro'] as const;
export const BACKENDS = ['node', 'express', 'next', 'sveltekit', 'astro'] as const;
export const STORAGES = ['s3', 'fastio'] as const;

export type Framework = (typeof FRAMEWORKS)[number];
export type BackendKind = (typeof BACKENDS)[number];
export type StorageKind = (typeof STORAGES)[number];

export interface Choice {
  readonly framework: Framework;
  readonly backend: BackendKind;
  readonly storage: StorageKind;
}

/** Frameworks with a server are their own backend. */
export const backendOf = (framework: Framework): BackendKind =>
  BACKENDS.find((backend) => backend === framework) ?? BACKENDS[0];

export const LABELS: Readonly<Record<Framework | BackendKind | StorageKind, string>> = {
  plain: 'Plain HTML',
  react: 'React',
  vue: 'Vue',
  svelte: 'Svelte',
  next: 'Next',
  sveltekit: 'SvelteKit',
  astro: 'Astro',
  node: 'Node, without a framework',
  express: 'Express',
  s3: 'A bucket: AWS S3, R2, B2, MinIO, Ceph, Wasabi, …',
  fastio: 'Fast.io',
};

/** A file to write, relative to the folder of the application. */
export interface MadeFile {
  readonly path: string;
  readonly text: string;
}
