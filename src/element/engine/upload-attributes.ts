/** The attributes of the element and the properties that mirror them. What they mean to the engine: `engine-options.ts`. */

import type { PropertyDeclarations } from 'lit';
import { DEFAULT_OPTIONS, type Duplicates, type PrepareFile } from '../../engine/options.js';
import { parseJson, parseJsonObject } from '../../lib/json.js';
import type { HeadersOption } from '../../ports/transport.js';
import type { ProtocolOption } from '../../preset.js';
import { FormControl } from '../form/form-control.js';
import { type ErrorText, type FileField, type RowExtra, readStored, type StoredEntry } from './customization.js';

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
  /** How Lit reads them from attributes. A list, as decorators take more bytes in the page. */
  static override properties: PropertyDeclarations = {
    endpoint: {},
    protocol: {},
    confirmEndpoint: { attribute: 'confirm-endpoint' },
    multiple: { type: Boolean },
    accept: {},
    capture: {},
    directory: { type: Boolean },
    maxFiles: { attribute: 'max-files' },
    maxFileSize: { attribute: 'max-file-size' },
    minFileSize: { attribute: 'min-file-size' },
    maxTotalSize: { attribute: 'max-total-size' },
    noAuto: { type: Boolean, attribute: 'no-auto' },
    submitWhenDone: { type: Boolean, attribute: 'submit-when-done' },
    noResume: { type: Boolean, attribute: 'no-resume' },
    parallel: {},
    partSize: { attribute: 'part-size' },
    checksums: { type: Boolean },
    retryWindow: { attribute: 'retry-window' },
    duplicates: {},
    pageDrop: { type: Boolean, attribute: 'page-drop' },
    paste: { type: Boolean },
    metadata: { converter: objectConverter },
    workspaceId: { attribute: 'workspace-id' },
    folderId: { attribute: 'folder-id' },
    credentials: {},
    list: {},
    view: {},
    fileField: { attribute: 'file-field' },
    stored: { converter: storedConverter },
    prepare: { attribute: false },
    errorText: { attribute: false },
    rowExtra: { attribute: false },
    fields: { attribute: false },
    headers: { attribute: false },
  };

  /** Backend URL, relative to the page. Without it uploads fail with `configuration`. */
  endpoint = '';

  /** Dialect of the backend; `auto` asks it. As a property also a protocol of the page's own. */
  protocol: ProtocolOption = 'auto';

  /** URL told about each finished `presigned` upload. */
  confirmEndpoint = '';

  /**
   * More than one file may be chosen. Without it a form field, an element with a `name`, holds one file, and a new choice
   * takes the place of the old one. An element without a `name` is a list of its own and always takes many.
   */
  multiple = false;

  /** File types taken, as on a file input. */
  accept = '';

  /** Camera to use, as on a file input: `user` or `environment`. */
  capture: string | null = null;

  /** Offers a button that chooses a folder. */
  directory = false;

  /** Most files on the list. */
  maxFiles: number | string | null = null;

  /** Largest size of a file. */
  maxFileSize: ByteSize = null;

  /** Smallest size of a file. */
  minFileSize: ByteSize = null;

  /** Largest size of all files together. */
  maxTotalSize: ByteSize = null;

  /** Uploads wait for `start()`. */
  noAuto = false;

  /**
   * A form that is sent while files are under way is held back and sent as soon as all of them are stored; with `no-auto`
   * sending it starts them. Without this attribute such a form is invalid. `form.submit()` knows no listeners and is not held.
   */
  submitWhenDone = false;

  /** Nothing is kept across reloads. */
  noResume = false;

  /** Most data requests in flight to one origin, all elements of the page together: `auto`, or 1 to 16. */
  parallel: number | string = 'auto';

  /** Size of a part: `auto`, bytes, or a number with unit. The server's limits win. */
  partSize: number | string = 'auto';

  /** Each part is compared with what the server stored, where its ETags tell; costs a second reading of the file. */
  checksums = false;

  /** Seconds that an upload may go without confirmed progress; time offline does not count. */
  retryWindow: number | string = 600;

  /** What becomes of a file equal in path, size and date to one on the list. */
  duplicates: Duplicates = 'skip';

  /** Files may be dropped anywhere on the page. */
  pageDrop = false;

  /** Files pasted anywhere on the page are taken. */
  paste = false;

  /** Sent when an upload is opened. The attribute is a JSON object. */
  metadata: Readonly<Record<string, unknown>> | null = null;

  /** Fast.io workspace, passed through. */
  workspaceId = '';

  /** Fast.io folder, passed through. */
  folderId = '';

  /** Cookies with requests to the endpoint. */
  credentials: RequestCredentials = 'same-origin';

  /** How much of the list is shown: every file, one line for all, or nothing. */
  list: 'full' | 'summary' | 'none' = 'full';

  /** How the files are shown: as rows, as tiles with pictures, or as tiles while at least half of them are pictures. */
  view: 'list' | 'grid' | 'auto' = 'list';

  /** Field of the form in which the `form` protocol sends a file. */
  fileField = 'file';

  /**
   * Files that are stored already, for the form of an edit page: they are on the list and in the form's value until they
   * are removed. Nothing is requested for them. The attribute is a JSON array.
   */
  stored: readonly StoredEntry[] = NONE_STORED;

  /**
   * Called once for each file before its upload is opened: resizes, converts, encrypts, names. What it makes is what is
   * sent, also after a reload; null refuses the file.
   */
  prepare: PrepareFile | null = null;

  /** Own text for a failed upload; undefined leaves the built-in one. */
  errorText: ErrorText | null = null;

  /** Own content of each row: fields, links, buttons. */
  rowExtra: RowExtra | null = null;

  /**
   * Inputs that each row shows for its file; what they hold is sent as its metadata. They can be filled in until the
   * upload begins, so use them with `no-auto`; where one is required, uploads wait for `start()` in any case.
   */
  fields: readonly FileField[] = [];

  /** Headers of requests to the endpoint only; a function is called before each of them. */
  headers: HeadersOption = DEFAULT_OPTIONS.headers;

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
