/**
 * Stands in for the part of Cloudflare's API that `wrangler secret put` and `wrangler deploy` speak to, and keeps what they
 * bring. Paths, fields and error codes are those of wrangler 4.86.0. What it does not know it refuses, so that nothing that
 * wrangler brings gets lost unseen.
 */

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { toNodeListener } from '../../../src/server/node.js';

/** A Worker as it was brought. */
export interface Version {
  readonly mainModule: string;
  /** Text of the ES modules by name. */
  readonly modules: ReadonlyMap<string, string>;
  readonly compatibilityDate: string | undefined;
  readonly compatibilityFlags: readonly string[];
  readonly vars: Readonly<Record<string, string>>;
  /** Static files by path, which begins with a slash. */
  readonly assets: ReadonlyMap<string, Uint8Array>;
  /** Name under which the script asks for static files. */
  readonly assetsBinding: string | undefined;
  /** Paths that the script answers ahead of the static files. */
  readonly scriptFirst: readonly string[];
}

export interface Deployed extends Version {
  readonly secrets: Readonly<Record<string, string>>;
}

export interface CloudflareApi {
  /** What wrangler needs in its environment to speak to this one. */
  readonly env: Readonly<Record<string, string>>;
  /** What a recipe asks its reader for. */
  readonly values: Readonly<Record<string, string>>;
  /** What runs under this name by now. */
  deployed(name: string): Deployed;
  close(): Promise<void>;
}

type Binding =
  | { readonly type: 'plain_text'; readonly name: string; readonly text: string }
  | { readonly type: 'assets'; readonly name: string };

interface Metadata {
  readonly main_module: string;
  readonly compatibility_date?: string;
  readonly compatibility_flags?: readonly string[];
  readonly bindings: readonly Binding[];
  readonly assets?: { readonly jwt: string; readonly config?: { readonly run_worker_first?: readonly string[] } };
}

interface Script {
  readonly secrets: Map<string, string>;
  live: Version;
}

type Manifest = Readonly<Record<string, { readonly hash: string }>>;

class Refusal extends Error {
  readonly status: number;
  readonly code: number;

