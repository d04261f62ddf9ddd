/** Common file types with their extensions and aliases. */

/**
 * Family → its subtypes, one a line, each with its endings and with other names of the type: of older systems, of Windows,
 * and those that pages write by mistake. A subtype without endings is its own; a name without a family is of the same.
 */
export type TypeTable = Readonly<Record<string, string>>;

/**
 * Those that pages ask for most, and that browsers or systems name otherwise or not at all (`.heic` in Chromium). All others
 * are in `more-file-types.ts`.
 */
const COMMON: TypeTable = {
  image: `
    jpeg jpg jpeg jpe jfif /jpg /pjpeg
    png /x-png
    heic heic heics /heic-sequence
    svg+xml svg svgz /svg
  `,
  video: `
    mp4 mp4 m4v /x-m4v /m4v
    quicktime mov qt /mov
  `,
  audio: `
    mpeg mp3 /mp3 /x-mp3 /mpeg3 /x-mpeg
    mp4 m4a /m4a /x-m4a
  `,
  text: `
    csv application/csv /x-csv /comma-separated-values
  `,
  application: `
    pdf /x-pdf
    zip /x-zip-compressed /x-zip multipart/x-zip
  `,
};

/** MIME type → its usual ending. */
const usualEndings = new Map<string, string>();
const typesByEnding = new Map<string, string>();
const typesByAlias = new Map<string, string>();

/** Adds types to the table that `accept` is resolved with. */
export const addTypes = (table: TypeTable): void => {
  for (const [family, subtypes] of Object.entries(table)) {
    for (const [subtype = '', ...words] of subtypes
      .trim()
      .split('\n')
      .map((line) => line.trim().split(' '))) {
      const type = `${family}/${subtype}`;
      const endings = words.filter((word) => !word.includes('/'));
      if (endings.length === 0) endings.push(subtype);
      usualEndings.set(type, endings[0] ?? '');
      for (const ending of endings) typesByEnding.set(ending, type);
      for (const word of words.filter((name) => name.includes('/')))
        typesByAlias.set(word.startsWith('/') ? family + word : word, type);
    }
  }
};

addTypes(COMMON);

/** Loads the types that are not common, for a page that restricts them. The common ones do where their file does not come. */
export const loadTypes = async (): Promise<void> => {
  try {
    addTypes((await import('./more-file-types.js')).MORE_TYPES);
  } catch {
    // The next restriction tries again.
  }
};

/** The usual extension of a type, without dot; undefined when the type is not in the table. */
export const endingFor = (type: string): string | undefined => usualEndings.get(type);

/** Declared types without information. */
const UNKNOWN: ReadonlySet<string> = new Set(['', 'application/octet-stream']);

/** Types that systems give to text files by the program that opens them: a CSV file with Excel. */
const TEXT_LIKE: ReadonlySet<string> = new Set(['text/plain', 'application/vnd.ms-excel']);
const TEXT = /^text\/|\/(json|yaml|xml)$/;

/** Whether the type of the extension is more specific than the declared type. */
const isVague = (declared: string, byEnding: string): boolean =>
  UNKNOWN.has(declared) || (TEXT_LIKE.has(declared) && TEXT.test(byEnding));

/** `text/html` of `Text/HTML; charset=utf-8`. */
export const withoutParameters = (type: string): string => type.split(';', 1)[0]?.trim().toLowerCase() ?? '';

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
