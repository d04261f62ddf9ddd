'use client';

import { useEffect, useState } from 'react';
import type { FastioUploadEventMap } from 'fastio-upload';

export function Stored() {
  const [fileId, setFileId] = useState('');
  useEffect(() => {
    const hear = (event: Event) => setFileId((event as FastioUploadEventMap['upload-complete']).detail.fileId);
    document.addEventListener('upload-complete', hear);
    return () => document.removeEventListener('upload-complete', hear);
  }, []);
  return <output id="stored">{fileId}</output>;
}
