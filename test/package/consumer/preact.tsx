/** @jsxImportSource preact */
/** The raw tag in Preact, with its types and no others. */

import 'fastio-upload/define';
import 'fastio-upload/jsx/preact';

export const tag = (
  <fastio-upload
    class="wide"
    endpoint="/api/uploads"
    maxFiles={3}
    headers={async () => ({ 'X-Tenant': 'ada' })}
    onupload-complete={({ detail }) => {
      const fileId: string = detail.fileId;
      document.title = fileId;
    }}
  />
);

// @ts-expect-error no such list
export const wrongValue = <fastio-upload list="some" />;

// @ts-expect-error no such setting
export const wrongName = <fastio-upload endpoints="/api/uploads" />;

// @ts-expect-error the event has no such detail
export const wrongDetail = <fastio-upload onupload-failed={({ detail }) => detail.fileId} />;
