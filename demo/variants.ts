/** The ways to set up the element that the page offers, chosen by `?protocol=`. */

import { html, render } from 'lit';

export interface Variant {
  readonly name: string;
  readonly label: string;
  readonly hint: string;
  readonly attributes: Readonly<Record<string, string>>;
}

const ALWAYS = { directory: '' };

/** What the server says it has beside the emulated storage. */
const STORAGES = (document.documentElement.dataset.storages ?? '').split(' ');

const S3: Variant = {
  name: 's3',
  label: 'S3',
  hint: 'A real bucket: small files and parts go straight to it by URLs that the gateway signs; no key is in the page.',
  attributes: { endpoint: '/api/s3', ...ALWAYS },
};

export const VARIANTS: readonly Variant[] = [
  {
    name: 'auto',
    label: 'Auto',
    hint: 'The gateway says what it offers: small files go in one request, big ones in parallel parts.',
    attributes: { endpoint: '/api/uploads', ...ALWAYS },
  },
  {
    name: 'presigned',
    label: 'Presigned',
    hint: 'One request to a granted URL on another origin. The bytes never pass through the gateway.',
    attributes: {
      endpoint: '/api/uploads/presigned',
      protocol: 'presigned',
      'confirm-endpoint': '/api/uploads/confirm',
      ...ALWAYS,
    },
  },
  {
    name: 'chunked',
    label: 'Chunked',
    hint: 'Numbered parts in parallel through the gateway. Reload in the middle, choose the file again, and it goes on.',
    attributes: { endpoint: '/api/uploads/chunked', protocol: 'chunked', ...ALWAYS },
  },
  {
    name: 'fastio',
    label: 'Fast.io',
    hint: 'The API’s own dialect through the gateway: small files in batches, big ones in chunks with checksums.',
    attributes: { endpoint: '/api/uploads/current', protocol: 'fastio', ...ALWAYS },
  },
  ...(STORAGES.includes('s3') ? [S3] : []),
];

export const currentVariant = (): Variant => {
  const chosen = new URLSearchParams(location.search).get('protocol');
  const variant = VARIANTS.find(({ name }) => name === chosen) ?? VARIANTS[0];
  if (variant === undefined) throw new Error('There is no variant to show.');
  return variant;
};

const markupOf = ({ attributes }: Variant): string => {
  const lines = Object.entries(attributes).map(([name, value]) => (value === '' ? name : `${name}="${value}"`));
  return [
    '<script type="module" src="fastio-upload.js"></script>',
    `<fastio-upload\n  ${lines.join('\n  ')}\n></fastio-upload>`,
  ].join('\n\n');
};

export interface VariantPlaces {
  readonly nav: HTMLElement;
  readonly hint: HTMLElement;
  readonly markup: HTMLElement;
}

/** Links, not tabs: each variant is a page of its own, so that a reload comes back to it. */
export const showVariants = (all: readonly Variant[], current: Variant, places: VariantPlaces): void => {
  const links = all.map(
    (variant) =>
      html`<a href="?protocol=${variant.name}" aria-current=${variant === current ? 'page' : 'false'}>${variant.label}</a>`,
  );
  render(links, places.nav);
  places.hint.textContent = current.hint;
  places.markup.textContent = markupOf(current);
};
