import { bufferText } from '../runtime/buffer.ts';
import { ERRNO } from '../runtime/errno.ts';
import { resolvePath, type FileStat } from '../runtime/files.ts';
import { defineModule } from '../runtime/module-registry.ts';
import { blocking, isFunction, type Suspending } from '../runtime/native.ts';
import type { JsreTask } from '../runtime/task.ts';

/** JSRE's fs on a device whose files are read-only. Relative paths begin where the main script is. */
function makeFs(task: JsreTask): object {
  const { files } = task.process;
  const at = (path: unknown, what: string): string => {
    if (typeof path !== 'string') throw task.typeError(`${what} needs a path, not ${String(path)}`);
    return resolvePath(task.process.folder, path);
  };
  const read = (path: unknown, what: string): Uint8Array | undefined => {
    const where = at(path, what);
    const bytes = files.read(where);
    if (bytes !== null) return bytes;
    return task.fail<Uint8Array | undefined>(files.stat(where) === null ? ERRNO.ENOENT : ERRNO.EISDIR, undefined);
  };
  const text = (bytes: Uint8Array, encoding: unknown): string => bufferText(task.realm, bytes, encoding);
  const statOf = (path: unknown, what: string): FileStat | undefined =>
    files.stat(at(path, what)) ?? task.fail(ERRNO.ENOENT, undefined);
  const shown = (stat: FileStat): object => ({
    size: stat.size,
    isFile: () => stat.kind === 'file',
    isDirectory: () => stat.kind === 'directory',
    isSymbolicLink: () => false,
  });
  const entries = (path: unknown, what: string): readonly object[] | undefined => {
    const where = at(path, what);
    const names = files.list(where);
    if (names === null) {
      task.fail(files.stat(where) === null ? ERRNO.ENOENT : ERRNO.ENOTDIR, undefined);
      return;
    }
    return names.map((name) => ({ name, ...shown(files.stat(resolvePath(where, name)) ?? { kind: 'file', size: 0 }) }));
  };
  const refuse = (): boolean => task.fail(ERRNO.EROFS, false);

  const open = (path: unknown, flags?: unknown): object | undefined => {
    if (flags !== undefined && flags !== 'r' && flags !== 0) {
      task.fail(ERRNO.EROFS, undefined);
      return;
    }
    const bytes = read(path, 'fs.open()');
    return bytes === undefined ? undefined : openFile(task, bytes, text, shown({ kind: 'file', size: bytes.length }));
  };

  return {
    F_OK: 0,
    R_OK: 4,
    W_OK: 2,
    X_OK: 1,
    SEEK_SET: 0,
    SEEK_CUR: 1,
    SEEK_END: 2,
    readString: (path: unknown): string | undefined => {
      const bytes = read(path, 'fs.readString()');
      return bytes === undefined ? undefined : text(bytes, 'utf8');
    },
    readFile: (path: unknown, encoding?: unknown): unknown => {
      const bytes = read(path, 'fs.readFile()');
      if (bytes === undefined) return undefined;
      return encoding === undefined ? task.buffer(bytes) : text(bytes, encoding);
    },
    load: (path: unknown, otherwise?: unknown): unknown => {
      const bytes = read(path, 'fs.load()');
      if (bytes === undefined) return otherwise;
      const parse = task.realm.evaluate('JSON.parse') as (text: string) => unknown;
      return parse(text(bytes, 'utf8'));
    },
    access: (path: unknown, flags?: unknown): boolean => {
      if (statOf(path, 'fs.access()') === undefined) return false;
      return (Number(flags ?? 0) & 2) === 0 || refuse();
    },
    exists: (path: unknown): boolean => statOf(path, 'fs.exists()') !== undefined,
    existsSync: (path: unknown): boolean => statOf(path, 'fs.existsSync()') !== undefined,
    stat: (path: unknown): object | undefined => {
      const stat = statOf(path, 'fs.stat()');
      return stat === undefined ? undefined : shown(stat);
    },
    size: (path: unknown): number | undefined => statOf(path, 'fs.size()')?.size,
    dumpdir: (path: unknown): readonly object[] | undefined => entries(path, 'fs.dumpdir()'),
    listdir: (path: unknown): readonly string[] | undefined =>
      files.list(at(path, 'fs.listdir()')) ?? task.fail(ERRNO.ENOENT, undefined),
    readdir: blocking('fs.readdir', function* (path?: unknown, call?: unknown, ...args: readonly unknown[]): Suspending<
      boolean | readonly string[]
    > {
      const found = entries(path, 'fs.readdir()');
      if (found === undefined) return false;
      if (!isFunction(call)) return files.list(at(path, 'fs.readdir()')) ?? [];
      for (const entry of found) yield* task.call(call, undefined, entry, ...args);
      return true;
    }),
    realpath: (path: unknown): string => at(path, 'fs.realpath()'),
    open,
    File: open,
    writeFile: refuse,
    unlink: refuse,
    rename: refuse,
    copy: refuse,
    store: refuse,
    mkdir: refuse,
    rmdir: refuse,
    chmod: refuse,
    truncate: refuse,
    symlink: refuse,
    sync: (): void => undefined,
  };
}

/** What `fs.open` gives. */
function openFile(
  task: JsreTask,
  bytes: Uint8Array,
  text: (bytes: Uint8Array, encoding: unknown) => string,
  stat: object,
): object {
  let place = 0;
  return {
    read(buffer: unknown, offset: unknown = 0, length?: unknown, position?: unknown): number {
      const into = task.bytes(buffer);
      if (into === null) throw task.typeError('file.read() needs a Buffer to read into');
      const from = position === undefined ? place : Number(position);
      const room = into.subarray(Number(offset), length === undefined ? undefined : Number(offset) + Number(length));
      const part = bytes.subarray(from, from + room.length);
      room.set(part);
      if (position === undefined) place += part.length;
      return part.length;
    },
    write: (): number => task.fail(ERRNO.EROFS, -1),
    seek(offset: unknown, whence: unknown = 0): number {
      const base = whence === 1 ? place : whence === 2 ? bytes.length : 0;
      place = Math.min(Math.max(0, base + Number(offset)), bytes.length);
      return place;
    },
    tell: (): number => place,
    size: (): number => bytes.length,
    stat: (): object => stat,
    toString: (start?: unknown, end?: unknown): string =>
      text(bytes.subarray(Number(start ?? 0), end === undefined ? undefined : Number(end)), 'utf8'),
    close: (): void => undefined,
  };
}

defineModule('fs', makeFs);
