/** Español. */

import type { Table } from './table.js';

const SPANISH: Table<'one' | 'many' | 'other'> = {
  lang: 'es',

  chooseFile: 'Elegir archivo',
  chooseFiles: 'Elegir archivos',
  chooseFolder: 'Elegir carpeta',
  dropFile: 'Suelta un archivo aquí',
  dropFiles: 'Suelta archivos o carpetas aquí',
  dropToAddFiles: {
    one: 'Suelta para añadir {count} archivo',
    many: 'Suelta para añadir {count} de archivos',
    other: 'Suelta para añadir {count} archivos',
  },
  dropToAddItems: {
    one: 'Suelta para añadir',
    many: 'Suelta para añadir {count} de elementos',
    other: 'Suelta para añadir {count} elementos',
  },
  dropToAdd: 'Suelta para añadir',
  reading: 'Leyendo la carpeta…',
  hintSize: 'Hasta {size} por archivo',
  hintCount: {
    one: 'Solo {count} archivo',
    many: 'Máximo {count} de archivos',
    other: 'Máximo {count} archivos',
  },
  hintTotal: 'Máximo {size} en total',
  typeImage: 'Imágenes',
  typeVideo: 'Vídeos',
  typeAudio: 'Audio',
  typeText: 'Texto',

  filesStored: {
    one: '{count} archivo guardado',
    many: '{count} de archivos guardados',
    other: '{count} archivos guardados',
  },
  filesStoredOf: {
    one: '{done} de {count} archivo guardado',
    many: '{done} de {count} de archivos guardados',
    other: '{done} de {count} archivos guardados',
  },
  filesReady: {
    one: '{count} archivo listo para subir',
    many: '{count} de archivos listos para subir',
    other: '{count} archivos listos para subir',
  },
  filesToFinish: {
    one: '{count} subida por terminar',
    many: '{count} de subidas por terminar',
    other: '{count} subidas por terminar',
  },
  filesFailed: { one: '{count} con error', many: '{count} con error', other: '{count} con error' },
  filesCanceled: { one: '{count} cancelado', many: '{count} cancelados', other: '{count} cancelados' },
  filesPaused: 'En pausa',
  resumeOff: 'Mantén esta página abierta, este navegador no puede continuar más tarde',
  listLabel: 'Archivos',
  totalLabel: 'Todos los archivos',
  filterLabel: 'Mostrar',
  filterAll: 'Todos {count}',
  filterUnfinished: 'Pendientes {count}',
  filterFailed: 'Con error {count}',
  filterDone: 'Guardados {count}',
  startAll: { one: 'Subir {count} archivo', many: 'Subir {count} de archivos', other: 'Subir {count} archivos' },
  chooseAllAgain: { one: 'Elegirlo de nuevo', many: 'Elegirlos de nuevo', other: 'Elegirlos de nuevo' },
  retryAll: 'Reintentar los fallidos',
  pauseAll: 'Pausar todo',
  resumeAll: 'Reanudar todo',
  cancelAll: 'Cancelar todo',
  clearFinished: 'Quitar los terminados',

  bytesOf: '{done} de {total}',
  timeLeft: 'quedan {time}',
  aboutTimeLeft: 'quedan unos {time}',
  secondsLeft: 'quedan unos segundos',

  queued: 'Esperando su turno',
  ready: 'Listo',
  preparing: 'Preparando…',
  uploading: 'Subiendo',
  finishing: 'Guardando…',
  done: 'Guardado',
  canceled: 'Cancelado',
  paused: 'En pausa',
  backoff: 'Problemas de conexión. Seguirá por sí solo',
  backoffUntil: 'Problemas de conexión. Próximo intento en {time}',
  offline: 'Sin conexión. Seguirá por sí solo cuando vuelva la red',
  throttled: 'El servidor pide esperar. Seguirá por sí solo',
  throttledUntil: 'El servidor pide esperar. Seguirá en {time}',
  otherTab: 'Subiéndose en otra pestaña',
  needsFile: '{percent} ya está guardado. Elige de nuevo el archivo para terminar.',
  needsPermission: '{percent} ya está guardado. Permite el acceso al archivo para terminar.',
  needsSignIn: 'Tu sesión se ha cerrado. Inicia sesión y continúa.',

  retry: 'Reintentar',
  choose: 'Elegir de nuevo',
  continue: 'Continuar',
  retryFile: 'Reintentar: {name}',
  chooseFileAgain: 'Elegir de nuevo: {name}',
  continueFile: 'Continuar: {name}',
  pauseFile: 'Pausar {name}',
  resumeFile: 'Reanudar {name}',
  cancelFile: 'Cancelar {name}',
  removeFile: 'Quitar {name}',
  prioritizeFile: 'Subir a continuación: {name}',

  dismiss: 'Cerrar el mensaje',
  moreNames: { one: '{count} más', many: '{count} más', other: '{count} más' },
  rejectedType: {
    one: '{names} no se ha añadido. Solo se admiten estos tipos: {types}.',
    many: '{count} de archivos no se han añadido, porque solo se admiten estos tipos: {types}. ({names})',
    other: '{count} archivos no se han añadido, porque solo se admiten estos tipos: {types}. ({names})',
  },
  rejectedLarge: {
    one: '{names} no se ha añadido. Ocupa más de {size}.',
    many: '{count} de archivos no se han añadido, porque ocupan más de {size}. ({names})',
    other: '{count} archivos no se han añadido, porque ocupan más de {size}. ({names})',
  },
  rejectedSmall: {
    one: '{names} no se ha añadido. Ocupa menos de {size}.',
    many: '{count} de archivos no se han añadido, porque ocupan menos de {size}. ({names})',
    other: '{count} archivos no se han añadido, porque ocupan menos de {size}. ({names})',
  },
  rejectedTotal: {
    one: '{names} no se ha añadido. Todos los archivos juntos pueden ocupar {size}.',
    many: '{count} de archivos no se han añadido, porque todos juntos pueden ocupar {size}. ({names})',
    other: '{count} archivos no se han añadido, porque todos juntos pueden ocupar {size}. ({names})',
  },
  rejectedCount: {
    one: '{names} no se ha añadido. Caben {max} como máximo; quita antes otro archivo.',
    many: '{count} de archivos no se han añadido. Caben {max} como máximo. ({names})',
    other: '{count} archivos no se han añadido. Caben {max} como máximo. ({names})',
  },
  rejectedDuplicate: {
    one: '{names} ya está en la lista.',
    many: '{count} de archivos ya están en la lista. ({names})',
    other: '{count} archivos ya están en la lista. ({names})',
  },
  rejectedBefore: {
    one: 'Esta página no ha aceptado {names}.',
    many: 'Esta página no ha aceptado {count} de archivos. ({names})',
    other: 'Esta página no ha aceptado {count} archivos. ({names})',
  },
  unreadable: {
    one: 'No se ha podido leer {names}. Comprueba que puedes abrirlo y añádelo de nuevo.',
    many: 'No se han podido leer {count} de archivos o carpetas. Comprueba que puedes abrirlos y añádelos de nuevo. ({names})',
    other:
      'No se han podido leer {count} archivos o carpetas. Comprueba que puedes abrirlos y añádelos de nuevo. ({names})',
  },
  wrongFile: {
    one: '{names} no es el archivo con el que empezó esta subida. Elige ese mismo, sin cambios.',
    many: '{names} no son los archivos con los que empezaron estas subidas.',
    other: '{names} no son los archivos con los que empezaron estas subidas.',
  },

  saidAdded: {
    one: '{count} archivo añadido.',
    many: '{count} de archivos añadidos.',
    other: '{count} archivos añadidos.',
  },
  saidStored: '{done} de {total} guardados.',
  saidProgress: '{percent} subido.',
  saidNext: '{name} es el siguiente.',
  saidFailed: {
    one: '{count} archivo ha fallado.',
    many: '{count} de archivos han fallado.',
    other: '{count} archivos han fallado.',
  },
  saidWaiting: 'Las subidas esperan a la red.',
  saidAllStored: {
    one: 'El archivo está guardado.',
    many: 'Los {count} de archivos están guardados.',
    other: 'Los {count} archivos están guardados.',
  },
  saidEnd: {
    one: '{count} archivo guardado.',
    many: '{count} de archivos guardados.',
    other: '{count} archivos guardados.',
  },
  saidToFinish: {
    one: '{count} subida anterior no ha terminado.',
    many: '{count} de subidas anteriores no han terminado.',
    other: '{count} subidas anteriores no han terminado.',
  },

  valueMissing: 'Elige un archivo para subir.',
  valuePending: 'Espera a que se suban los archivos.',
  valuePaused: 'Algunas subidas están en pausa. Continúalas o quítalas.',
  valueFailed: 'Algunos archivos no se han subido. Vuelve a intentarlo o quítalos.',
  submitHeld: 'El formulario se enviará en cuanto todos los archivos estén guardados.',

  'error-network': 'La conexión se ha interrumpido demasiado tiempo. Comprueba la red y vuelve a intentarlo.',
  'error-timeout': 'El servidor no ha respondido a tiempo. Vuelve a intentarlo.',
  'error-http':
    'El servidor ha rechazado el archivo. Vuelve a intentarlo; si sigue igual, avisa a los responsables de este sitio.',
  'error-rate-limited': 'El servidor está saturado. Espera un poco y vuelve a intentarlo.',
  'error-grant-expired': 'El permiso para subir ha caducado y no se ha renovado. Vuelve a intentarlo.',
  'error-session-lost': 'El servidor ha olvidado esta subida. Vuelve a intentarlo para enviarla desde el principio.',
  'error-part-mismatch': 'Una parte del archivo no ha llegado como se envió. Vuelve a intentarlo.',
  'error-checksum-mismatch': 'El archivo no ha llegado como se envió, así que no se ha guardado. Vuelve a intentarlo.',
  'error-source-changed':
    'Este archivo ha cambiado mientras se enviaba. Elígelo de nuevo para enviarlo tal como está ahora.',
  'error-source-unreadable': 'Este archivo ya no se puede leer; quizá se ha movido o borrado. Elígelo de nuevo.',
  'error-storage':
    'El almacenamiento no ha podido guardar el archivo; quizá está lleno. Vuelve a intentarlo más tarde.',
  'error-unauthorized': 'Tu sesión se ha cerrado o no puedes subir archivos aquí. Inicia sesión y vuelve a intentarlo.',
  'error-payment-required':
    'El espacio contratado se ha agotado. Avisa a los responsables de este sitio y vuelve a intentarlo.',
  'error-too-large': 'El servidor no admite archivos tan grandes. Quítalo y elige uno más pequeño.',
  'error-assembly-failed':
    'El servidor no ha podido montar el archivo, así que no se ha guardado. Vuelve a intentarlo.',
  'error-cors': 'El almacenamiento no admite archivos de esta página. Avisa a los responsables de este sitio.',
  'error-configuration': 'La subida no está configurada en esta página. Avisa a los responsables de este sitio.',
  'error-protocol': 'El servidor ha dado una respuesta sin sentido. Avisa a los responsables de este sitio.',
  'error-internal': 'Algo ha fallado en esta página. Recárgala y vuelve a intentarlo.',
};

export default SPANISH;
