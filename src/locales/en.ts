/** The language that is always there: the one the table of texts is defined by, and what shows while another one loads. */

import type { UploadErrorCode } from '../ports/errors.js';
import type { Message } from './table.js';

export const ENGLISH = {
  /** Language of this table: plural forms, numbers and units follow it. */
  lang: 'en',

  // The drop zone.
  groupLabel: 'File upload',
  chooseFile: 'Choose file',
  chooseFiles: 'Choose files',
  chooseFolder: 'Choose folder',
  dropFile: 'Drop a file here',
  dropFiles: 'Drop files or folders here',
  dropToAddFiles: { one: 'Drop to add {count} file', other: 'Drop to add {count} files' },
  dropToAddItems: { one: 'Drop to add it', other: 'Drop to add {count} items' },
  dropToAdd: 'Drop to add',
  reading: 'Reading the folder…',
  hintSize: 'Up to {size} each',
  hintCount: { one: 'Only {count} file', other: 'At most {count} files' },
  hintTotal: 'At most {size} together',
  typeImage: 'images',
  typeVideo: 'video',
  typeAudio: 'audio',
  typeText: 'text',

  // The line over the list.
  filesStored: { one: '{count} file stored', other: '{count} files stored' },
  filesStoredOf: { one: '{done} of {count} file stored', other: '{done} of {count} files stored' },
  filesReady: { one: '{count} file ready to upload', other: '{count} files ready to upload' },
  filesToFinish: { one: '{count} upload to finish', other: '{count} uploads to finish' },
  filesFailed: { one: '{count} failed', other: '{count} failed' },
  filesCanceled: { one: '{count} canceled', other: '{count} canceled' },
  filesPaused: 'Paused',
  resumeOff: 'Keep this page open, this browser cannot go on later',
  listLabel: 'Files',
  totalLabel: 'All files',
  filterLabel: 'Show',
  filterAll: 'All {count}',
  filterUnfinished: 'Unfinished {count}',
  filterFailed: 'Failed {count}',
  filterDone: 'Stored {count}',
  startAll: { one: 'Upload {count} file', other: 'Upload {count} files' },
  chooseAllAgain: { one: 'Choose it again', other: 'Choose them again' },
  retryAll: 'Retry failed',
  removeFailed: 'Remove failed',
  pauseAll: 'Pause all',
  resumeAll: 'Resume all',
  cancelAll: 'Cancel all',
  clearFinished: 'Clear finished',

  // Measures.
  bytesOf: '{done} of {total}',
  timeLeft: '{time} left',
  aboutTimeLeft: 'about {time} left',
  secondsLeft: 'a few seconds left',

  // What a file does now.
  queued: 'Waiting for its turn',
  ready: 'Ready',
  preparing: 'Preparing…',
  uploading: 'Uploading',
  finishing: 'Storing…',
  done: 'Stored',
  canceled: 'Canceled',
  paused: 'Paused',
  backoff: 'Connection trouble. Goes on by itself',
  backoffUntil: 'Connection trouble. Next try in {time}',
  offline: 'Offline. Goes on by itself when the network is back',
  throttled: 'The server asks to wait. Goes on by itself',
  throttledUntil: 'The server asks to wait. Goes on in {time}',
  otherTab: 'Being uploaded in another tab',
  needsFile: '{percent} is stored. Choose the file again to finish.',
  needsPermission: '{percent} is stored. Allow access to the file to finish.',
  needsSignIn: 'You are signed out. Sign in, then continue.',

  // What can be done about it, and the names of the icon buttons.
  retry: 'Try again',
  choose: 'Choose again',
  continue: 'Continue',
  startOver: 'Start over',
  retryFile: 'Try again: {name}',
  chooseFileAgain: 'Choose again: {name}',
  continueFile: 'Continue: {name}',
  startOverFile: 'Start over with {name}',
  pauseFile: 'Pause {name}',
  resumeFile: 'Resume {name}',
  cancelFile: 'Cancel {name}',
  removeFile: 'Remove {name}',
  prioritizeFile: 'Upload next: {name}',

  // Why a file did not come on the list. A mark before a name gives the sentence the direction of its language.
  dismiss: 'Dismiss message',
  moreNames: { one: '{count} more', other: '{count} more' },
  rejectedType: {
    one: '\u200e{names} was not added. Only these types are taken: {types}.',
    other: '{count} files were not added, because only these types are taken: {types}. ({names})',
  },
  rejectedLarge: {
    one: '\u200e{names} was not added. It is larger than {size}.',
    other: '{count} files were not added, because they are larger than {size}. ({names})',
  },
  rejectedSmall: {
    one: '\u200e{names} was not added. It is smaller than {size}.',
    other: '{count} files were not added, because they are smaller than {size}. ({names})',
  },
  rejectedTotal: {
    one: '\u200e{names} was not added. All files may have at most {size} together.',
    other: '{count} files were not added, because all files may have at most {size} together. ({names})',
  },
  rejectedCount: {
    one: '\u200e{names} was not added. There is room for {max} at most; remove another first.',
    other: '{count} files were not added. There is room for {max} at most. ({names})',
  },
  rejectedDuplicate: {
    one: '\u200e{names} is already on the list.',
    other: '{count} files are already on the list. ({names})',
  },
  rejectedBefore: {
    one: '\u200e{names} was not accepted by this page.',
    other: '{count} files were not accepted by this page. ({names})',
  },
  unreadable: {
    one: '\u200e{names} could not be read. Check that you may open it, then add it again.',
    other: '{count} files or folders could not be read. Check that you may open them, then add them again. ({names})',
  },
  wrongFile: {
    one: '\u200e{names} is not the file that this upload began with. Choose that one, unchanged, or start over with this one.',
    other: '\u200e{names} are not the files that these uploads began with.',
  },

  // Spoken.
  saidAdded: { one: '{count} file added.', other: '{count} files added.' },
  saidStored: '{done} of {total} stored.',
  saidProgress: '{percent} uploaded.',
  saidNext: '{name} is next.',
  saidFailed: { one: '{count} file failed.', other: '{count} files failed.' },
  saidWaiting: 'Uploads are waiting for the network.',
  saidAllStored: { one: 'The file is stored.', other: 'All {count} files are stored.' },
  saidEnd: { one: '{count} file stored.', other: '{count} files stored.' },
  saidToFinish: {
    one: '{count} earlier upload is not finished.',
    other: '{count} earlier uploads are not finished.',
  },

  // Why a form cannot be sent.
  valueMissing: 'Choose a file to upload.',
  valuePending: 'Wait until the files are uploaded.',
  valuePaused: 'Some uploads are paused. Continue or remove them.',
  valueFailed: 'Some files were not uploaded. Try again or remove them.',
  submitHeld: 'The form is sent as soon as all files are stored.',

  // What went wrong, and what to do.
  'error-network': 'The connection was gone for too long. Check the network, then try again.',
  'error-timeout': 'The server did not answer in time. Try again.',
  'error-http': 'The server refused the file. Try again; if it stays so, tell the people who run this site.',
  'error-rate-limited': 'The server is too busy. Wait a little, then try again.',
  'error-grant-expired': 'The permission to upload ran out and was not renewed. Try again.',
  'error-session-lost': 'The server has forgotten this upload. Try again to send it from the start.',
  'error-part-mismatch': 'A piece of the file did not arrive as it was sent. Try again.',
  'error-checksum-mismatch': 'The file did not arrive as it was sent, so it was not stored. Try again.',
  'error-source-changed': 'This file changed while it was being sent. Choose it again to send it as it is now.',
  'error-source-unreadable': 'This file can no longer be read; it may have been moved or deleted. Choose it again.',
  'error-storage': 'The storage could not keep the file; it may be full. Try again later.',
  'error-unauthorized': 'You are signed out or may not upload here. Sign in, then try again.',
  'error-payment-required': 'The storage plan is used up. Tell the people who run this site, then try again.',
  'error-too-large': 'The server does not take files as large as this one. Remove it and choose a smaller one.',
  'error-assembly-failed': 'The server could not put the file together, so it was not stored. Try again.',
  'error-locked': 'Somebody else is working on the file that this one would replace. Try again later.',
  lockedBy: 'Locked by {holder}.',
  lockedUntil: 'Locked until {time}.',
  'error-cors': 'The storage does not accept files from this page. Tell the people who run this site.',
  'error-configuration': 'Uploading is not set up on this page. Tell the people who run this site.',
  'error-protocol': 'The server gave an answer that makes no sense. Tell the people who run this site.',
  'error-internal': 'Something went wrong on this page. Reload it, then try again.',
} as const satisfies Record<string, Message> & Record<`error-${UploadErrorCode}`, string>;

export default ENGLISH;
