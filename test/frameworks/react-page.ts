/** A React application in StrictMode: counts what it hears, shows the element that it got, and renders what it is told. */

import { createElement, createRef, type RefObject, StrictMode, useReducer } from 'react';
import { flushSync } from 'react-dom';
import { createRoot } from 'react-dom/client';
import type { FastioUpload as FastioUploadElement } from '../../src/index.js';
import { FastioUpload, type FastioUploadProps } from '../../src/react.js';
import { editForm, STORED } from './edit-form.js';

const ref = createRef<FastioUploadElement>();
const heard: string[] = [];

const mount = () => {
  const root = createRoot(document.body.appendChild(document.createElement('div')));
  return (props: FastioUploadProps) => {
    flushSync(() => root.render(createElement(StrictMode, null, createElement(FastioUpload, props))));
  };
};

const props: FastioUploadProps = {
  className: 'wide',
  endpoint: '/grants',
  protocol: 'presigned',
  maxFiles: 2,
  noAuto: true,
  noResume: true,
  strings: { chooseFiles: 'Pick' },
  onUploadAdded: ({ detail }) => heard.push(detail.upload.name),
};
mount()({ ...props, ref });

/** Rendered twice before the tag has its class. */
const hastyRef = createRef<FastioUploadElement>();
const renderHasty = mount();
renderHasty({ ...props, ref: hastyRef });
renderHasty({ endpoint: '/grants', protocol: 'presigned', maxFiles: undefined, noResume: true, ref: hastyRef });

/** What the element says of settings that were given, and what once they are no longer. */
const seeTaken = () => {
  const elementRef = createRef<FastioUploadElement>();
  const brought = document.createElement('fastio-upload').engine;
  const see = () => {
    if (elementRef.current === null) throw new Error('there is no element');
    const { engine, maxFiles, noAuto, checksums, headers, strings, name } = elementRef.current;
    return { isBrought: engine === brought, maxFiles, noAuto, checksums, headers, strings, name };
  };
  const render = mount();
  const headers = { 'X-Tenant': 'ada' };
  const strings = { chooseFiles: 'Pick' };
  const all = { engine: brought, maxFiles: 2, noAuto: true, checksums: true, headers, strings, name: 'pictures' };
  render({ ref: elementRef, ...all });
  const given = see();
  render({ ref: elementRef, maxFiles: undefined, noAuto: undefined });
  return { given, taken: see() };
};

/** What callback refs are told when one with a clean-up gives way to one without, and that to none. */
const seeRefs = () => {
  const told: string[] = [];
  const tell = (element: FastioUploadElement | null) => {
    told.push(element === null ? 'null' : element.localName);
  };
  const render = mount();
  render({
    ref: (element) => {
      tell(element);
      return () => void told.push('cleaned');
    },
  });
  told.length = 0;
  render({ ref: tell });
  render({});
  return told;
};

/** Each rendering gives a list of its own, as applications do. */
const EditForm = ({ elementRef }: { readonly elementRef: RefObject<FastioUploadElement | null> }) => {
  const [, render] = useReducer((count: number) => count + 1, 0);
  const stored = STORED.map((entry) => ({ ...entry }));
  const settings = { name: 'files', multiple: true, endpoint: '/files', protocol: 'form', noResume: true } as const;
  const upload = createElement(FastioUpload, { ...settings, ref: elementRef, stored, onUploadRemoved: render });
  return createElement('form', null, upload);
};

/** What the form of a user sends who has removed one stored file and added another. */
const seeEdited = () => {
  const elementRef = createRef<FastioUploadElement>();
  const root = createRoot(document.body.appendChild(document.createElement('div')));
  flushSync(() => root.render(createElement(StrictMode, null, createElement(EditForm, { elementRef }))));
  if (elementRef.current === null) throw new Error('there is no element');
  return editForm(elementRef.current);
};

const page = { ref, hastyRef, heard, seeTaken, seeRefs, seeEdited };
export type ReactPage = typeof page;
Object.assign(window, { page });
