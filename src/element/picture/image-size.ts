/**
 * Width and height of a picture as it is shown, read from its first bytes without decoding it, because a small file may
 * hold a picture that needs gigabytes of memory (sources: the specifications of PNG, GIF, BMP, WebP, JPEG and of ISO
 * base media files).
 */

export interface ImageSize {
  readonly width: number;
  readonly height: number;
}

/** Cameras store previews and colour profiles before the size. */
const HEAD_BYTES = 256 * 1024;

const textAt = (view: DataView, at: number, length: number): string =>
  at + length > view.byteLength
    ? ''
    : String.fromCharCode(...new Uint8Array(view.buffer, view.byteOffset + at, length));

const png = (view: DataView): ImageSize => ({ width: view.getUint32(16), height: view.getUint32(20) });

const gif = (view: DataView): ImageSize => ({ width: view.getUint16(6, true), height: view.getUint16(8, true) });

const bmp = (view: DataView): ImageSize => ({
  width: Math.abs(view.getInt32(18, true)),
  height: Math.abs(view.getInt32(22, true)),
});

const webp = (view: DataView): ImageSize | null => {
  switch (textAt(view, 12, 4)) {
    case 'VP8 ':
      return { width: view.getUint16(26, true) & 0x3fff, height: view.getUint16(28, true) & 0x3fff };
    case 'VP8L': {
      const bits = view.getUint32(21, true);
      return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
    }
    case 'VP8X':
      return { width: (view.getUint32(24, true) & 0xffffff) + 1, height: (view.getUint32(26, true) >>> 8) + 1 };
    default:
      return null;
  }
};

/** Frame headers are C0 to CF without DHT (C4), JPG (C8) and DAC (CC). */
const isFrame = (marker: number): boolean =>
  marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;

/** Whether the picture is stored on its side (source: Exif 2.3, tag 0x0112); browsers rotate it. */
const isTurned = (view: DataView, at: number): boolean => {
  if (textAt(view, at, 4) !== 'Exif') return false;
  const start = at + 6;
  const isLittle = view.getUint16(start) === 0x4949;
  const directory = start + view.getUint32(start + 4, isLittle);
  const count = view.getUint16(directory, isLittle);
  for (let entry = directory + 2; entry < directory + 2 + count * 12; entry += 12) {
    if (view.getUint16(entry, isLittle) === 0x0112) return view.getUint16(entry + 8, isLittle) >= 5;
  }
  return false;
};

const jpeg = (view: DataView): ImageSize | null => {
  let turned = false;
  for (let at = 2; at + 9 <= view.byteLength; ) {
    if (view.getUint8(at) !== 0xff) return null;
    const marker = view.getUint8(at + 1);
    if (isFrame(marker)) {
      const [height, width] = [view.getUint16(at + 5), view.getUint16(at + 7)];
      return turned ? { width: height, height: width } : { width, height };
    }
    if (marker === 0xe1) turned ||= isTurned(view, at + 4);
    // A marker may be preceded by any number of fill bytes.
    at += marker === 0xff ? 1 : 2 + view.getUint16(at + 2);
  }
  return null;
};

/** AVIF and HEIC: the largest of all sizes, because tiles and previews have theirs, too. */
const isoMedia = (view: DataView): ImageSize | null => {
  let largest: ImageSize | null = null;
  for (let at = 0; at + 16 <= Math.min(view.byteLength, 65_536); at += 1) {
    if (view.getUint32(at) !== 0x69737065) continue;
    const size = { width: view.getUint32(at + 8), height: view.getUint32(at + 12) };
    if (largest === null || size.width * size.height > largest.width * largest.height) largest = size;
  }
  return largest;
};

const read = (view: DataView): ImageSize | null => {
  if (view.getUint32(0) === 0x89504e47) return png(view);
  if (view.getUint16(0) === 0xffd8) return jpeg(view);
  if (textAt(view, 0, 4) === 'GIF8') return gif(view);
  if (textAt(view, 0, 2) === 'BM') return bmp(view);
  if (textAt(view, 0, 4) === 'RIFF' && textAt(view, 8, 4) === 'WEBP') return webp(view);
  return textAt(view, 4, 4) === 'ftyp' ? isoMedia(view) : null;
};

/** Null for an unknown format. */
export const imageSizeOf = async (file: Blob): Promise<ImageSize | null> => {
  try {
    return read(new DataView(await file.slice(0, HEAD_BYTES).arrayBuffer()));
  } catch {
    // The file cannot be read, or ends within its header.
    return null;
  }
};
