/** Common file types with their extensions and aliases. */

/**
 * MIME type → extensions. Browsers give many files no type (`.heic` in Chromium), or a type from the system's programs.
 */
const ENDINGS: Readonly<Record<string, string>> = {
  'image/jpeg': 'jpg jpeg jpe jfif',
  'image/png': 'png',
  'image/apng': 'apng',
  'image/gif': 'gif',
  'image/webp': 'webp',
  'image/avif': 'avif',
  'image/heic': 'heic heics',
  'image/heif': 'heif heifs hif',
  'image/jxl': 'jxl',
  'image/svg+xml': 'svg svgz',
  'image/bmp': 'bmp dib',
  'image/tiff': 'tif tiff',
  'image/vnd.microsoft.icon': 'ico',
  'image/vnd.adobe.photoshop': 'psd',
  'image/x-raw': 'dng cr2 cr3 nef arw orf rw2 raf',
  'video/mp4': 'mp4 m4v',
  'video/quicktime': 'mov qt',
  'video/webm': 'webm',
  'video/x-matroska': 'mkv',
  'video/x-msvideo': 'avi',
  'video/mpeg': 'mpg mpeg',
  'video/ogg': 'ogv',
  'video/3gpp': '3gp',
  'video/3gpp2': '3g2',
  'video/x-ms-wmv': 'wmv',
  'video/mp2t': 'mts m2ts',
  'video/x-flv': 'flv',
  'audio/mpeg': 'mp3',
  'audio/mp4': 'm4a',
  'audio/aac': 'aac',
  'audio/wav': 'wav',
  'audio/ogg': 'ogg oga opus',
  'audio/flac': 'flac',
  'audio/aiff': 'aif aiff',
  'audio/midi': 'mid midi',
  'audio/amr': 'amr',
  'audio/x-ms-wma': 'wma',
  'text/plain': 'txt log',
  'text/csv': 'csv',
  'text/html': 'html htm',
  'text/css': 'css',
  'text/javascript': 'js mjs',
  'text/markdown': 'md markdown',
  'text/calendar': 'ics',
  'text/vcard': 'vcf',
  'application/json': 'json',
  'application/xml': 'xml',
  'application/yaml': 'yaml yml',
  'application/rtf': 'rtf',
  'application/pdf': 'pdf',
  'application/postscript': 'ps eps ai',
  'application/epub+zip': 'epub',
  'application/zip': 'zip',
  'application/gzip': 'gz tgz',
  'application/x-tar': 'tar',
  'application/x-7z-compressed': '7z',
  'application/vnd.rar': 'rar',
  'application/msword': 'doc',
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document': 'docx',
  'application/vnd.ms-excel': 'xls',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': 'xlsx',
  'application/vnd.ms-powerpoint': 'ppt',
  'application/vnd.openxmlformats-officedocument.presentationml.presentation': 'pptx',
  'application/vnd.oasis.opendocument.text': 'odt',
  'application/vnd.oasis.opendocument.spreadsheet': 'ods',
  'application/vnd.oasis.opendocument.presentation': 'odp',
};

/** MIME type → aliases: of older systems, of Windows, and common mistakes of pages. */
const ALIASES: Readonly<Record<string, string>> = {
  'image/jpeg': 'image/jpg image/pjpeg',
  'image/png': 'image/x-png',
  'image/heic': 'image/heic-sequence',
  'image/heif': 'image/heif-sequence',
  'image/svg+xml': 'image/svg',
  'image/bmp': 'image/x-ms-bmp image/x-bmp',
  'image/tiff': 'image/tif',
  'image/vnd.microsoft.icon': 'image/x-icon image/ico',
  'image/vnd.adobe.photoshop': 'image/x-photoshop application/x-photoshop image/psd',
  'video/mp4': 'video/x-m4v video/m4v',
  'video/quicktime': 'video/mov',
  'video/x-matroska': 'video/matroska video/mkv',
  'video/x-msvideo': 'video/avi video/msvideo',
  'video/mpeg': 'video/mpg video/x-mpeg',
  'audio/mpeg': 'audio/mp3 audio/x-mp3 audio/mpeg3 audio/x-mpeg',
  'audio/mp4': 'audio/m4a audio/x-m4a',
  'audio/aac': 'audio/x-aac',
  'audio/wav': 'audio/wave audio/x-wav audio/vnd.wave',
  'audio/ogg': 'audio/opus',
  'audio/flac': 'audio/x-flac',
  'audio/aiff': 'audio/x-aiff',
  'audio/midi': 'audio/mid audio/x-midi',
  'text/csv': 'application/csv text/x-csv text/comma-separated-values',
  'text/javascript': 'application/javascript application/x-javascript',
  'text/markdown': 'text/x-markdown',
  'text/vcard': 'text/x-vcard',
  'application/xml': 'text/xml',
  'application/yaml': 'application/x-yaml text/yaml text/x-yaml',
  'application/rtf': 'text/rtf',
  'application/pdf': 'application/x-pdf',
  'application/zip': 'application/x-zip-compressed application/x-zip multipart/x-zip',
  'application/gzip': 'application/x-gzip',
  'application/x-7z-compressed': 'application/x-7z',
  'application/vnd.rar': 'application/x-rar-compressed application/x-rar',
};

/** Inverts the table. */
const byWord = (table: Readonly<Record<string, string>>): ReadonlyMap<string, string> =>
  new Map(Object.entries(table).flatMap(([type, words]) => words.split(' ').map((word) => [word, type] as const)));

const typesByEnding = byWord(ENDINGS);
const typesByAlias = byWord(ALIASES);

/** The usual extension of a type, without dot; undefined when the type is not in the table. */
export const endingFor = (type: string): string | undefined => ENDINGS[type]?.split(' ', 1)[0];

/** Declared types without information. */
const UNKNOWN: ReadonlySet<string> = new Set(['', 'application/octet-stream']);

/** Types that systems give to text files by the program that opens them: a CSV file with Excel. */
const TEXT_LIKE: ReadonlySet<string> = new Set(['text/plain', 'application/vnd.ms-excel']);
const TEXT = /^text\/|\/(json|yaml|xml)$/;

/** Whether the type of the extension is more specific than the declared type. */
const isVague = (declared: string, byEnding: string): boolean =>
  UNKNOWN.has(declared) || (TEXT_LIKE.has(declared) && TEXT.test(byEnding));

const withoutParameters = (type: string): string => type.split(';', 1)[0]?.trim().toLowerCase() ?? '';

/**
 * The usual name of a type, in lower case and without parameters: `image/jpg` and `image/JPEG; q=1` are `image/jpeg`.
 */
export const usualType = (type: string): string => {
  const plain = withoutParameters(type);
  return typesByAlias.get(plain) ?? plain;
};

/** The extension without dot, in lower case; empty when there is none. */
const endingOf = (name: string): string => /\.([^./\\]+)$/.exec(name)?.[1]?.toLowerCase() ?? '';

/**
 * Possible types of the file: its declared type, unchanged (`text/xml` is text) and by its usual name. The extension's
 * type counts only when the declared type is vague, so that a name cannot disguise a web page as a picture.
 */
export const typesOf = ({ name, type }: { readonly name: string; readonly type: string }): readonly string[] => {
  const declared = usualType(type);
  const byEnding = typesByEnding.get(endingOf(name));
  const types = [withoutParameters(type), declared];
  return byEnding !== undefined && isVague(declared, byEnding) ? [...types, byEnding] : types;
};
