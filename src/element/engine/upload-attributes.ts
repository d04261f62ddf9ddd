/** The attributes of the element and the properties that mirror them. What they mean to the engine: `engine-options.ts`. */

import { DEFAULT_OPTIONS, type Duplicates, type HeadersOption } from '../../engine/options.js';
import { parseJsonObject } from '../../lib/json.js';
import type { BuiltInProtocol } from '../../ports/protocol.js';
import { FormControl } from '../form/form-control.js';
import { property } from '../property.js';

/** Bytes, or a number with `kB`, `MB`, `GB`, `KiB`, `MiB`, `GiB`; null for no limit. */
export type ByteSize = number | string | null;

const jsonConverter = { fromAttribute: (text: string | null) => (text === null ? null : parseJsonObject(text)) };

/** Numbers arrive as text and are read where they are used, so that attribute and property take the same values. */
export abstract class UploadAttributes extends FormControl {
  /** Backend URL, relative to the page. Without it uploads fail with `configuration`. */
  @property() endpoint = '';

  /** Dialect of the backend; `auto` asks it. */
  @property() protocol: BuiltInProtocol | 'auto' = 'auto';

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
  @property({ converter: jsonConverter }) metadata: Readonly<Record<string, unknown>> | null = null;

  /** Fast.io workspace, passed through. */
  @property({ attribute: 'workspace-id' }) workspaceId = '';

  /** Fast.io folder, passed through. */
  @property({ attribute: 'folder-id' }) folderId = '';

  /** Cookies with requests to the endpoint. */
  @property() credentials: RequestCredentials = 'same-origin';

  /** How much of the list is shown: every file, one line for all, or nothing. */
  @property() list: 'full' | 'summary' | 'none' = 'full';

  /** Headers of requests to the endpoint only; a function is called before each of them. */
  @property({ attribute: false }) headers: HeadersOption = DEFAULT_OPTIONS.headers;

  /** @internal A form field holds one file unless it says `multiple`; a list that stands alone takes all it is given. */
  protected get takesMany(): boolean {
    return this.multiple || this.directory || this.name === '';
  }
}
