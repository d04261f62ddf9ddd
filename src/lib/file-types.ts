/** Common file types: their endings, and other names under which systems and pages know them. */

/**
 * Family → its subtypes, one a line, each with its endings and with other names of the type: of older systems, of Windows,
 * and those that pages write by mistake. A subtype without endings is its own; a name without a family is of the same.
 * Browsers give many of these files no type (`.heic` in Chromium), or that of the system's programs.
 */
const TYPES: Readonly<Record<string, string>> = {
  image: `
    jpeg jpg jpeg jpe jfif /jpg /pjpeg
    png /x-png
    apng
    gif
    webp
    avif
    heic heic heics /heic-sequence
    heif heif heifs hif /heif-sequence
    jxl
    svg+xml svg svgz /svg
    bmp bmp dib /x-ms-bmp /x-bmp
    tiff tif tiff /tif
    vnd.microsoft.icon ico /x-icon /ico
    vnd.adobe.photoshop psd /x-photoshop application/x-photoshop /psd
    x-raw dng cr2 cr3 nef arw orf rw2 raf
  `,
  video: `
    mp4 mp4 m4v /x-m4v /m4v
    quicktime mov qt /mov
    webm
    x-matroska mkv /matroska /mkv
    x-msvideo avi /avi /msvideo
    mpeg mpg mpeg /mpg /x-mpeg
    ogg ogv
    3gpp 3gp
    3gpp2 3g2
    x-ms-wmv wmv
    mp2t mts m2ts
    x-flv flv
  `,
  audio: `
    mpeg mp3 /mp3 /x-mp3 /mpeg3 /x-mpeg
    mp4 m4a /m4a /x-m4a
    aac /x-aac
    wav /wave /x-wav /vnd.wave
    ogg ogg oga opus /opus
    flac /x-flac
    aiff aif aiff /x-aiff
    midi mid midi /mid /x-midi
    amr
    x-ms-wma wma
  `,
  text: `
    plain txt log
    csv application/csv /x-csv /comma-separated-values
    html html htm
    css
    javascript js mjs application/javascript application/x-javascript
    markdown md markdown /x-markdown
    calendar ics
    vcard vcf /x-vcard
  `,
  application: `
    json
    xml text/xml
    yaml yaml yml /x-yaml text/yaml text/x-yaml
    rtf text/rtf
    pdf /x-pdf
    postscript ps eps ai
    epub+zip epub
    zip /x-zip-compressed /x-zip multipart/x-zip
    gzip gz tgz /x-gzip
    x-tar tar
    x-7z-compressed 7z /x-7z
    vnd.rar rar /x-rar-compressed /x-rar
    msword doc
    vnd.openxmlformats-officedocument.wordprocessingml.document docx
    vnd.ms-excel xls
    vnd.openxmlformats-officedocument.spreadsheetml.sheet xlsx
    vnd.ms-powerpoint ppt
    vnd.openxmlformats-officedocument.presentationml.presentation pptx
    vnd.oasis.opendocument.text odt
    vnd.oasis.opendocument.spreadsheet ods
    vnd.oasis.opendocument.presentation odp
  `,
};

/** MIME type → its usual ending. */
const usualEndings = new Map<string, string>();
const typesByEnding = new Map<string, string>();
const typesByAlias = new Map<string, string>();

for (const [family, subtypes] of Object.entries(TYPES)) {
  for (const [subtype = '', ...words] of subtypes.trim().split('\n').map((line) => line.trim().split(' '))) {
    const type = `${family}/${subtype}`;
    const endings = words.filter((word) => !word.includes('/'));
    if (endings.length === 0) endings.push(subtype);
    usualEndings.set(type, endings[0] ?? '');
    for (const ending of endings) typesByEnding.set(ending, type);
    for (const word of words.filter((name) => name.includes('/')))
      typesByAlias.set(word.startsWith('/') ? family + word : word, type);
  }
}

/** The ending that files of this type usually have; undefined when the type is not a common one. */
export const endingFor = (type: string): string | undefined => usualEndings.get(type);

/** Types that say nothing of a file. */
const UNKNOWN: ReadonlySet<string> = new Set(['', 'application/octet-stream']);

/** Types that systems give to any text, after the program that opens it: a CSV file with Excel. */
const TEXT_LIKE: ReadonlySet<string> = new Set(['text/plain', 'application/vnd.ms-excel']);
const TEXT = /^text\/|\/(json|yaml|xml)$/;

/** Whether the declared type leaves room for the one of the ending. */
const isVague = (declared: string, byEnding: string): boolean =>
  UNKNOWN.has(declared) || (TEXT_LIKE.has(declared) && TEXT.test(byEnding));

const withoutParameters = (type: string): string => type.split(';', 1)[0]?.trim().toLowerCase() ?? '';

/** The usual name of a type, in lower case and without parameters: `image/jpg` and `image/JPEG; q=1` are `image/jpeg`. */
export const usualType = (type: string): string => {
  const plain = withoutParameters(type);
  return typesByAlias.get(plain) ?? plain;
};

/** What follows the last dot, in lower case; empty when there is none. */
const endingOf = (name: string): string => /\.([^./\\]+)$/.exec(name)?.[1]?.toLowerCase() ?? '';

/**
 * What the file may be: the type it was given, as it was given (`text/xml` is a text) and by its usual name. The ending counts only where the type says little, so that a name cannot pass a web page off as
 * a picture.
 */
export const typesOf = ({ name, type }: { readonly name: string; readonly type: string }): readonly string[] => {
  const declared = usualType(type);
  const byEnding = typesByEnding.get(endingOf(name));
  const types = [withoutParameters(type), declared];
  return byEnding !== undefined && isVague(declared, byEnding) ? [...types, byEnding] : types;
};
