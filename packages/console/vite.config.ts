import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { compressFiles } from './build/compress-files.ts';

export default defineConfig({
  plugins: [react(), compressFiles()],
  // The same code without Node's Buffer.
  resolve: { alias: { 'csv-stringify/sync': 'csv-stringify/browser/esm/sync' } },
  worker: { format: 'es' },
  build: {
    outDir: 'dist',
    manifest: true,
    // light-dark(), :has() and logical properties without fallbacks.
    target: ['chrome123', 'firefox128', 'safari17.5'],
    // The service's policy allows no inline code: no data: addresses either.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // compressFiles prints its own sizes.
    reportCompressedSize: false,
    chunkSizeWarningLimit: 800,
    rolldownOptions: {
      output: {
        // In one chunk, so that zod is set up before the first schema is made: chunks run whole, one after the other.
        codeSplitting: { groups: [{ name: 'zod', test: /node_modules[\\/]zod[\\/]|no-eval\.ts$/ }] },
      },
    },
  },
});
