import { FastioUpload } from 'fastio-upload/react';
import { Stored } from './stored';

// A server component: nothing here runs in the browser.
export default function Page() {
  return (
    <main>
      <FastioUpload className="wide" endpoint="/api/uploads" maxFiles={3} metadata={{ album: 'summer' }} />
      <Stored />
    </main>
  );
}
