/** Custom elements manifest: what editors, documentation and framework wrappers read. */

/** The manifest names the files that are published, not the sources. */
const publishedPaths = {
  name: 'published-paths',
  packageLinkPhase({ customElementsManifest }) {
    const text = JSON.stringify(customElementsManifest).replace(/"\/?src\/([^"]+)\.(?:ts|js)"/g, '"dist/$1.js"');
    Object.assign(customElementsManifest, JSON.parse(text));
  },
};

/** What `@internal` hides, and events that the analyser guesses from `new Event(name)`, are nothing to rely on. */
const publicFace = {
  name: 'public-face',
  moduleLinkPhase({ moduleDoc }) {
    for (const declaration of moduleDoc.declarations ?? []) {
      const { members, events } = declaration;
      if (members) declaration.members = members.filter(({ privacy }) => privacy === undefined || privacy === 'public');
      if (events) declaration.events = events.filter(({ description }) => description);
    }
  },
};

export default {
  globs: ['src/element/**/*.ts', 'src/define.ts'],
  outdir: 'dist',
  litelement: true,
  packagejson: false,
  plugins: [publicFace, publishedPaths],
};
