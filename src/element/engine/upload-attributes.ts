/**
 * The attributes of the element and the properties that reflect them. `engine-options.ts` converts them for the engine.
 */

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

/** Attribute names by their spelling without hyphens. */
const HYPHENATED = new Map<string, string>();

/** The value of `stored` while the page has not set it. */
const NONE_STORED: readonly StoredEntry[] = [];

/** Numbers are kept as text and parsed where they are used, so that attribute and property accept the same values. */
export abstract class UploadAttributes extends FormControl {
  /** Lit's property declarations, without decorators because these are larger. */
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

  /** Protocol of the backend; `auto` asks it. The property also accepts a protocol of the page's own. */
  protocol: ProtocolOption = 'auto';

  /** URL to call after each finished `presigned` upload. */
  confirmEndpoint = '';

  /**
   * Allows several files. Without it a form field, which is an element with a `name`, holds one file, and a new one
   * replaces it. An element without a `name` always allows several.
   */
  multiple = false;

  /** Accepted file types, as on a file input. */
  accept = '';

  /** Camera to use, as on a file input: `user` or `environment`. */
  capture: string | null = null;

  /** Shows a button that chooses a folder. */
  directory = false;

  /** Maximum number of files on the list. */
  maxFiles: number | string | null = null;

  /** Maximum size of a file. */
  maxFileSize: ByteSize = null;

  /** Minimum size of a file. */
  minFileSize: ByteSize = null;

  /** Maximum size of all files together. */
  maxTotalSize: ByteSize = null;

  /** Uploads wait for `start()`. */
  noAuto = false;

  /**
   * A form that is submitted during uploads is held and submitted when all files are stored; with `no-auto`, submitting
   * it starts the uploads. Without this attribute such a form is invalid. `form.submit()` sends no event and is not
   * held.
   */
  submitWhenDone = false;

  /** Keeps nothing for a reload. */
  noResume = false;

  /**
   * Maximum number of data requests in flight to one origin, for all elements of the page together: `auto`, or 1 to 16.
   */
  parallel: number | string = 'auto';

  /** Size of a part: `auto`, bytes, or a number with a unit. The server's limits take precedence. */
  partSize: number | string = 'auto';

  /** Compares each part with what the server stored, where its ETags allow; reads each file twice. */
  checksums = false;

  /** Seconds that an upload may continue without confirmed progress; time offline does not count. */
  retryWindow: number | string = 600;

  /** How a file with the path, size and date of one on the list is handled. */
  duplicates: Duplicates = 'skip';

  /** Accepts files dropped anywhere on the page. */
  pageDrop = false;

  /** Accepts files pasted anywhere on the page. */
  paste = false;

  /** Sent when an upload is opened. The attribute is a JSON object. */
  metadata: Readonly<Record<string, unknown>> | null = null;

  /** Fast.io workspace, passed to the backend. */
  workspaceId = '';

  /** Fast.io folder, passed to the backend. */
  folderId = '';

  /** Whether requests to the endpoint include cookies. */
  credentials: RequestCredentials = 'same-origin';

  /** How much of the list is shown: each file, one line for all, or nothing. */
  list: 'full' | 'summary' | 'none' = 'full';

  /** How files are shown: as rows, as tiles with pictures, or as tiles when at least half of them are pictures. */
  view: 'list' | 'grid' | 'auto' = 'list';

  /** Form field in which the `form` protocol sends a file. */
  fileField = 'file';

  /**
   * Files that are already stored, for the form of an edit page: they are on the list and in the form's value until
   * they are removed, and are never requested. The attribute is a JSON array.
   */
  stored: readonly StoredEntry[] = NONE_STORED;

  /**
   * Called once for each file before its upload is opened: resizes, converts, encrypts or renames it. The result is
   * what is sent, also after a reload; null refuses the file.
   */
  prepare: PrepareFile | null = null;

  /** Custom text for a failed upload; undefined keeps the built-in one. */
  errorText: ErrorText | null = null;

  /** Custom content of each row: fields, links, buttons. */
  rowExtra: RowExtra | null = null;

  /**
   * Inputs in the row of each file, whose values are sent as its metadata. They can be changed until the upload starts,
   * so use them with `no-auto`; where one is required, uploads always wait for `start()`.
   */
  fields: readonly FileField[] = [];

  /** Headers of requests to the endpoint only; a function is called before each request. */
  headers: HeadersOption = DEFAULT_OPTIONS.headers;

  /** @internal A form field holds one file unless it has `multiple`; an element without a `name` holds several. */
  protected get takesMany(): boolean {
    return this.multiple || this.directory || this.name === '';
  }

  /** Includes the spelling without hyphens, because server renderers write `maxFiles` as `maxfiles`. */
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
