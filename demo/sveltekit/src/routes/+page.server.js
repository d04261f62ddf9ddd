import { fail } from '@sveltejs/kit';

export const actions = {
  /** The files are stored by now: the form brings their ids only. */
  default: async ({ request }) => {
    const form = await request.formData();
    const fileIds = form.getAll('attachments').map(String);
    if (fileIds.length === 0) return fail(400, { missing: true });
    return { title: String(form.get('title')), fileIds };
  },
};
