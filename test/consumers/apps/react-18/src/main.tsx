import { StrictMode, useRef, useState } from 'react';
import { createRoot } from 'react-dom/client';
import type { FastioUpload as FastioUploadElement } from 'fastio-upload';
import { FastioUpload, useUploadEngine } from 'fastio-upload/react';

function Headless() {
  const { engine, uploads, progress } = useUploadEngine({ endpoint: '/api/uploads', headers: () => ({}) });
  return (
    <section>
      <button id="add" onClick={() => engine.addFiles([new File(['headless'], 'headless.txt')])}>
        Add
      </button>
      <output id="headless">{uploads.map(({ name, state }) => `${name} ${state}`).join()}</output>
      <progress value={progress.ratio} />
    </section>
  );
}

function App() {
  const [fileId, setFileId] = useState('');
  const [heard, setHeard] = useState(0);
  const element = useRef<FastioUploadElement>(null);
  return (
    <>
      <FastioUpload
        ref={element}
        className="wide"
        endpoint="/api/uploads"
        maxFiles={3}
        metadata={{ album: 'summer' }}
        headers={async () => ({ 'X-Tenant': 'ada' })}
        onUploadAdded={() => setHeard((count) => count + 1)}
        onUploadComplete={({ detail }) => setFileId(detail.fileId)}
      />
      <output id="stored">{fileId}</output>
      <output id="heard">{heard}</output>
      <Headless />
    </>
  );
}

// @ts-expect-error no such setting
export const misspelt = <FastioUpload endpint="/api/uploads" />;
// @ts-expect-error no such list
export const wrong = <FastioUpload list="some" />;
// @ts-expect-error the event has no such detail
export const misheard = <FastioUpload onUploadFailed={({ detail }) => detail.fileId} />;
export const raw = <fastio-upload endpoint="/api/uploads" max-files={3} no-auto onupload-complete={({ detail }) => detail.fileId.length} />;
// @ts-expect-error the raw tag has no such setting either
export const rawMisspelt = <fastio-upload endpint="/api/uploads" />;

const root = document.getElementById('root');
if (root) {
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  );
}
