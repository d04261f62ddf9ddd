/**
 * The drop zone: large while the list is empty, one line beside a list, and highlighted during a drag. A real button
 * opens a real file input; a click beside the button does the same, but the box itself is not a control, so that no
 * interactive elements are nested.
 */

import { html, nothing, type TemplateResult } from 'lit';
import type { EngineOptions } from '../../engine/options.js';
import { type AcceptToken, normalizeAccept, parseAccept, tokenText } from '../../lib/accept.js';
import { endingFor } from '../../lib/types/file-types.js';
import type { AnnouncedLimits } from '../../ports/protocol.js';
import { FIELD_ERROR_ID, renderFieldError } from '../form/field-error.js';
import { type Localizer, piecesOf, renderPieces } from '../language/localizer.js';
import { formatNumber } from '../language/numbers.js';
import { zoneIcons } from '../zone-icons.js';
import type { Drag } from './drag-controller.js';

/** The limits shown in hints and refusals. */
export interface Limits {
  readonly accept: string;
  /** Bytes; infinite without a limit. */
  readonly maxFileSize: number;
  readonly minFileSize: number;
  readonly maxTotalSize: number;
  readonly maxFiles: number;
}

/** The narrower of the page's limits and those that the backend announced. */
export const limitsOf = (options: EngineOptions, announced: AnnouncedLimits | null): Limits => ({
  accept: normalizeAccept(options.accept) || normalizeAccept(announced?.accept ?? ''),
  maxFileSize: Math.min(options.maxFileSize, announced?.maxFileSize ?? Number.POSITIVE_INFINITY),
  minFileSize: options.minFileSize,
  maxTotalSize: options.maxTotalSize,
  maxFiles: Math.min(options.maxFiles, announced?.maxFiles ?? Number.POSITIVE_INFINITY),
});

/** Whether a limit is not a number, so that it refuses all files. */
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

/** The types of an `accept` attribute in words; empty when all types are accepted. */
export const acceptedTypes = (accept: string, texts: Localizer): string => {
  const names = parseAccept(normalizeAccept(accept)).map((token) => typeName(token, texts));
  return names.length === 0 ? '' : texts.list([...new Set(names)]);
};

export const hintPieces = (limits: Limits, texts: Localizer): string[] =>
  piecesOf(
    texts.sentence(acceptedTypes(limits.accept, texts)),
    Number.isFinite(limits.maxFileSize) && texts.text('hintSize', { size: texts.bytes(limits.maxFileSize) }),
    Number.isFinite(limits.maxFiles) && texts.text('hintCount', { count: limits.maxFiles }),
    Number.isFinite(limits.maxTotalSize) && texts.text('hintTotal', { size: texts.bytes(limits.maxTotalSize) }),
  );

/** `roomy` while nothing is chosen, `line` beside files, `hidden` where the row of a field's only file replaces it. */
export type ZoneSize = 'roomy' | 'line' | 'hidden';

export const zoneSizeOf = (count: number, list: 'full' | 'summary' | 'none', takesMany: boolean): ZoneSize =>
  count === 0 || list === 'none' ? 'roomy' : !takesMany && count === 1 && list === 'full' ? 'hidden' : 'line';

export interface ZoneContext {
  readonly texts: Localizer;
  readonly limits: Limits;
  readonly size: ZoneSize;
  readonly drag: Drag | null;
  /** Whether files can be dropped anywhere on the page. */
  readonly pageDrop: boolean;
  /** Whether a dropped folder is being read. */
  readonly reading: boolean;
  readonly disabled: boolean;
  readonly multiple: boolean;
  readonly directory: boolean;
  readonly capture: string | null;
  /** Text of the field's label; empty without one. */
  readonly fieldLabel: string;
  /** Why the form was not submitted, if this field was the reason. */
  readonly error: string;
  readonly onChoose: () => void;
  readonly onChooseFolder: () => void;
  readonly onInput: (event: Event) => void;
  /** A file was chosen for an upload that had lost its own. */
  readonly onInputAgain: (event: Event) => void;
}

