/** File types that are less common: known to the gateway, and to pages that restrict types. */

import type { TypeTable } from './file-types.js';

export const MORE_TYPES: TypeTable = {
  image: `
    apng
    gif
    webp
    avif
    heif heif heifs hif /heif-sequence
    jxl
    bmp bmp dib /x-ms-bmp /x-bmp
    tiff tif tiff /tif
    vnd.microsoft.icon ico /x-icon /ico
    vnd.adobe.photoshop psd /x-photoshop application/x-photoshop /psd
    x-raw dng cr2 cr3 nef arw orf rw2 raf
  `,
  video: `
    x-matroska mkv /matroska /mkv
    webm
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
    wav /wave /x-wav /vnd.wave
    aac /x-aac
    ogg ogg oga opus /opus
    flac /x-flac
    aiff aif aiff /x-aiff
    midi mid midi /mid /x-midi
    amr
    x-ms-wma wma
  `,
  text: `
    markdown md markdown /x-markdown
    plain txt log
    html html htm
    css
    javascript js mjs application/javascript application/x-javascript
    calendar ics
    vcard vcf /x-vcard
  `,
  application: `
    msword doc
    vnd.openxmlformats-officedocument.wordprocessingml.document docx
    vnd.ms-excel xls
    vnd.openxmlformats-officedocument.spreadsheetml.sheet xlsx
    vnd.ms-powerpoint ppt
    vnd.openxmlformats-officedocument.presentationml.presentation pptx
    json
    xml text/xml
    yaml yaml yml /x-yaml text/yaml text/x-yaml
    rtf text/rtf
    postscript ps eps ai
    epub+zip epub
    gzip gz tgz /x-gzip
    x-tar tar
    x-7z-compressed 7z /x-7z
    vnd.rar rar /x-rar-compressed /x-rar
    vnd.oasis.opendocument.text odt
    vnd.oasis.opendocument.spreadsheet ods
    vnd.oasis.opendocument.presentation odp
  `,
};
