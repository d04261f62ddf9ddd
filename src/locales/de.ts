/** Deutsch. */

import type { Table } from './table.js';

const GERMAN: Table<'one' | 'other'> = {
  lang: 'de',

  groupLabel: 'Dateien hochladen',
  chooseFile: 'Datei auswählen',
  chooseFiles: 'Dateien auswählen',
  chooseFolder: 'Ordner auswählen',
  dropFile: 'Datei hier ablegen',
  dropFiles: 'Dateien oder Ordner hier ablegen',
  dropToAddFiles: {
    one: 'Loslassen, um {count} Datei hinzuzufügen',
    other: 'Loslassen, um {count} Dateien hinzuzufügen',
  },
  dropToAddItems: { one: 'Loslassen zum Hinzufügen', other: 'Loslassen, um {count} Objekte hinzuzufügen' },
  dropToAdd: 'Loslassen zum Hinzufügen',
  reading: 'Ordner wird gelesen …',
  hintSize: 'Je höchstens {size}',
  hintCount: { one: 'Nur {count} Datei', other: 'Höchstens {count} Dateien' },
  hintTotal: 'Zusammen höchstens {size}',
  typeImage: 'Bilder',
  typeVideo: 'Videos',
  typeAudio: 'Audio',
  typeText: 'Text',

  filesStored: { one: '{count} Datei gespeichert', other: '{count} Dateien gespeichert' },
  filesStoredOf: { one: '{done} von {count} Datei gespeichert', other: '{done} von {count} Dateien gespeichert' },
  filesReady: { one: '{count} Datei bereit zum Hochladen', other: '{count} Dateien bereit zum Hochladen' },
  filesToFinish: { one: '{count} unvollendeter Upload', other: '{count} unvollendete Uploads' },
  filesFailed: { one: '{count} fehlgeschlagen', other: '{count} fehlgeschlagen' },
  filesCanceled: { one: '{count} abgebrochen', other: '{count} abgebrochen' },
  filesPaused: 'Angehalten',
  resumeOff: 'Seite bitte offen lassen, dieser Browser kann später nicht weitermachen',
  listLabel: 'Dateien',
  totalLabel: 'Alle Dateien',
  filterLabel: 'Anzeigen',
  filterAll: 'Alle {count}',
  filterUnfinished: 'Offen {count}',
  filterFailed: 'Fehlgeschlagen {count}',
  filterDone: 'Gespeichert {count}',
  startAll: { one: '{count} Datei hochladen', other: '{count} Dateien hochladen' },
  chooseAllAgain: { one: 'Erneut auswählen', other: 'Alle erneut auswählen' },
  retryAll: 'Fehlgeschlagene wiederholen',
  removeFailed: 'Fehlgeschlagene entfernen',
  pauseAll: 'Alle anhalten',
  resumeAll: 'Alle fortsetzen',
  cancelAll: 'Alle abbrechen',
  clearFinished: 'Fertige entfernen',

  bytesOf: '{done} von {total}',
  timeLeft: 'noch {time}',
  aboutTimeLeft: 'noch etwa {time}',
  secondsLeft: 'noch wenige Sekunden',

  queued: 'Wartet, bis es an der Reihe ist',
  ready: 'Bereit',
  preparing: 'Wird vorbereitet …',
  uploading: 'Wird hochgeladen',
  finishing: 'Wird gespeichert …',
  done: 'Gespeichert',
  canceled: 'Abgebrochen',
  paused: 'Angehalten',
  backoff: 'Verbindung gestört. Geht von selbst weiter',
  backoffUntil: 'Verbindung gestört. Nächster Versuch in {time}',
  offline: 'Offline. Geht von selbst weiter, sobald das Netz wieder da ist',
  throttled: 'Der Server bittet um Geduld. Geht von selbst weiter',
  throttledUntil: 'Der Server bittet um Geduld. Geht in {time} weiter',
  otherTab: 'Wird in einem anderen Tab hochgeladen',
  needsFile: '{percent} ist gespeichert. Wählen Sie die Datei erneut aus, um den Rest hochzuladen.',
  needsPermission: '{percent} ist gespeichert. Erlauben Sie den Zugriff auf die Datei, um den Rest hochzuladen.',
  needsSignIn: 'Sie sind abgemeldet. Melden Sie sich an und setzen Sie dann fort.',

  retry: 'Erneut versuchen',
  choose: 'Erneut auswählen',
  continue: 'Fortsetzen',
  startOver: 'Neu beginnen',
  retryFile: 'Erneut versuchen: {name}',
  chooseFileAgain: 'Erneut auswählen: {name}',
  continueFile: 'Fortsetzen: {name}',
  startOverFile: 'Neu beginnen mit {name}',
  pauseFile: '{name} anhalten',
  resumeFile: '{name} fortsetzen',
  cancelFile: '{name} abbrechen',
  removeFile: '{name} entfernen',
  prioritizeFile: 'Als Nächstes hochladen: {name}',

  dismiss: 'Meldung schließen',
  moreNames: { one: '{count} weitere', other: '{count} weitere' },
  rejectedType: {
    one: '\u200e{names} wurde nicht hinzugefügt. Erlaubt sind nur diese Typen: {types}.',
    other: '{count} Dateien wurden nicht hinzugefügt, denn erlaubt sind nur diese Typen: {types}. ({names})',
  },
  rejectedLarge: {
    one: '\u200e{names} wurde nicht hinzugefügt. Die Datei ist größer als {size}.',
    other: '{count} Dateien wurden nicht hinzugefügt, denn sie sind größer als {size}. ({names})',
  },
  rejectedSmall: {
    one: '\u200e{names} wurde nicht hinzugefügt. Die Datei ist kleiner als {size}.',
    other: '{count} Dateien wurden nicht hinzugefügt, denn sie sind kleiner als {size}. ({names})',
  },
  rejectedTotal: {
    one: '\u200e{names} wurde nicht hinzugefügt. Alle Dateien zusammen dürfen höchstens {size} groß sein.',
    other: '{count} Dateien wurden nicht hinzugefügt, denn alle zusammen dürfen höchstens {size} groß sein. ({names})',
  },
  rejectedCount: {
    one: '\u200e{names} wurde nicht hinzugefügt. Platz ist für höchstens {max}; entfernen Sie zuerst eine andere Datei.',
    other: '{count} Dateien wurden nicht hinzugefügt. Platz ist für höchstens {max}. ({names})',
  },
  rejectedDuplicate: {
    one: '\u200e{names} steht schon auf der Liste.',
    other: '{count} Dateien stehen schon auf der Liste. ({names})',
  },
  rejectedBefore: {
    one: '\u200e{names} wurde von dieser Seite nicht angenommen.',
    other: '{count} Dateien wurden von dieser Seite nicht angenommen. ({names})',
  },
  unreadable: {
    one: '\u200e{names} konnte nicht gelesen werden. Prüfen Sie, ob Sie die Datei öffnen dürfen, und fügen Sie sie erneut hinzu.',
    other:
      '{count} Dateien oder Ordner konnten nicht gelesen werden. Prüfen Sie, ob Sie sie öffnen dürfen, und fügen Sie sie erneut hinzu. ({names})',
  },
  wrongFile: {
    one: '\u200e{names} ist nicht die Datei, mit der dieser Upload begann. Wählen Sie genau diese, unverändert, oder beginnen Sie mit dieser neu.',
    other: '\u200e{names} sind nicht die Dateien, mit denen diese Uploads begannen.',
  },

  saidAdded: { one: '{count} Datei hinzugefügt.', other: '{count} Dateien hinzugefügt.' },
  saidStored: '{done} von {total} gespeichert.',
  saidProgress: '{percent} hochgeladen.',
  saidNext: '{name} kommt als Nächstes.',
  saidFailed: { one: '{count} Datei fehlgeschlagen.', other: '{count} Dateien fehlgeschlagen.' },
  saidWaiting: 'Die Uploads warten auf das Netz.',
  saidAllStored: { one: 'Die Datei ist gespeichert.', other: 'Alle {count} Dateien sind gespeichert.' },
  saidEnd: { one: '{count} Datei gespeichert.', other: '{count} Dateien gespeichert.' },
  saidToFinish: {
    one: '{count} früherer Upload ist nicht abgeschlossen.',
    other: '{count} frühere Uploads sind nicht abgeschlossen.',
  },

  valueMissing: 'Wählen Sie eine Datei zum Hochladen aus.',
  valuePending: 'Warten Sie, bis die Dateien hochgeladen sind.',
  valuePaused: 'Einige Uploads sind angehalten. Setzen Sie sie fort oder entfernen Sie sie.',
  valueFailed: 'Einige Dateien wurden nicht hochgeladen. Versuchen Sie es erneut oder entfernen Sie sie.',
  submitHeld: 'Das Formular wird gesendet, sobald alle Dateien gespeichert sind.',

  'error-network': 'Die Verbindung war zu lange unterbrochen. Prüfen Sie das Netz und versuchen Sie es dann erneut.',
  'error-timeout': 'Der Server hat nicht rechtzeitig geantwortet. Versuchen Sie es erneut.',
  'error-http':
    'Der Server hat die Datei abgelehnt. Versuchen Sie es erneut; bleibt es so, sagen Sie den Betreibern dieser Website Bescheid.',
  'error-rate-limited': 'Der Server ist überlastet. Warten Sie ein wenig und versuchen Sie es dann erneut.',
  'error-grant-expired':
    'Die Erlaubnis zum Hochladen ist abgelaufen und wurde nicht erneuert. Versuchen Sie es erneut.',
  'error-session-lost': 'Der Server kennt diesen Upload nicht mehr. Versuchen Sie es erneut, um von vorn zu beginnen.',
  'error-part-mismatch': 'Ein Teil der Datei kam nicht so an, wie er gesendet wurde. Versuchen Sie es erneut.',
  'error-checksum-mismatch':
    'Die Datei kam nicht so an, wie sie gesendet wurde, und wurde deshalb nicht gespeichert. Versuchen Sie es erneut.',
  'error-source-changed':
    'Diese Datei wurde während des Sendens geändert. Wählen Sie sie erneut aus, um den jetzigen Stand zu senden.',
  'error-source-unreadable':
    'Diese Datei ist nicht mehr lesbar; vielleicht wurde sie verschoben oder gelöscht. Wählen Sie sie erneut aus.',
  'error-storage': 'Der Speicher konnte die Datei nicht aufnehmen; vielleicht ist er voll. Versuchen Sie es später.',
  'error-unauthorized':
    'Sie sind abgemeldet oder dürfen hier nicht hochladen. Melden Sie sich an und versuchen Sie es dann erneut.',
  'error-payment-required':
    'Das Speicherkontingent ist aufgebraucht. Sagen Sie den Betreibern dieser Website Bescheid und versuchen Sie es dann erneut.',
  'error-too-large': 'Der Server nimmt keine so großen Dateien an. Entfernen Sie diese und wählen Sie eine kleinere.',
  'error-assembly-failed':
    'Der Server konnte die Datei nicht zusammensetzen und hat sie nicht gespeichert. Versuchen Sie es erneut.',
  'error-locked': 'Jemand bearbeitet gerade die Datei, die diese ersetzen würde. Versuchen Sie es später erneut.',
  lockedBy: 'Gesperrt von {holder}.',
  lockedUntil: 'Gesperrt bis {time}.',
  'error-cors':
    'Der Speicher nimmt von dieser Seite keine Dateien an. Sagen Sie den Betreibern dieser Website Bescheid.',
  'error-configuration':
    'Das Hochladen ist auf dieser Seite nicht eingerichtet. Sagen Sie den Betreibern dieser Website Bescheid.',
  'error-protocol':
    'Der Server hat eine unverständliche Antwort gegeben. Sagen Sie den Betreibern dieser Website Bescheid.',
  'error-internal': 'Auf dieser Seite ist etwas schiefgegangen. Laden Sie sie neu und versuchen Sie es dann erneut.',
};

export default GERMAN;
