/** Tests for uploads that this tab cannot continue on its own. */

import type { Upload } from './upload.js';

/** True when another tab drives the upload. */
export const isElsewhere = ({ reason }: Upload): boolean => reason === 'other-tab';

/** True when the user has to choose the file again or give permission. */
export const isWithoutFile = ({ reason }: Upload): boolean => reason === 'needs-file' || reason === 'needs-permission';
