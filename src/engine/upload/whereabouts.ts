/** Where an upload is driven, and where its file is. */

import type { Upload } from './upload.js';

/** Another tab drives it; here it is only shown. */
export const isElsewhere = ({ reason }: Upload): boolean => reason === 'other-tab';

/** Nothing goes on before the user did something about its file. */
export const isWithoutFile = ({ reason }: Upload): boolean => reason === 'needs-file' || reason === 'needs-permission';
