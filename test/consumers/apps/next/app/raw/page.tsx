'use client';

import 'fastio-upload/define';
import 'fastio-upload/jsx/react';
import { useState } from 'react';
import { Stored } from '../stored';

export default function Raw() {
  const [count] = useState(5);
  return (
    <main>
      <fastio-upload endpoint="/api/uploads" maxFiles={count} noAuto={false} />
      <Stored />
    </main>
  );
}