  constructor(status: number, code: number, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

const TOKEN = 'token-of-the-tests';
const ACCOUNT = '0123456789abcdef0123456789abcdef';

/** `logpush` changes nothing about what runs. */
const KNOWN_METADATA = ['main_module', 'compatibility_date', 'compatibility_flags', 'bindings', 'assets', 'logpush'];

const refuseUnknown = (given: object, known: readonly string[]): void => {
  const unknown = Object.keys(given).filter((field) => !known.includes(field));
  if (unknown.length > 0) throw new Refusal(400, 10_021, `unknown here: ${unknown.join(', ')}`);
};

class Account {
  readonly #scripts = new Map<string, Script>();
  readonly #versions = new Map<string, Version>();
  readonly #manifests = new Map<string, Manifest>();
  readonly #contents = new Map<string, Uint8Array>();

  script(name: string): Script {
    const script = this.#scripts.get(name);
    if (script === undefined) throw new Refusal(404, 10_007, 'This Worker does not exist on your account.');
    return script;
  }

  async putSecret(name: string, request: Request): Promise<unknown> {
    const { secrets } = this.script(name);
    const secret = await request.json();
    secrets.set(secret.name, secret.text);
    return { name: secret.name, type: secret.type };
  }

  /** Makes or replaces a Worker; its secrets stay. */
  async putScript(name: string, request: Request): Promise<unknown> {
    const live = await this.#readVersion(request);
    this.#scripts.set(name, { secrets: this.#scripts.get(name)?.secrets ?? new Map(), live });
    return { id: name, deployment_id: crypto.randomUUID(), startup_time_ms: 1 };
  }

  async addVersion(name: string, request: Request): Promise<unknown> {
    this.script(name);
    const id = crypto.randomUUID();
    this.#versions.set(id, await this.#readVersion(request));
    return { id, startup_time_ms: 1, resources: { script: { etag: id } } };
  }

  async deploy(name: string, request: Request): Promise<unknown> {
    const { versions } = await request.json();
    const version = versions.length === 1 ? this.#versions.get(versions[0].version_id) : undefined;
    if (version === undefined) throw new Refusal(400, 10_021, 'one version that was brought has to get all requests');
    this.script(name).live = version;
    return { id: crypto.randomUUID() };
  }

  /** Every file is asked for, in two buckets as a large site has them. */
  async openAssets(request: Request): Promise<unknown> {
    const { manifest }: { manifest: Manifest } = await request.json();
    const jwt = `session-${this.#manifests.size + 1}`;
    this.#manifests.set(jwt, manifest);
    const hashes = [...new Set(Object.values(manifest).map(({ hash }) => hash))];
    return { jwt, buckets: [hashes.slice(0, 2), hashes.slice(2)].filter((bucket) => bucket.length > 0) };
  }

  async takeAssets(jwt: string, request: Request): Promise<unknown> {
    if (!this.#manifests.has(jwt)) throw new Refusal(403, 10_000, 'no such session');
    for (const [hash, content] of await request.formData()) {
      const base64 = typeof content === 'string' ? content : await content.text();
      this.#contents.set(hash, Buffer.from(base64, 'base64'));
    }
    return { jwt };
  }

  async #readVersion(request: Request): Promise<Version> {
    const form = await request.formData();
    const metadata: Metadata = JSON.parse(String(form.get('metadata')));
    refuseUnknown(metadata, KNOWN_METADATA);
    refuseUnknown(metadata.assets?.config ?? {}, ['run_worker_first']);
    const modules = new Map<string, string>();
    for (const [name, content] of form) {
      if (name === 'metadata') continue;
      if (typeof content === 'string' || content.type !== 'application/javascript+module')
        throw new Refusal(400, 10_021, `${name} is no ES module`);
      modules.set(name, await content.text());
    }
    return {
      mainModule: metadata.main_module,
      modules,
      compatibilityDate: metadata.compatibility_date,
      compatibilityFlags: metadata.compatibility_flags ?? [],
      ...readBindings(metadata.bindings),
      assets: this.#assetsOf(metadata.assets?.jwt),
      scriptFirst: metadata.assets?.config?.run_worker_first ?? [],
    };
  }

  #assetsOf(jwt: string | undefined): Map<string, Uint8Array> {
    const manifest = jwt === undefined ? {} : this.#manifests.get(jwt);
    if (manifest === undefined) throw new Refusal(400, 10_021, 'no such session of assets');
    const files = Object.entries(manifest).map(([path, { hash }]) => [path, this.#contents.get(hash)] as const);
    return new Map(
      files.map(([path, content]) => {
        if (content === undefined) throw new Refusal(400, 10_021, `${path} was never brought`);
        return [path, content];
      }),
    );
  }
}

const readBindings = (bindings: readonly Binding[]): Pick<Version, 'vars' | 'assetsBinding'> => {
  const vars: Record<string, string> = {};
  let assetsBinding: string | undefined;
  for (const binding of bindings) {
    if (binding.type === 'plain_text') vars[binding.name] = binding.text;
    else if (binding.type === 'assets') assetsBinding = binding.name;
    else refuseUnknown({ [JSON.stringify(binding)]: true }, []);
  }
  return { vars, assetsBinding };
};

/** The result for one request; `path` is what follows `/workers` of the account. */
const answer = async (account: Account, path: string, request: Request): Promise<unknown> => {
  const [, place = '', name = '', rest = ''] = /^\/(\w+)(?:\/([\w-]+))?(\/.*)?$/.exec(path) ?? [];
  switch (`${request.method} ${place}${rest}`) {
    case 'GET subdomain':
      return { subdomain: 'tests' };
    case 'POST assets':
      return account.takeAssets(request.headers.get('Authorization')?.replace('Bearer ', '') ?? '', request);
    case 'GET services':
      account.script(name);
      return {
        default_environment: { environment: 'production', script: { tag: name, last_deployed_from: 'wrangler' } },
      };
    case 'PUT scripts':
      return account.putScript(name, request);
    case 'PUT scripts/secrets':
      return account.putSecret(name, request);
    case 'POST scripts/assets-upload-session':
      return account.openAssets(request);
    case 'POST scripts/versions':
      return account.addVersion(name, request);
    case 'GET scripts/deployments':
      account.script(name);
      return { deployments: [] };
    case 'POST scripts/deployments':
      return account.deploy(name, request);
    case 'PATCH scripts/script-settings':
      return request.json();
    case 'GET scripts/subdomain':
    case 'POST scripts/subdomain':
      return { enabled: true, previews_enabled: true };
    default:
      throw new Refusal(404, 7_003, `${request.method} ${path} is not known here`);
  }
};

const isSignedIn = (request: Request, path: string): boolean =>
  request.headers.get('Authorization') === `Bearer ${TOKEN}` || path.startsWith('/assets/');

const handle = async (account: Account, request: Request): Promise<Response> => {
  const prefix = `/accounts/${ACCOUNT}/workers`;
  const { pathname } = new URL(request.url);
  const path = pathname.slice(prefix.length);
  try {
    if (!pathname.startsWith(prefix) || !isSignedIn(request, path))
      throw new Refusal(403, 10_000, 'Authentication error');
    const result = await answer(account, path, request);
    return Response.json({ success: true, errors: [], messages: [], result });
  } catch (error) {
    const { status = 500, code = 10_013, message } = error as Partial<Refusal>;
    return Response.json({ success: false, errors: [{ code, message }], messages: [], result: null }, { status });
  }
};

export const startCloudflareApi = async (): Promise<CloudflareApi> => {
  const account = new Account();
  const server = createServer(toNodeListener((request) => handle(account, request)));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    env: { CLOUDFLARE_API_BASE_URL: `http://127.0.0.1:${port}`, WRANGLER_SEND_METRICS: 'false' },
    values: { CLOUDFLARE_API_TOKEN: TOKEN, CLOUDFLARE_ACCOUNT_ID: ACCOUNT },
    deployed: (name) => {
      const { live, secrets } = account.script(name);
      return { ...live, secrets: Object.fromEntries(secrets) };
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};