/** `input` of a file input crosses shadow roots; the element dispatches its own. */
const stop = (event: Event): void => event.stopPropagation();

/** Touch devices have no drag and drop. */
const isTouch = (): boolean => globalThis.matchMedia?.('(hover: none) and (pointer: coarse)').matches ?? false;

const dropText = ({ texts }: ZoneContext, { count, onlyFiles }: Drag): string =>
  count === null ? texts.text('dropToAdd') : texts.text(onlyFiles ? 'dropToAddFiles' : 'dropToAddItems', { count });

const labelText = ({ texts, size, multiple, disabled }: ZoneContext): string =>
  disabled
    ? texts.text('zoneOff')
    : isTouch()
      ? ''
      : texts.text(size === 'line' ? 'dropMore' : multiple ? 'dropFiles' : 'dropFile');

const buttonText = ({ texts, size, multiple, limits: { accept } }: ZoneContext): string => {
  if (size === 'line') return texts.text('addMore');
  if (isTouch() && (accept === '' || accept.includes('image/*'))) return texts.text(multiple ? 'addFiles' : 'addFile');
  return texts.text(multiple ? 'chooseFiles' : 'chooseFile');
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
  const { texts, disabled, fieldLabel, size } = context;
  const look = size === 'roomy' ? 'primary' : 'quiet';
  return html`<div class="zone-buttons">
    <button
      type="button"
      class="${look} choose"
      part="button button-${look} choose-button"
      aria-describedby=${context.error === '' ? 'hint' : `${FIELD_ERROR_ID} hint`}
      ?disabled=${disabled}
      @click=${context.onChoose}
    ><slot name="button">${buttonText(context)}</slot>${
      fieldLabel === '' ? nothing : html`<span class="spoken">: ${fieldLabel}</span>`
    }</button>
    ${
      context.directory
        ? html`<button
            type="button"
            class="quiet choose-folder"
            part="button folder-button"
            ?disabled=${disabled}
            @click=${context.onChooseFolder}
          >${texts.text('chooseFolder')}</button>`
        : nothing
    }
  </div>`;
};

/** A control that the page puts into a slot keeps its clicks. */
const isForControl = (event: Event): boolean =>
  event.composedPath().some((node) => node instanceof Element && node.matches('button, a, input, select, textarea'));

/** Covers the whole page, above everything else, without intercepting drags. */
const renderVeil = (text: string): TemplateResult => html`<div class="veil" part="veil" popover="manual">
  <div class="veil-card"><span class="disc">${zoneIcons.upload}</span>${text}</div>
</div>`;

/** Shows the rendered veil; a popover must be in the document first. */
export const showVeil = (root: ParentNode): void => root.querySelector<HTMLElement>('.veil')?.showPopover?.();

export const renderZone = (context: ZoneContext): TemplateResult => {
  const { texts, size, drag, reading, disabled, pageDrop, onChoose } = context;
  const told = reading ? texts.text('reading') : drag && dropText(context, drag);
  const onClick = (event: Event) => !disabled && !isForControl(event) && onChoose();
  return html`
    <div class="zone ${size} ${drag ? 'over' : ''}" part="zone zone-${size}" @click=${onClick}>
      <span class="disc" part="icon"><slot name="icon" data-count=${drag?.count == null ? nothing : formatNumber(texts.lang, drag.count)}>${zoneIcons.upload}</slot></span>
      <div class="zone-text">
        <p class="zone-label" part="label">${told ?? html`<slot name="label">${labelText(context)}</slot>`}</p>
        <p class="hint" part="hint" id="hint"><slot name="hint">${renderPieces(hintPieces(context.limits, texts))}</slot></p>
      </div>
      ${renderButtons(context)} ${renderInputs(context)}
    </div>
    ${renderFieldError(context.error)} ${drag && pageDrop ? renderVeil(dropText(context, drag)) : nothing}
  `;
};
