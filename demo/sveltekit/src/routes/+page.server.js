import { fail } from '@sveltejs/kit';
import { areOwn, authorize } from '$lib/server/uploads.js';

export const actions = {
  /** The files are stored by now: the form brings their ids only, and each has to be the sender's own. */
  default: async ({ request }) => {
    const { userId } = authorize(request);
    const form = await request.formData();
    const fileIds = form.getAll('attachments').map(String);
    if (fileIds.length === 0) return fail(400, { missing: true });
    if (!areOwn(userId, fileIds)) return fail(403, { foreign: true });
    return { title: String(form.get('title')), fileIds };
  },
};
