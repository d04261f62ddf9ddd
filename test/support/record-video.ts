/** A short film of one colour, recorded by the browser; null where it cannot. */

const TYPE = 'video/webm';

export const recordVideo = async (name = 'film.webm', colour = '#e02010'): Promise<File | null> => {
  const canvas = Object.assign(document.createElement('canvas'), { width: 320, height: 240 });
  const context = canvas.getContext('2d');
  if (!globalThis.MediaRecorder?.isTypeSupported(TYPE) || !context) return null;
  const recorder = new MediaRecorder(canvas.captureStream(30), { mimeType: TYPE });
  const pieces: Blob[] = [];
  recorder.ondataavailable = ({ data }) => pieces.push(data);
  const stopped = new Promise((resolve) => recorder.addEventListener('stop', resolve, { once: true }));
  recorder.start();
  for (let frames = 0; frames < 20; frames += 1) {
    context.fillStyle = colour;
    context.fillRect(0, 0, canvas.width, canvas.height - (frames % 2));
    await new Promise(requestAnimationFrame);
  }
  recorder.stop();
  await stopped;
  return new File(pieces, name, { type: TYPE });
};
