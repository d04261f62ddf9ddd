/** The language that is always there: the one the table of texts is defined by, and what shows while another one loads. */

import type { UploadErrorCode } from '../ports/errors.js';
import { FIRST_ENGLISH } from './en-first.js';
import type { Message } from './table.js';

export const ENGLISH = {
  ...FIRST_ENGLISH,

  // The line over the list.
  filesStored: { one: '{count} file uploaded', other: 'All {count} files uploaded' },
  filesStoredOf: { one: '{done} of {count} uploaded', other: '{done} of {count} uploaded' },
  filesReady: { one: '{count} file ready to upload', other: '{count} files ready to upload' },
  filesToFinish: { one: '{count} unfinished upload', other: '{count} unfinished uploads' },
  filesFailed: { one: '{count} file failed', other: '{count} files failed' },
  filesCanceled: { one: '{count} upload canceled', other: '{count} uploads canceled' },
  filesRemoved: { one: '{count} file removed', other: '{count} files removed' },
  filesPaused: 'Paused',
  resumeOff: "Keep this page open: this browser can't resume later",
  listLabel: 'Files',
  totalLabel: 'All files',
  filterLabel: 'Show',
  filterAll: 'All {count}',
  filterUnfinished: 'Unfinished {count}',
  filterFailed: 'Failed {count}',
  filterDone: 'Uploaded {count}',
  startAll: { one: 'Upload {count} file', other: 'Upload {count} files' },
  chooseAllAgain: { one: 'Select file', other: 'Select files' },
  retryAll: 'Retry failed',
  removeFailed: 'Remove failed',
  pauseAll: 'Pause all',
  resumeAll: 'Resume all',
  cancelAll: 'Cancel all',
  clearFinished: 'Clear finished',
  undo: 'Undo',

  // Measures.
  bytesOf: '{done} of {total}',
  timeLeft: '{time} left',
  aboutTimeLeft: 'about {time} left',
  secondsLeft: 'a few seconds left',

  // What a file does now.
  queued: 'Waiting',
  ready: 'Ready',
  preparing: 'Preparing…',
  uploading: 'Uploading…',
  finishing: 'Finishing…',
  done: 'Uploaded',
  canceled: 'Canceled',
  paused: 'Paused',
  backoff: 'Connection lost. Retrying automatically',
  backoffUntil: 'Connection lost. Retrying in {time}',
  server: 'The server has a problem. Retrying automatically',
  serverUntil: 'The server has a problem. Retrying in {time}',
  offline: "You're offline. We'll continue when you're back",
  throttled: 'The server is busy. Continuing automatically',
  throttledUntil: 'The server is busy. Continuing in {time}',
  otherTab: 'Uploading in another tab',
  needsFile: '{percent} uploaded. Select this file again to finish.',
  needsFileFirst: 'Not started yet. Select this file again.',
  needsPermission: '{percent} uploaded. Your browser needs permission to read the file.',
  needsPermissionFirst: 'Not started yet. Your browser needs permission to read the file.',
  needsSignIn: "You've been signed out. Sign in to continue",

  // What can be done about it, and the whole names of the buttons.
  retry: 'Try again',
  tryNow: 'Try now',
  choose: 'Select file',
  continue: 'Continue',
  uploadAgain: 'Upload again',
  remove: 'Remove',
  hide: 'Hide',
  replace: 'Replace',
  retryFile: 'Try again: {name}',
  tryNowFile: 'Try now: {name}',
  chooseFileAgain: 'Select file: {name}',
  continueFile: 'Continue: {name}',
  uploadAgainFile: 'Upload again: {name}',
  removeFile: 'Remove {name}',
  hideFile: 'Hide {name} from the list',
  replaceFile: 'Replace {name}',
  pauseFile: 'Pause {name}',
  resumeFile: 'Resume {name}',
  cancelFile: 'Cancel {name}',
  prioritizeFile: 'Upload next: {name}',

  // Why a file did not come on the list. A mark before a name gives the sentence the direction of its language.
  dismiss: 'Dismiss message',
  moreNames: { one: '{count} more', other: '{count} more' },
  rejectedType: {
    one: '\u200e{names} skipped: only {types}.',
    other: '{count} files skipped: only {types}. {names}',
  },
  rejectedLarge: {
    one: '\u200e{names} is {actual}; the limit is {size}.',
    other: '{count} files skipped: the limit is {size} each. {names}',
  },
  rejectedSmall: {
    one: '\u200e{names} is {actual}; the minimum is {size}.',
    other: '{count} files skipped: the minimum is {size} each. {names}',
  },
  rejectedTotal: {
    one: '\u200e{names} skipped: the limit is {size} in total.',
    other: '{count} files skipped: the limit is {size} in total. {names}',
  },
  /** Here `count` is the limit. */
  rejectedCount: {
    one: 'You can add only {count} file. Skipped: {names}',
    other: 'You can add up to {count} files. Skipped: {names}',
  },
  rejectedDuplicate: {
    one: '\u200e{names} is already on the list.',
    other: '{count} files are already on the list: {names}',
  },
  rejectedBefore: {
    one: "\u200e{names} can't be added here.",
    other: "{count} files can't be added here: {names}",
  },
  unreadable: {
    one: "\u200e{names} couldn't be read. Check that you can open it, then add it again.",
    other: "{count} files or folders couldn't be read: {names}. Check that you can open them, then add them again.",
  },
  emptyFolder: {
    one: '\u200e{names} is empty.',
    other: '{count} folders are empty: {names}',
  },
  wrongFile: {
    one: 'That isn\'t "{expected}".',
    other: "These aren't the files to finish: {names}",
  },
  chooseExpected: 'Select {name}',
  uploadInstead: 'Upload {name} instead',

  // Spoken.
  saidAdded: { one: '{count} file added.', other: '{count} files added.' },
  saidStored: '{done} of {total} uploaded.',
  saidProgress: '{percent} uploaded.',
  saidNext: '{name} is next.',
  saidFailed: { one: '{count} file failed.', other: '{count} files failed.' },
  saidFailedNames: { one: '\u200e{names} failed.', other: '\u200e{names} failed.' },
  saidCanceled: { one: '{count} upload canceled.', other: '{count} uploads canceled.' },
  saidRemoved: { one: '{count} file removed from the list.', other: '{count} files removed from the list.' },
  saidUndo: 'You can undo this.',
  saidUndone: 'Undone.',
  saidWaiting: 'Uploads are waiting for the network.',
  saidAllStored: { one: 'The file is uploaded.', other: 'All {count} files are uploaded.' },
  saidEnd: { one: '{count} file uploaded.', other: '{count} files uploaded.' },
  saidToFinish: { one: '{count} unfinished upload.', other: '{count} unfinished uploads.' },

  // What went wrong, and what to do.
  'error-network': 'Upload stopped: no connection for {time}.',
  'error-timeout': "The server didn't respond in time. Try again.",
  'error-http': "This file couldn't be uploaded. Try again or contact support.",
  errorServer: 'The server has a problem. Try again later.',
  'error-rate-limited': 'The server is busy. Wait a moment, then try again.',
  'error-grant-expired': 'The upload link expired. Try again.',
  'error-session-lost': 'The server lost this upload. Try again to start over.',
  'error-part-mismatch': 'Part of the file was damaged on the way. Try again.',
  'error-checksum-mismatch': "The file was damaged on the way and wasn't saved. Try again.",
  'error-source-changed': 'The file changed during upload. Select it again to upload the new version.',
  'error-source-unreadable': "This file can't be read anymore. It may have been moved or deleted. Select it again.",
  'error-storage': "The storage couldn't save the file. Try again later.",
  'error-unauthorized': "You've been signed out. Sign in, then try again.",
  errorForbidden: "You don't have permission to upload here.",
  'error-payment-required': "This site's storage is full. Please contact support.",
  'error-too-large': 'Too large for this site. Choose a smaller file.',
  'error-assembly-failed': "The server couldn't put the file together. Try again.",
  'error-locked': 'Someone else is working on the file this would replace. Try again later.',
  lockedBy: 'Locked by {holder}.',
  lockedUntil: 'Locked until {time}.',
  'error-cors': "Uploads aren't working here right now. Please contact support.",
  'error-configuration': "Uploads aren't working here right now. Please contact support.",
  'error-protocol': "Uploads aren't working here right now. Please contact support.",
  'error-internal': 'Something went wrong on this page. Reload it, then try again.',
} as const satisfies Record<string, Message> & Record<`error-${UploadErrorCode}`, string>;

export default ENGLISH;
