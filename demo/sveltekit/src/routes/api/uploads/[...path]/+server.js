import { uploads } from '$lib/server/uploads.js';

// The paths of the API end in a slash, from which SvelteKit would redirect, bytes and all.
export const trailingSlash = 'ignore';

const handle = ({ request }) => uploads(request);

export { handle as DELETE, handle as GET, handle as OPTIONS, handle as POST, handle as PUT };
