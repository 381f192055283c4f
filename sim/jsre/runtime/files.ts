/** What the device's file system says of a path. */
export interface FileStat {
  readonly kind: 'file' | 'directory';
  /** Bytes; 0 for a directory. */
  readonly size: number;
}

/** The read-only file system of a device. Paths are absolute: `/main.js`, `/certs/ca.pem`. */
export interface DeviceFiles {
  /** The bytes of a file, or null where there is none. */
  read(path: string): Uint8Array | null;
  /** What there is at a path, or null. */
  stat(path: string): FileStat | null;
  /** The names in a directory, sorted, or null where there is none. */
  list(path: string): readonly string[] | null;
  /** Where a debugger finds a file, if the host has it. */
  url?(path: string): string;
}

/** Joins a path to the directory it is relative to; `..` never leads out of the root. */
export function resolvePath(from: string, path: string): string {
  const parts: string[] = [];
  for (const part of (path.startsWith('/') ? path : `${from}/${path}`).split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `/${parts.join('/')}`;
}

/** The directory of a path. */
export function directoryOf(path: string): string {
  const at = path.lastIndexOf('/');
  return at <= 0 ? '/' : path.slice(0, at);
}
