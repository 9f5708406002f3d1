import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const CORE_PACKAGES = ['money', 'domain', 'contracts', 'simulate', 'lab', 'replay'];

/** What writes CSV does so by a library that needs Node's buffers; nothing else needs them. */
const WRITES_CSV = /^packages\/contracts\/src\/files\/(csv-lines|creators-csv-writer)\.ts$/;

export interface Bundle {
  /** A script that leaves the core in a global `core`. */
  readonly script: string;
  /** Paths of all that is in it. */
  readonly inputs: readonly string[];
  /** What it would import when it runs. */
  readonly imports: readonly string[];
}

/** What a page uses, as a script. Fails where something of Node is needed. */
export function bundlePage(): Promise<Bundle> {
  return bundle("export * from './test/browser/core.ts';");
}

/** Every file of the core packages that is not for tests. */
export function bundleCore(): Promise<Bundle> {
  const lines = coreFiles().map((file, index) => `export * as file${index} from './${file}';`);
  return bundle(lines.join('\n'));
}

/** Files of the core packages, from the root. */
export function coreFiles(): string[] {
  return CORE_PACKAGES.flatMap((name) =>
    readdirSync(join(ROOT, 'packages', name, 'src'), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts') && !/(^|\/)test-|\.test\.ts$/.test(file))
      .map((file) => `packages/${name}/src/${file}`)
      .filter((file) => !WRITES_CSV.test(file)),
  );
}

async function bundle(contents: string): Promise<Bundle> {
  const built = await build({
    stdin: { contents, resolveDir: ROOT, sourcefile: 'page.ts', loader: 'ts' },
    bundle: true,
    platform: 'browser', // a Node built-in is an error
    format: 'iife',
    globalName: 'core',
    target: 'es2022',
    minify: true,
    metafile: true,
    write: false,
    logLevel: 'silent',
  });
  const [file] = built.outputFiles;
  const outputs = Object.values(built.metafile.outputs);
  return {
    script: file?.text ?? '',
    inputs: Object.keys(built.metafile.inputs),
    imports: outputs.flatMap(({ imports }) => imports.map(({ path }) => path)),
  };
}
