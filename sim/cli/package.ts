import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of the package that a file belongs to: the nearest one above it with a package.json; null where none has. */
export function packageFolder(file: string): string | null {
  for (let folder = dirname(file); folder !== dirname(folder); folder = dirname(folder)) {
    if (existsSync(join(folder, 'package.json'))) return folder;
  }
  return null;
}

/** The folder of the installed package: where its package.json and its examples are. Sources and build lie at different depths. */
export const PACKAGE_ROOT = packageFolder(fileURLToPath(import.meta.url)) ?? '.';

/** The package's version. */
export function packageVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(join(PACKAGE_ROOT, 'package.json'), 'utf8'));
  const hasVersion = typeof manifest === 'object' && manifest !== null && 'version' in manifest;
  return hasVersion ? String(manifest.version) : 'unknown';
}

/** Where npm found the package when it installed it, if that was a file: `file:../txsim-0.1.0.tgz`, from the folder of node_modules. */
function installedFrom(modules: string): string | null {
  const lock = join(modules, '.package-lock.json');
  if (!existsSync(lock)) return null;
  const [, file = null] =
    /"node_modules\/txsim": \{[^{}]*?"resolved": "file:([^"]+)"/.exec(readFileSync(lock, 'utf8')) ?? [];
  return file === null ? null : resolve(dirname(modules), file);
}

/**
 * What a project writes for this package among its dependencies: the version where it came from a registry, else where it
 * lies (a clone, or the archive that it was installed from), since no registry need have it.
 *
 * @param folder - the project's
 */
export function dependencyFor(folder: string): string {
  const above = dirname(PACKAGE_ROOT);
  const place = basename(above) === 'node_modules' ? installedFrom(above) : PACKAGE_ROOT;
  return place === null ? `^${packageVersion()}` : `file:${relative(folder, place).replaceAll('\\', '/')}`;
}
