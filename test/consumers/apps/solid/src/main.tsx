import 'fastio-upload/define';
import { createSignal } from 'solid-js';
import { render } from 'solid-js/web';

function App() {
  const [fileId, setFileId] = createSignal('');
  return (
    <>
      <fastio-upload
        class="wide"
        endpoint="/api/uploads"
        maxFiles={3}
        metadata={{ album: 'summer' }}
        headers={async () => ({ 'X-Tenant': 'ada' })}
        on:upload-complete={({ detail }) => setFileId(detail.fileId)}
      />
      <output id="stored">{fileId()}</output>
    </>
  );
}

// @ts-expect-error no such setting
export const Misspelt = () => <fastio-upload endpint="/api/uploads" />;
// @ts-expect-error no such list
export const Wrong = () => <fastio-upload list="some" />;
// @ts-expect-error the event has no such detail
export const Misheard = () => <fastio-upload on:upload-failed={({ detail }) => detail.fileId} />;

const root = document.getElementById('root');
if (root) render(() => <App />, root);
