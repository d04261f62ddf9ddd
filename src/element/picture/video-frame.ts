/**
 * A frame near the beginning of a video, decoded by the browser from an object URL. Where the page's policy blocks such
 * URLs, no further video is tried.
 */

/** Not the first frame, because it is often black. */
const FRAME_SECONDS = 1;
/** Maximum time for one video, in milliseconds: a busy device needs many seconds, and only the next video waits. */
const PATIENCE_MS = 30_000;

let isForbidden = false;

const heard = (video: HTMLVideoElement, name: string, deadline: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    video.addEventListener(name, () => resolve(), { once: true });
    video.addEventListener('error', () => reject(new Error('no video')), { once: true });
    deadline.addEventListener('abort', () => reject(new Error('too slow')), { once: true });
  });

const frameOf = async (video: HTMLVideoElement, side: number): Promise<ImageBitmap> => {
  const deadline = AbortSignal.timeout(PATIENCE_MS);
  await heard(video, 'loadeddata', deadline);
  const { videoWidth, videoHeight, duration } = video;
  const moved = heard(video, 'seeked', deadline);
  video.currentTime = Number.isFinite(duration) ? Math.min(FRAME_SECONDS, duration / 3) : 0;
  await moved;
  const resize = videoWidth < videoHeight ? { resizeWidth: side } : { resizeHeight: side };
  return createImageBitmap(video, { ...(Math.min(videoWidth, videoHeight) > side && resize), resizeQuality: 'medium' });
};

/** Null for a video that this browser cannot play, or not in time. */
export const makeVideoFrame = async (file: Blob, side: number): Promise<ImageBitmap | null> => {
  if (isForbidden) return null;
  const watching = new AbortController();
  const forbid = ({ effectiveDirective, blockedURI }: SecurityPolicyViolationEvent) => {
    if (effectiveDirective === 'media-src' && blockedURI.startsWith('blob')) isForbidden = true;
  };
  document.addEventListener('securitypolicyviolation', forbid, { signal: watching.signal });
  const video = Object.assign(document.createElement('video'), { muted: true, playsInline: true, preload: 'auto' });
  const url = URL.createObjectURL(file);
  try {
    video.src = url;
    return await frameOf(video, side);
  } catch {
    return null;
  } finally {
    // Releases the decoder at once.
    video.removeAttribute('src');
    video.load();
    URL.revokeObjectURL(url);
    watching.abort();
  }
};
