import { FastioUpload } from 'fastio-upload/react';

// @ts-expect-error no such setting
export const misspelt = <FastioUpload endpint="/api/uploads" />;
// @ts-expect-error no such setting of the raw tag
export const rawMisspelt = <fastio-upload endpint="/api/uploads" />;
