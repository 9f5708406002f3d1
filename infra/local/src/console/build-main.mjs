import { build } from 'vite';

// A process of its own: a bundler is large, and the system has closed the prototypes that it may want to add to.
const [folder = '', outFolder = ''] = process.argv.slice(2);
await build({
  root: folder,
  logLevel: 'warn',
  // Relative to the root: the app's own steps after the build take it so.
  build: { outDir: outFolder, emptyOutDir: true },
});
