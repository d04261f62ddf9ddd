/**
 * Custom elements manifest: what editors, documentation and framework wrappers read. It describes what a package's user
 * meets, the class as `fastio-upload` exports it and the tag as `fastio-upload/define` registers it, with all members that
 * the class inherits; the modules that it is made of cannot be imported.
 */

import { writeFileSync } from 'node:fs';
import { customElementJetBrainsPlugin } from 'custom-element-jet-brains-integration';
import { customElementVsCodePlugin } from 'custom-element-vs-code-integration';

/** What `@internal` hides, and events that the analyser guesses from `new Event(name)`, are nothing to rely on. */
const publicFace = {
  name: 'public-face',
  moduleLinkPhase({ moduleDoc }) {
    for (const declaration of moduleDoc.declarations ?? []) {
      const { members, events } = declaration;
      if (members) declaration.members = members.filter(isPublic);
      if (events) declaration.events = events.filter(({ description }) => description);
    }
  },
};

/** Lifecycle and rendering belong to Lit. */
const LIT = new Set(['connectedCallback', 'disconnectedCallback', 'render', 'updated', 'willUpdate', 'firstUpdated']);

const isPublic = ({ name, privacy, static: isStatic }) =>
  (privacy === undefined || privacy === 'public') && !isStatic && !LIT.has(name);

const CLASS = { path: 'dist/index.js', name: 'FastioUpload' };
const TAG = 'fastio-upload';

/** Where a member was declared tells of modules that cannot be imported. */
const withoutOrigin = ({ inheritedFrom: _, ...rest }) => rest;

const published = {
  name: 'published',
  packageLinkPhase({ customElementsManifest }) {
    const declarations = customElementsManifest.modules.flatMap((module) => module.declarations ?? []);
    const { superclass: _, mixins: __, ...declaration } = declarations.find(({ name }) => name === CLASS.name);
    for (const list of ['members', 'attributes', 'events', 'slots', 'cssParts', 'cssProperties'])
      declaration[list] = declaration[list]?.map(withoutOrigin);
    const reference = { name: CLASS.name, module: CLASS.path };
    customElementsManifest.modules = [
      {
        kind: 'javascript-module',
        path: CLASS.path,
        declarations: [{ ...declaration, superclass: { name: 'HTMLElement' }, tagName: TAG, customElement: true }],
        exports: [{ kind: 'js', name: CLASS.name, declaration: reference }],
      },
      {
        kind: 'javascript-module',
        path: 'dist/define.js',
        declarations: [],
        exports: [
          { kind: 'js', name: CLASS.name, declaration: reference },
          { kind: 'custom-element-definition', name: TAG, declaration: reference },
        ],
      },
    ];
  },
};

/** A page for language models, as https://llmstxt.org describes it. */
const llmsText = {
  name: 'llms-text',
  packageLinkPhase({ customElementsManifest }) {
    const { description, attributes, members, events, slots, cssParts, cssProperties } =
      customElementsManifest.modules[0].declarations[0];
    const line = ({ name, description = '', default: value }) =>
      `- \`${name}\`${value === undefined ? '' : ` (default \`${value}\`)`}: ${description.replace(/\s+/g, ' ')}`;
    const section = (title, entries) => `\n## ${title}\n\n${entries.map(line).join('\n')}\n`;
    const properties = members.filter(({ kind, attribute }) => kind === 'field' && attribute === undefined);
    const text = [
      `# fastio-upload\n\n> ${description}\n\n`,
      'Register the tag with `import \'fastio-upload/define\'`, then write `<fastio-upload endpoint="/api/uploads">`.\n',
      'Each attribute has a camelCase property of the same meaning.\n',
      section('Attributes', attributes),
      section('Properties without an attribute', properties),
      section(
        'Methods',
        members.filter(({ kind }) => kind === 'method'),
      ),
      section('Events', events),
      section('Slots', slots),
      section('CSS parts', cssParts),
      section('CSS custom properties', cssProperties),
    ].join('');
    writeFileSync('dist/llms.txt', text);
  },
};

export default {
  globs: ['src/element/**/*.ts', 'src/define.ts'],
  outdir: 'dist',
  litelement: true,
  packagejson: false,
  plugins: [
    publicFace,
    published,
    customElementJetBrainsPlugin({ outdir: 'dist', packageJson: false, hideLogs: true }),
    customElementVsCodePlugin({ outdir: 'dist', cssFileName: null, hideLogs: true }),
    llmsText,
  ],
};
