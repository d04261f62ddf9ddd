import { renderToString } from 'react-dom/server';
import { FastioUpload } from 'fastio-upload/react';

const STORED = [
  { fileId: 'plan', name: 'plan.pdf', size: 1000 },
  { fileId: 'notes', name: 'notes.txt', size: 10 },
];

/** Where scripts do not run, the inputs inside the tag are the field. */
export function EditForm() {
  return (
    <form method="post" action="/saved" encType="multipart/form-data">
      <FastioUpload name="files" multiple endpoint="/api/uploads" stored={STORED}>
        {STORED.map(({ fileId, name }) => (
          <label key={fileId}>
            <input type="checkbox" name="files" value={fileId} defaultChecked /> {name}
          </label>
        ))}
        <input type="file" name="files" multiple />
      </FastioUpload>
      <button id="save">Save</button>
    </form>
  );
}

export const render = () => renderToString(<EditForm />);
