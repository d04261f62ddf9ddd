/** Lets people try the custom properties on one element, and copies them as CSS. */

import { html, render } from 'lit';

interface Setting {
  readonly name: string;
  readonly label: string;
  readonly type: 'color' | 'range';
  readonly value: string;
  readonly unit?: string;
  readonly max?: number;
}

const SETTINGS: readonly Setting[] = [
  { name: 'accent', label: 'Accent', type: 'color', value: '#2f55e0' },
  { name: 'on-accent', label: 'Text on the accent', type: 'color', value: '#ffffff' },
  { name: 'success', label: 'Success', type: 'color', value: '#12784a' },
  { name: 'warning', label: 'Warning', type: 'color', value: '#855600' },
  { name: 'danger', label: 'Danger', type: 'color', value: '#b3261e' },
  { name: 'surface', label: 'Surface', type: 'color', value: '#ffffff' },
  { name: 'radius', label: 'Radius', type: 'range', value: '16', unit: 'px', max: 32 },
  { name: 'gap', label: 'Gap', type: 'range', value: '14', unit: 'px', max: 40 },
  { name: 'zone-padding', label: 'Padding of the zone', type: 'range', value: '24', unit: 'px', max: 80 },
  { name: 'badge-size', label: 'Size of pictures in rows', type: 'range', value: '56', unit: 'px', max: 96 },
  { name: 'line-width', label: 'Width of lines', type: 'range', value: '1', unit: 'px', max: 6 },
  { name: 'tile-size', label: 'Size of tiles', type: 'range', value: '160', unit: 'px', max: 320 },
];

export interface ThemePlaces {
  readonly controls: HTMLElement;
  readonly css: HTMLElement;
  readonly copy: HTMLElement;
  /** What is changed. */
  readonly target: HTMLElement;
}

/** Only what differs from the defaults is worth a line. */
const cssOf = (values: ReadonlyMap<string, string>): string =>
  values.size === 0
    ? '/* Change something above. */'
    : `fastio-upload {\n${[...values].map(([name, value]) => `  --fastio-upload-${name}: ${value};`).join('\n')}\n}`;

export const editTheme = ({ controls, css, copy, target }: ThemePlaces): void => {
  const values = new Map<string, string>();
  const set = ({ name, unit = '' }: Setting, event: Event): void => {
    const value = `${(event.target as HTMLInputElement).value}${unit}`;
    values.set(name, value);
    target.style.setProperty(`--fastio-upload-${name}`, value);
    css.textContent = cssOf(values);
  };
  const inputs = SETTINGS.map(
    (setting) => html`<label>
      ${setting.label}
      <input
        type=${setting.type}
        min="0"
        max=${setting.max ?? 100}
        .value=${setting.value}
        @input=${(event: Event) => set(setting, event)}
      />
    </label>`,
  );
  render(inputs, controls);
  css.textContent = cssOf(values);
  copy.addEventListener('click', () => void navigator.clipboard.writeText(cssOf(values)));
};
