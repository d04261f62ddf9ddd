/** HMAC-SHA256 by Web Crypto. The purpose is signed too, so that a signature is valid for one purpose only. */

const encoder = new TextEncoder();

/** URL-safe, without padding. */
export const toBase64Url = (bytes: Uint8Array): string =>
  btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/=+$/, '');

/** Null unless `toBase64Url` could have written the text. */
export const fromBase64Url = (text: string): Uint8Array<ArrayBuffer> | null => {
  if (!/^[\w-]*$/.test(text)) return null;
  try {
    const bytes = Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (char) => char.charCodeAt(0));
    // The last digit may have unused bits; only one spelling of a signature is valid.
    return toBase64Url(bytes) === text ? bytes : null;
  } catch {
    return null;
  }
};

export class Signer {
  readonly #secret: Uint8Array<ArrayBuffer>;
  #key: Promise<CryptoKey> | undefined;

  constructor(secret: string | Uint8Array) {
    this.#secret = typeof secret === 'string' ? encoder.encode(secret) : new Uint8Array(secret);
  }

  async sign(purpose: string, text: string): Promise<string> {
    const signature = await crypto.subtle.sign(
      'HMAC',
      await this.#importedKey(),
      encoder.encode(`${purpose}\n${text}`),
    );
    return toBase64Url(new Uint8Array(signature));
  }

  /** Verifies in constant time; signatures must not be compared as strings. */
  async verify(purpose: string, text: string, signature: string): Promise<boolean> {
    const bytes = fromBase64Url(signature);
    if (bytes === null) return false;
    return crypto.subtle.verify('HMAC', await this.#importedKey(), bytes, encoder.encode(`${purpose}\n${text}`));
  }

  /** Identifies a user without revealing the id, in tickets and in the upstream's metadata. */
  ownerTag(userId: string): Promise<string> {
    return this.sign('owner', userId);
  }

  /** Imported at first use, because some runtimes do not allow cryptography while a module loads. */
  #importedKey(): Promise<CryptoKey> {
    this.#key ??= crypto.subtle.importKey('raw', this.#secret, { name: 'HMAC', hash: 'SHA-256' }, false, [
      'sign',
      'verify',
    ]);
    return this.#key;
  }
}
