/** The element's class: renders the tag, and connects zone, view, form and engine. */
import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import type { EngineEventMap } from '../engine/upload/events.js';
import type { UploadSnapshot } from '../engine/upload/snapshot.js';
import type { UploadErrorInfo } from '../ports/errors.js';
import type { FileHandle, FileInput, SourceFile } from '../ports/source.js';
import { waitsForStart } from './engine/engine-options.js';
import { takeMany, takeOne } from './engine/take-files.js';
import { isShownOnly, passOn } from './events.js';
import { styles } from './fastio-upload.styles.js';
import { SubmitWhenDone } from './form/submit-when-done.js';
import { hostStates } from './page/host-states.js';
import { countUploads } from './status/counts.js';
import { UploadElement } from './upload-element.js';
import { LazyView } from './view/lazy-view.js';
import type { Collected } from './zone/collect-files.js';
import { DragController } from './zone/drag-controller.js';
import { type Limits, renderZone, showVeil, type ZoneSize, zoneSizeOf } from './zone/drop-zone.js';
import { Picker } from './zone/picker.js';

/** The default `errorText`, which keeps the built-in texts. */
const noText = (): undefined => {};

/**
 * Uploads files with progress, retries and resumption.
 *
 * @example
 * <fastio-upload endpoint="/api/uploads"></fastio-upload>
 *
 * @tag fastio-upload
 *
 * @fires {CustomEvent<{upload: UploadSnapshot}>} upload-before - Before a file is added; cancel it to refuse the file.
 * @fires {CustomEvent<{upload: UploadSnapshot}>} upload-added - A file was added to the list.
 * @fires {CustomEvent<{file: File, code: RejectionCode, message: string}>} upload-rejected - A file was refused.
 * @fires {CustomEvent<{upload: UploadSnapshot, previous: UploadStateName}>} upload-state - The state of an upload has changed.
 * @fires {CustomEvent<{upload: UploadSnapshot}>} upload-progress - Bytes were sent; at most 10 times a second for each upload. Not composed.
 * @fires {CustomEvent<{upload: UploadSnapshot, part: number, receipt: Receipt}>} part-complete - The server has confirmed a part.
 * @fires {CustomEvent<{upload: UploadSnapshot, attempt: number, delayMs: number, error: UploadErrorInfo}>} upload-retry - An attempt failed and will be repeated.
 * @fires {CustomEvent<{upload: UploadSnapshot, fileId: string, result: unknown}>} upload-complete - The file is stored; exactly once.
 * @fires {CustomEvent<{upload: UploadSnapshot, error: UploadErrorInfo}>} upload-failed - The upload failed for good.
 * @fires {CustomEvent<{upload: UploadSnapshot}>} upload-canceled - The upload was canceled.
 * @fires {CustomEvent<{upload: UploadSnapshot}>} upload-removed - The upload was removed from the list.
 * @fires {CustomEvent<{uploads: UploadSnapshot[]}>} uploads-restored - Unfinished uploads of an earlier page were found, before any continues, or were adopted from a removed element.
 * @fires {CustomEvent<{completed: UploadSnapshot[], failed: UploadSnapshot[], canceled: UploadSnapshot[]}>} queue-complete - All uploads have ended.
 * @fires {Event} input - The user changed the selection.
 * @fires {Event} change - The user changed the selection.
 *
 * @slot icon - Icon in the drop area.
 * @slot label - What can be dropped, in the drop area.
 * @slot hint - Limits, under the label.
 * @slot button - Text of the button that chooses files.
 * @slot footer - Under the list.
 *
 * @csspart zone - Drop area; also `zone-roomy` while nothing is chosen and `zone-line` beside files.
 * @csspart icon - Disc with the icon in the drop area.
 * @csspart label - First line of the drop area.
 * @csspart hint - Limits, in the drop area.
 * @csspart error - Why the form was not submitted.
 * @csspart veil - Covers the page during a drag, with `page-drop`.
 * @csspart button - Every button with text; after its look `button-primary`, `button-plain`, `button-quiet`; also `choose-button`, `folder-button`, `remedy`, `hide`, `remove`, `replace`, `undo-button`, and `start`, `pause-all`, `cancel-all`, … in the summary.
 * @csspart notice - Message about refused files; `notice-harmless` when nothing is lost.
 * @csspart undo - Offer to undo canceling, removing or replacing.
 * @csspart summary - Line above the list; also `summary-going`, `summary-failed`, `summary-done`.
 * @csspart summary-title - Number of files being uploaded.
 * @csspart summary-detail - Bytes, rate and remaining time of all files.
 * @csspart summary-failure - Failed uploads and their buttons, where they have no rows.
 * @csspart summary-actions - Buttons for all files.
 * @csspart total-bar - Progress of all files.
 * @csspart filters - Buttons that filter a long list; each is a `filter`, the pressed one also `filter-pressed`.
 * @csspart held - Note that the form will be submitted later.
 * @csspart scroller - Scrolling frame of the files; `scroller-list` around rows, `scroller-grid` around tiles.
 * @csspart list - List of files.
 * @csspart keys - The keys that work there, shown while the keyboard is in the list.
 * @csspart row - One file; also `row-queued`, `row-uploading`, … after its state.
 * @csspart tile - One file in the grid; also `tile-queued`, `tile-uploading`, … after its state.
 * @csspart grip - Handle that moves a file on the list, where its order means something.
 * @csspart picture - Square of a tile.
 * @csspart badge - Kind of a file as colour and extension; also `badge-image`, `badge-pdf`, … after its kind.
 * @csspart thumbnail - Picture of an image, over its badge.
 * @csspart folder - Folder of a file, before its name.
 * @csspart name - Name of a file.
 * @csspart row-extra - What the page adds to a row.
 * @csspart fields - Inputs for a file; each is a `field` with its `field-input`.
 * @csspart status - Status of a file; also `status-plain`, `status-good`, `status-wait`, `status-bad`.
 * @csspart server-words - What the server said about a failed file, as a quotation.
 * @csspart actions - Buttons of a file that need no text beside them; an icon button is an `action`, and `prioritize`, `pause`, `resume`, `cancel` or `dismiss`.
 * @csspart bar - Progress of a file, with `bar-confirmed` inside and the paler `bar-sent`, which is not confirmed yet.
 *
 * @cssprop [--fastio-upload-accent=light-dark(#2f55e0, #8aa5ff)] - Buttons, bars and focus.
 * @cssprop [--fastio-upload-on-accent=light-dark(#fff, #0b1230)] - Text on the accent colour.
 * @cssprop [--fastio-upload-success=light-dark(#12784a, #58d39b)] - Stored files.
 * @cssprop [--fastio-upload-warning=light-dark(#855600, #f0bf5a)] - Waiting files.
 * @cssprop [--fastio-upload-danger=light-dark(#b3261e, #ff9188)] - Failed files.
 * @cssprop [--fastio-upload-surface=transparent] - Background of drop area and list.
 * @cssprop [--fastio-upload-line] - Hairlines; by default a tint of the text colour.
 * @cssprop [--fastio-upload-line-width=1px] - Width of the lines around and between files.
 * @cssprop [--fastio-upload-muted] - Secondary text; by default a tint of the text colour.
 * @cssprop [--fastio-upload-radius=16px] - Corners of drop area and list.
 * @cssprop [--fastio-upload-gap=14px] - Space between drop area, summary and list.
 * @cssprop [--fastio-upload-zone-padding=24px] - Space inside the drop area.
 * @cssprop [--fastio-upload-badge-size=max(56px, 3.5em)] - Size of the picture or badge in a row; 48px where it is narrow.
 * @cssprop [--fastio-upload-badge] - Badges of files without a picture; by default a colour for each kind, half-way to the accent.
 * @cssprop [--fastio-upload-on-badge=#fff] - Icon and extension on a badge.
 * @cssprop [--fastio-upload-tile-size=max(160px, 10em)] - Minimum width of a tile.
 * @cssprop [--fastio-upload-list-max-height=30rem] - Height above which the list scrolls, 33.25rem where it is wide; `none` lets it grow.
 *
 * @cssState dragging - Files are dragged over the drop area.
 * @cssState uploading - An upload is running.
 * @cssState complete - Every file is stored.
 * @cssState error - An upload failed.
 * @cssState disabled - Disabled by its attribute or by a fieldset.
 * @cssState user-invalid - The user has tried to submit a form that this element keeps from being submitted.
 * @cssState empty - The list has no files.
 */
