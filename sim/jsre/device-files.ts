import { readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { join, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { SimulationError } from '../../kernel/simulation-error.ts';
import { resolvePath, type DeviceFiles, type FileStat } from './runtime/files.ts';

/**
 * The files of a host's folder, read-only. No path leads out of it, by `..` or by links.
 *
 * @throws SimulationError where there is no such folder
 */
export function hostFolder(folder: string): DeviceFiles {
  const root = real(folder);
  if (root === null || !statSync(root).isDirectory()) {
    throw new SimulationError({
      kind: 'world',
      what: `the device's files: there is no folder '${folder}'`,
      fix: 'name a folder of the host',
    });
  }
  const hostPath = (path: string): string | null => {
    const found = real(join(root, ...resolvePath('/', path).split('/')));
    return found !== null && (found === root || found.startsWith(root + sep)) ? found : null;
  };
  return {
    read(path): Uint8Array | null {
      const found = hostPath(path);
      return found !== null && statSync(found).isFile() ? new Uint8Array(readFileSync(found)) : null;
    },
    stat(path): FileStat | null {
      const found = hostPath(path);
      if (found === null) return null;
      const stat = statSync(found);
      return stat.isDirectory() ? { kind: 'directory', size: 0 } : { kind: 'file', size: stat.size };
    },
    list(path): readonly string[] | null {
      const found = hostPath(path);
      return found !== null && statSync(found).isDirectory() ? readdirSync(found).sort() : null;
    },
    url: (path) => pathToFileURL(join(root, path)).href,
  };
}

function real(path: string): string | null {
  try {
    return realpathSync(path);
  } catch {
    return null;
  }
}

/** Files given by their texts or bytes. */
export function memoryFiles(contents: Readonly<Record<string, string | Uint8Array>>): DeviceFiles {
  const files = new Map<string, Uint8Array>();
  const folders = new Map<string, Set<string>>([['/', new Set()]]);
  for (const [name, content] of Object.entries(contents)) {
    const path = resolvePath('/', name);
    files.set(path, typeof content === 'string' ? new TextEncoder().encode(content) : content);
    let folder = '/';
    for (const part of path.slice(1).split('/')) {
      folders.set(folder, (folders.get(folder) ?? new Set()).add(part));
      folder = folder === '/' ? `/${part}` : `${folder}/${part}`;
    }
  }
  return {
    read: (path) => files.get(path)?.slice() ?? null,
    stat: (path) => {
      const bytes = files.get(path);
      if (bytes !== undefined) return { kind: 'file', size: bytes.length };
      return folders.has(path) ? { kind: 'directory', size: 0 } : null;
    },
    list: (path) => {
      const names = folders.get(path);
      return names === undefined ? null : [...names].sort();
    },
  };
}
