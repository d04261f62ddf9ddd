/** Custom elements manifest: what editors, documentation and framework wrappers read. */

/** The manifest names the files that are published, not the sources. */
const publishedPaths = {
  name: 'published-paths',
  packageLinkPhase({ customElementsManifest }) {
    const text = JSON.stringify(customElementsManifest).replace(/"\/?src\/([^"]+)\.(?:ts|js)"/g, '"dist/$1.js"');
    Object.assign(customElementsManifest, JSON.parse(text));
  },
};

export default {
  globs: ['src/element/**/*.ts', 'src/define.ts'],
  outdir: 'dist',
  litelement: true,
  packagejson: false,
  plugins: [publishedPaths],
};
