/** Look of all that tells of files. */

import { listStyles } from '../list/upload-list.styles.js';
import { noticeStyles } from '../status/notices.styles.js';
import { summaryStyles } from '../status/summary.styles.js';
import { fieldStyles } from './row-fields.styles.js';

export const viewStyles = [fieldStyles, noticeStyles, summaryStyles, listStyles].flat();
