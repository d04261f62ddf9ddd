/**
 * The calm box: a real button opens a real input; dropping is an extra. The box itself is no control, so nothing
 * interactive is nested.
 */

import { html, nothing, type TemplateResult } from 'lit';
import type { EngineOptions } from '../../engine/options.js';
import { type AcceptToken, normalizeAccept, parseAccept, tokenText } from '../../lib/accept.js';
import { endingFor } from '../../lib/file-types.js';
import type { AnnouncedLimits } from '../../ports/protocol.js';
import { FIELD_ERROR_ID, renderFieldError } from '../form/field-error.js';
import { icons } from '../icons.js';
import { joinPieces, type Localizer } from '../language/localizer.js';
import type { Drag } from './drag-controller.js';

/** What may be chosen, as hint and refusals tell it. */
export interface Limits {
  readonly accept: string;
  /** Bytes; infinite when there is no limit. */
  readonly maxFileSize: number;
  readonly minFileSize: number;
  readonly maxTotalSize: number;
  readonly maxFiles: number;
}

/** The options of the page and what the backend announced; the narrower one counts. */
export const limitsOf = (options: EngineOptions, announced: AnnouncedLimits | null): Limits => ({
  accept: normalizeAccept(options.accept) || normalizeAccept(announced?.accept ?? ''),
  maxFileSize: Math.min(options.maxFileSize, announced?.maxFileSize ?? Number.POSITIVE_INFINITY),
  minFileSize: options.minFileSize,
  maxTotalSize: options.maxTotalSize,
  maxFiles: Math.min(options.maxFiles, announced?.maxFiles ?? Number.POSITIVE_INFINITY),
});

/** A limit is not a number, and so admits no file. */
export const isUnreadable = ({ maxFileSize, minFileSize, maxTotalSize, maxFiles }: Limits): boolean =>
  [maxFileSize, minFileSize, maxTotalSize, maxFiles].some(Number.isNaN);

const TYPE_KEYS = { image: 'typeImage', video: 'typeVideo', audio: 'typeAudio', text: 'typeText' } as const;

const isFamily = (word: string): word is keyof typeof TYPE_KEYS => word in TYPE_KEYS;

/** ".pdf" → "PDF", "image/*" → "images", "image/jpeg" → "JPG", "application/x-own" → "OWN". */
const typeName = (token: AcceptToken, texts: Localizer): string => {
  if (token.kind === 'family') return isFamily(token.family) ? texts.text(TYPE_KEYS[token.family]) : token.family;
  const word =
    token.kind === 'type'
      ? (endingFor(token.type) ?? token.type.replace(/^.*\/(x-|vnd\.)?/, ''))
      : tokenText(token).replace(/^\./, '');
  return word.toUpperCase();
};

/** The types of an `accept` attribute in words; empty when everything is taken. */
export const acceptedTypes = (accept: string, texts: Localizer): string => {
  const names = parseAccept(normalizeAccept(accept)).map((token) => typeName(token, texts));
  return names.length === 0 ? '' : texts.list([...new Set(names)]);
};

export const hintText = (limits: Limits, texts: Localizer): string =>
  joinPieces(
    texts.sentence(acceptedTypes(limits.accept, texts)),
    Number.isFinite(limits.maxFileSize) && texts.text('hintSize', { size: texts.bytes(limits.maxFileSize) }),
    Number.isFinite(limits.maxFiles) && texts.text('hintCount', { count: limits.maxFiles }),
    Number.isFinite(limits.maxTotalSize) && texts.text('hintTotal', { size: texts.bytes(limits.maxTotalSize) }),
  );

export interface ZoneContext {
  readonly texts: Localizer;
  readonly limits: Limits;
  readonly drag: Drag | null;
  /** A dropped folder is being read. */
  readonly reading: boolean;
  readonly disabled: boolean;
  readonly multiple: boolean;
  readonly directory: boolean;
  readonly capture: string | null;
  /** Name of the field, from its label; empty when there is none. */
  readonly fieldLabel: string;
  /** Why the form was not sent, if it is because of this field. */
  readonly error: string;
  readonly onChoose: () => void;
  readonly onChooseFolder: () => void;
  readonly onInput: (event: Event) => void;
  /** A file that an upload on the list waits for was chosen. */
  readonly onInputAgain: (event: Event) => void;
}

/** `input` of a file input crosses shadow roots; the element sends its own. */
const stop = (event: Event): void => event.stopPropagation();

const labelText = ({ texts, drag, reading, multiple }: ZoneContext): string => {
  if (reading) return texts.text('reading');
  if (!drag) return texts.text(multiple ? 'dropFiles' : 'dropFile');
  if (drag.count === null) return texts.text('dropToAdd');
  return texts.text(drag.onlyFiles ? 'dropToAddFiles' : 'dropToAddItems', { count: drag.count });
};

const renderInputs = (context: ZoneContext): TemplateResult => html`
  <input
    class="files-input"
    type="file"
    hidden
    ?multiple=${context.multiple}
    accept=${context.limits.accept === '' ? nothing : context.limits.accept}
    capture=${context.capture ?? nothing}
    @input=${stop}
    @change=${context.onInput}
  />
  <input class="again-input" type="file" hidden @input=${stop} @change=${context.onInputAgain} />
  ${
    context.directory
      ? html`<input
          class="folder-input"
          type="file"
          hidden
          multiple
          webkitdirectory
          @input=${stop}
          @change=${context.onInput}
        />`
      : nothing
  }
`;

const renderButtons = (context: ZoneContext): TemplateResult => {
  const { texts, disabled, fieldLabel } = context;
  const label = texts.text(context.multiple ? 'chooseFiles' : 'chooseFile');
  return html`<div class="zone-buttons">
    ${
      context.directory
        ? html`<button
            type="button"
            class="plain choose-folder"
            part="button folder-button"
            ?disabled=${disabled}
            @click=${context.onChooseFolder}
          >${texts.text('chooseFolder')}</button>`
        : nothing
    }
    <button
      type="button"
      class="primary choose"
      part="button choose-button"
      aria-describedby=${context.error === '' ? 'hint' : `${FIELD_ERROR_ID} hint`}
      ?disabled=${disabled}
      @click=${context.onChoose}
    ><slot name="button">${label}</slot>${
      fieldLabel === '' ? nothing : html`<span class="spoken">: ${fieldLabel}</span>`
    }</button>
  </div>`;
};

export const renderZone = (context: ZoneContext): TemplateResult => html`
  <div class="zone ${context.drag ? 'over' : ''}" part="zone">
    <span class="zone-icon" part="icon"><slot name="icon">${icons.upload}</slot></span>
    <div class="zone-text">
      <p class="zone-label" part="label">${
        context.drag || context.reading ? labelText(context) : html`<slot name="label">${labelText(context)}</slot>`
      }</p>
      <p class="hint" part="hint" id="hint"><slot name="hint">${hintText(context.limits, context.texts)}</slot></p>
    </div>
    ${renderButtons(context)} ${renderInputs(context)}
  </div>
  ${renderFieldError(context.error)}
`;
