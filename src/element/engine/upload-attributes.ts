/** The attributes of the element and the properties that mirror them. What they mean to the engine: `engine-options.ts`. */

import { DEFAULT_OPTIONS, type Duplicates, type PrepareFile } from '../../engine/options.js';
import { parseJson, parseJsonObject } from '../../lib/json.js';
import type { HeadersOption } from '../../ports/transport.js';
import type { ProtocolOption } from '../../preset.js';
import { FormControl } from '../form/form-control.js';
import { property } from '../property.js';
import { type ErrorText, type FileField, type RowExtra, readStored, type StoredEntry } from './face.js';

/** Bytes, or a number with `kB`, `MB`, `GB`, `KiB`, `MiB`, `GiB`; null for no limit. */
export type ByteSize = number | string | null;

const objectConverter = { fromAttribute: (text: string | null) => (text === null ? null : parseJsonObject(text)) };
const storedConverter = { fromAttribute: (text: string | null) => (text === null ? [] : readStored(parseJson(text))) };

/** Names of attributes by the same without hyphens. */
const HYPHENATED = new Map<string, string>();

/** What the page has not stored anything of. */
const NONE_STORED: readonly StoredEntry[] = [];

/** Numbers arrive as text and are read where they are used, so that attribute and property take the same values. */
export abstract class UploadAttributes extends FormControl {
  /** Backend URL, relative to the page. Without it uploads fail with `configuration`. */
  @property() endpoint = '';

  /** Dialect of the backend; `auto` asks it. As a property also a protocol of the page's own. */
  @property() protocol: ProtocolOption = 'auto';

  /** URL told about each finished `presigned` upload. */
  @property({ attribute: 'confirm-endpoint' }) confirmEndpoint = '';

  /**
   * More than one file may be chosen. Without it a form field, an element with a `name`, holds one file, and a new choice
   * takes the place of the old one. An element without a `name` is a list of its own and always takes many.
   */
  @property({ type: Boolean }) multiple = false;

  /** File types taken, as on a file input. */
  @property() accept = '';

  /** Camera to use, as on a file input: `user` or `environment`. */
  @property() capture: string | null = null;

  /** Offers a button that chooses a folder. */
  @property({ type: Boolean }) directory = false;

  /** Most files on the list. */
  @property({ attribute: 'max-files' }) maxFiles: number | string | null = null;

  /** Largest size of a file. */
  @property({ attribute: 'max-file-size' }) maxFileSize: ByteSize = null;

  /** Smallest size of a file. */
  @property({ attribute: 'min-file-size' }) minFileSize: ByteSize = null;

  /** Largest size of all files together. */
  @property({ attribute: 'max-total-size' }) maxTotalSize: ByteSize = null;

  /** Uploads wait for `start()`. */
  @property({ type: Boolean, attribute: 'no-auto' }) noAuto = false;

  /**
   * A form that is sent while files are under way is held back and sent as soon as all of them are stored; with `no-auto`
   * sending it starts them. Without this attribute such a form is invalid. `form.submit()` knows no listeners and is not held.
   */
  @property({ type: Boolean, attribute: 'submit-when-done' }) submitWhenDone = false;

  /** Nothing is kept across reloads. */
  @property({ type: Boolean, attribute: 'no-resume' }) noResume = false;

  /** Most data requests in flight to one origin, all elements of the page together: `auto`, or 1 to 16. */
  @property() parallel: number | string = 'auto';

  /** Size of a part: `auto`, bytes, or a number with unit. The server's limits win. */
  @property({ attribute: 'part-size' }) partSize: number | string = 'auto';

  /** Each part is compared with what the server stored, where its ETags tell; costs a second reading of the file. */
  @property({ type: Boolean }) checksums = false;

  /** Seconds that an upload may go without confirmed progress; time offline does not count. */
  @property({ attribute: 'retry-window' }) retryWindow: number | string = 600;

  /** What becomes of a file equal in path, size and date to one on the list. */
  @property() duplicates: Duplicates = 'skip';

  /** Files may be dropped anywhere on the page. */
  @property({ type: Boolean, attribute: 'page-drop' }) pageDrop = false;

  /** Files pasted anywhere on the page are taken. */
  @property({ type: Boolean }) paste = false;

  /** Sent when an upload is opened. The attribute is a JSON object. */
  @property({ converter: objectConverter }) metadata: Readonly<Record<string, unknown>> | null = null;

  /** Fast.io workspace, passed through. */
  @property({ attribute: 'workspace-id' }) workspaceId = '';

  /** Fast.io folder, passed through. */
  @property({ attribute: 'folder-id' }) folderId = '';

  /** Cookies with requests to the endpoint. */
  @property() credentials: RequestCredentials = 'same-origin';

  /** How much of the list is shown: every file, one line for all, or nothing. */
  @property() list: 'full' | 'summary' | 'none' = 'full';

  /** How the files are shown: as rows, as tiles with pictures, or as tiles while at least half of them are pictures. */
  @property() view: 'list' | 'grid' | 'auto' = 'list';

  /** Field of the form in which the `form` protocol sends a file. */
  @property({ attribute: 'file-field' }) fileField = 'file';

  /**
   * Files that are stored already, for the form of an edit page: they are on the list and in the form's value until they
   * are removed. Nothing is requested for them. The attribute is a JSON array.
   */
  @property({ converter: storedConverter }) stored: readonly StoredEntry[] = NONE_STORED;

  /**
   * Called once for each file before its upload is opened: resizes, converts, encrypts, names. What it makes is what is
   * sent, also after a reload; null refuses the file.
   */
  @property({ attribute: false }) prepare: PrepareFile | null = null;

  /** Own text for a failed upload; undefined leaves the built-in one. */
  @property({ attribute: false }) errorText: ErrorText | null = null;

  /** Own content of each row: fields, links, buttons. */
  @property({ attribute: false }) rowExtra: RowExtra | null = null;

  /**
   * Inputs that each row shows for its file; what they hold is sent as its metadata. They can be filled in until the
   * upload begins, so use them with `no-auto`; where one is required, uploads wait for `start()` in any case.
   */
  @property({ attribute: false }) fields: readonly FileField[] = [];

  /** Headers of requests to the endpoint only; a function is called before each of them. */
  @property({ attribute: false }) headers: HeadersOption = DEFAULT_OPTIONS.headers;

  /** @internal A form field holds one file unless it says `multiple`; a list that stands alone takes all it is given. */
  protected get takesMany(): boolean {
    return this.multiple || this.directory || this.name === '';
  }

  /** Also without their hyphens, because renderers on servers write `maxFiles` so: `maxfiles`. */
  static override get observedAttributes(): string[] {
    // biome-ignore lint/complexity/noThisInStatic: Lit collects the attributes of the class that is asked.
    const names = super.observedAttributes;
    for (const name of names) if (name.includes('-')) HYPHENATED.set(name.replaceAll('-', ''), name);
    return [...names, ...HYPHENATED.keys()];
  }

  override attributeChangedCallback(name: string, old: string | null, value: string | null): void {
    const full = HYPHENATED.get(name);
    if (full === undefined) {
      super.attributeChangedCallback(name, old, value ?? this.getAttribute(name.replaceAll('-', '')));
    } else if (!this.hasAttribute(full)) super.attributeChangedCallback(full, old, value);
  }
}
