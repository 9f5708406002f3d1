import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { Plugin } from 'vite';

const COMPRESSIBLE = /\.(?:js|css|html|svg|json)$/;
/** Below this a compressed answer saves nothing. */
const MIN_BYTES = 512;

/** Compressed bytes of what a browser loads first, and of all. */
interface BuildSizes {
  readonly first: number;
  readonly all: number;
}

/** Writes `.br` and `.gz` next to each built file, and says how large the first view is. */
export function compressFiles(): Plugin {
  let folder = '';
  let entries: readonly string[] = [];
  return {
    name: 'compress-files',
    apply: 'build',
    configResolved({ root, build }) {
      folder = resolve(root, build.outDir);
    },
    generateBundle(_options, bundle) {
      entries = filesOfFirstView(bundle);
    },
    async closeBundle() {
      const { first, all } = await compressFolder(folder, new Set(entries));
      console.log(`console: first view ${inKb(first)}, everything ${inKb(all)} (brotli)`);
    },
  };
}

type Bundle = Parameters<Extract<Plugin['generateBundle'], (...args: never) => unknown>>[1];

/** The entry, what it imports at once, their styles, and the page. */
function filesOfFirstView(bundle: Bundle): string[] {
  const found = new Set<string>(['index.html']);
  const visit = (name: string): void => {
    const chunk = bundle[name];
    if (found.has(name) || chunk === undefined) {
      return;
    }
    found.add(name);
    if (chunk.type === 'chunk') {
      for (const style of chunk.viteMetadata?.importedCss ?? []) {
        found.add(style);
      }
      chunk.imports.forEach(visit);
    }
  };
  for (const [name, chunk] of Object.entries(bundle)) {
    if (chunk.type === 'chunk' && chunk.isEntry) {
      visit(name);
    }
  }
  return [...found];
}

async function compressFolder(folder: string, firstView: ReadonlySet<string>): Promise<BuildSizes> {
  let first = 0;
  let all = 0;
  const names = await readdir(folder, { recursive: true });
  for (const name of names.filter((file) => COMPRESSIBLE.test(file) && !file.startsWith('.vite'))) {
    const bytes = await readFile(join(folder, name));
    if (bytes.length < MIN_BYTES) {
      continue;
    }
    const small = await compressFile(join(folder, name), bytes);
    all += small;
    first += firstView.has(name) ? small : 0;
  }
  return { first, all };
}

/** @returns the size of the Brotli file */
async function compressFile(path: string, bytes: Buffer): Promise<number> {
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
    [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
  };
  const [brotli, zipped] = await Promise.all([
    promisify(brotliCompress)(bytes, { params }),
    promisify(gzip)(bytes, { level: 9 }),
  ]);
  await Promise.all([writeFile(`${path}.br`, brotli), writeFile(`${path}.gz`, zipped)]);
  return brotli.length;
}

function inKb(bytes: number): string {
  return `${(bytes / 1000).toFixed(1)} kB`;
}
