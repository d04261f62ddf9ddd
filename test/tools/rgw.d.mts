export interface Rgw {
  /** The endpoint, without a slash at its end. */
  readonly url: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  close(): Promise<void>;
}

/** Installs the Debian packages when they are missing. @throws Error with what to install, where it may not. */
export function ensureRgw(): void;
export function startRgw(options?: { readonly port?: number; readonly minPartSize?: number }): Promise<Rgw>;
