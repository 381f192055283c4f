import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** What a page runs and how it looks. */
export interface PageAssets {
  readonly script: string;
  readonly style: string;
}

const beside = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

/**
 * The page's script and style: as the build left them, or, where the simulator runs from its sources, made now.
 *
 * @param entry - the script's entry, without its suffix, relative to this folder
 */
export async function pageAssets(entry = 'page/main'): Promise<PageAssets> {
  const built = beside(`./${entry}.js`);
  if (existsSync(built))
    return { script: readFileSync(built, 'utf8'), style: readFileSync(beside('./page/page.css'), 'utf8') };
  const { build } = await import('esbuild');
  const { outputFiles } = await build({
    entryPoints: [beside(`./${entry}.ts`), beside('./page/page.css')],
    bundle: true,
    minify: true,
    format: 'iife',
    target: 'es2022',
    write: false,
    outdir: beside('./page'),
    logLevel: 'silent',
  });
  const textOf = (suffix: string): string => outputFiles.find(({ path }) => path.endsWith(suffix))?.text ?? '';
  return { script: textOf('.js'), style: textOf('.css') };
}