export class FastioUpload extends UploadElement {
  static override styles = styles;

  readonly #taking = { engine: () => this.ready(), changed: () => this.#tellChange() };
  readonly #lazyView = new LazyView(this, {
    ...this.#taking,
    texts: () => this.texts,
    limits: () => this.limits,
    chooseAgain: (id) => this.#picker.openAgain(id),
    choose: () => this.showPicker(),
    start: () => this.start(),
  });
  readonly #picker = new Picker(this, {
    pick: (input) => this.#lazyView.view?.pick(input) ?? null,
    onPick: (picked) => this.#take(picked),
    onPickAgain: (id, files) => this.#lazyView.tell((view) => void view.edits.takeAgain(id, files)),
  });
  readonly #drags = new DragController(this, (collected) => this.#take(collected));
  readonly #submit = new SubmitWhenDone(this, () => {
    this.#lazyView.tell((view) => view.say('submitHeld'));
    this.requestUpdate();
  });
  /** Whether `start()` was called since the last file was added. */
  #isStarted = false;

  override addFiles(files: Iterable<FileInput | FileHandle>): readonly UploadSnapshot[] {
    this.#lazyView.tell((view) => view.notices.beginBatch());
    return super.addFiles(files);
  }

  /** @internal */
  override formResetCallback(): void {
    this.#submit.release();
    this.#lazyView.tell((view) => view.notices.clear());
    super.formResetCallback();
  }

  override start(): void {
    const { view } = this.#lazyView;
    // Nothing can have been filled in before the view with the inputs is loaded.
    if (view ? !view.checkComplete() : this.fields.some(({ required }) => required)) return;
    this.#isStarted = true;
    super.start();
  }

  /** @internal */
  override get metErrors(): readonly UploadErrorInfo[] {
    return this.#lazyView.view?.errors.errors ?? [];
  }

  /** Opens the file picker. Browsers require a click or key press just before. */
  showPicker(): void {
    void this.#picker.open('files');
  }

  override focus(options?: FocusOptions): void {
    const [button] = this.renderRoot?.querySelectorAll<HTMLElement>('.zone:not(.hidden) .choose, .replace') ?? [];
    button?.focus(options);
  }

  protected override render(): TemplateResult {
    const { limits, list, errorText, isResumeOff, takesMany } = this;
    const { view } = this.#lazyView;
    return html`<div class="root" lang=${this.language.mark ?? nothing} @keydown=${this.#onKey}>
      ${this.#renderZone(limits)}
      ${view?.render({
        list,
        view: this.view,
        takesMany,
        stored: this.storedEntries,
        errorText: errorText ?? noText,
        isResumeOff,
        startable: waitsForStart(this) && !this.#isStarted,
        inForm: this.name !== '',
        isField: this.#zoneSize === 'hidden',
      })}
      ${this.#submit.render(this.texts)}
      <slot name="footer"></slot>
      <div class="spoken" role="status">${view?.message}</div>
      <div class="spoken" role="alert">${view?.alert}</div>
    </div>`;
  }

  /** Waits for the view, unless it cannot be loaded. */
  protected override async getUpdateComplete(): Promise<boolean> {
    const isComplete = await super.getUpdateComplete();
    if (this.#lazyView.loaded === null) return isComplete;
    await this.#lazyView.loaded;
    return super.getUpdateComplete();
  }

  protected override updated(changed: PropertyValues<this>): void {
    super.updated(changed);
    const { progress, isDisabled } = this;
    const counts = countUploads(this.uploads);
    const states = hostStates({ counts, progress, isDragging: this.#drags.drag !== null, isDisabled });
    for (const [name, isOn] of Object.entries(states)) this.toggleState(name, isOn);
    this.language.setDirection();
    showVeil(this.renderRoot);
    this.describe(this.fieldLabel || this.texts.text('groupLabel'));
    this.#lazyView.view?.follow(progress, counts);
    this.#submit.settle(counts.active + counts.queued);
  }

  protected override onEngineEvent(name: keyof EngineEventMap, event: CustomEvent): void {
    if (isShownOnly(name)) return;
    if (name === 'upload-added') this.#isStarted = false;
    this.#lazyView.tell((view) => view.hear(name, event));
    passOn(event, this);
  }

  #renderZone(limits: Limits): TemplateResult {
    return renderZone({
      texts: this.texts,
      limits,
      size: this.#zoneSize,
      drag: this.#drags.drag,
      pageDrop: this.pageDrop,
      reading: this.#drags.isReading,
      disabled: this.isDisabled,
      multiple: this.takesMany,
      directory: this.directory,
      capture: this.capture,
      fieldLabel: this.fieldLabel,
      error: this.fieldError,
      onChoose: () => this.showPicker(),
      onChooseFolder: () => void this.#picker.open('folder'),
      onInput: this.#picker.onInput,
      onInputAgain: this.#picker.onInputAgain,
    });
  }

  get #zoneSize(): ZoneSize {
    return zoneSizeOf(this.uploads.length, this.list, this.takesMany);
  }

  readonly #onKey = (event: KeyboardEvent): void => this.#lazyView.view?.edits.onKey(event);

  /** Adds files that were picked, dropped or pasted. */
  #take(collected: Collected): void {
    this.#lazyView.tell((view) => view.edits.receive(collected));
    if (this.takesMany) takeMany(collected.files, this.#taking);
    else takeOne(collected.files, this.#taking, (file) => this.#refuse(file));
  }

  #refuse(file: SourceFile): void {
    const message = 'without multiple a form field takes one file';
    this.onEngineEvent(
      'upload-rejected',
      new CustomEvent('upload-rejected', { detail: { file, code: 'rejected-count', message } }),
    );
    this.requestUpdate();
  }

  #tellChange(): void {
    this.requestUpdate();
    for (const name of ['input', 'change']) this.dispatchEvent(new Event(name, { bubbles: true, composed: true }));
  }
}
