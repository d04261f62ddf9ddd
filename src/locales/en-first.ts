/** The English texts of the empty element and of its form; all others come with what draws the files. */

export const FIRST_ENGLISH = {
  /** Language of this table: plural forms, numbers and units follow it. */
  lang: 'en',

  // The drop zone.
  groupLabel: 'File upload',
  chooseFile: 'Choose file',
  chooseFiles: 'Choose files',
  chooseFolder: 'Choose folder',
  addFile: 'Add a photo or file',
  addFiles: 'Add photos or files',
  addMore: 'Add more',
  dropFile: 'Drop a file here',
  dropFiles: 'Drop files or folders here',
  dropMore: 'Drop more files here',
  dropToAddFiles: { one: 'Drop to add {count} file', other: 'Drop to add {count} files' },
  dropToAddItems: { one: 'Drop to add it', other: 'Drop to add {count} items' },
  dropToAdd: 'Drop to add',
  reading: 'Reading the folder…',
  hintSize: 'Up to {size} each',
  hintCount: { one: '{count} file only', other: 'Up to {count} files' },
  hintTotal: '{size} in total',
  typeImage: 'images',
  typeVideo: 'videos',
  typeAudio: 'audio',
  typeText: 'text',

  // Why a form cannot be sent.
  valueMissing: 'Add a file.',
  valuePending: 'Wait until the files are uploaded.',
  valuePaused: 'Some uploads are paused. Continue or remove them.',
  valueFailed: "Some files weren't uploaded. Try again or remove them.",
  submitHeld: 'The form will be sent as soon as all files are uploaded.',
} as const;
