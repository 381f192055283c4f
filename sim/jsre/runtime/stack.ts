import { SourceMap, type SourceMapPayload } from 'node:module';
import type { CompiledScript } from '../compile/compile.ts';

/** What V8 tells of a frame. */
interface Frame {
  getFileName(): string | null | undefined;
  getLineNumber(): number | null;
  getColumnNumber(): number | null;
  getFunctionName(): string | null;
}

const maps = new WeakMap<CompiledScript, SourceMap>();

function mapOf(script: CompiledScript): SourceMap {
  let map = maps.get(script);
  if (map === undefined) {
    map = new SourceMap(JSON.parse(script.map) as SourceMapPayload);
    maps.set(script, map);
  }
  return map;
}

/**
 * The stack of an error as its script's author knows it: the script's own functions, at the lines and columns of the
 * source. Frames of the runtime and of the engine are left out.
 */
export function scriptStack(
  error: unknown,
  frames: readonly Frame[],
  scripts: ReadonlyMap<string, CompiledScript>,
): string {
  const lines = frames.flatMap((frame) => {
    const script = scripts.get(frame.getFileName() ?? '');
    if (script === undefined) return [];
    const line = describe(frame, script);
    return line === null ? [] : [line];
  });
  return [header(error), ...lines].join('\n');
}

function header(error: unknown): string {
  try {
    return String(error);
  } catch {
    return 'Error';
  }
}

function describe(frame: Frame, script: CompiledScript): string | null {
  const line = frame.getLineNumber() ?? 1;
  let column = (frame.getColumnNumber() ?? 1) - 1;
  const text = script.code.split('\n')[line - 1] ?? '';
  // The outside of a function, whose inside has a frame of its own.
  if (text.startsWith('e(', column) && text.slice(0, column).endsWith(`${script.prefix}.`)) return null;
  // What was put in has no place in the source; what follows it has.
  const inserted = /^\(?(?:yield\* )?(?:\$j\d*_\.)?[cn]\(+(?:\$j\d*_\d+ = \(*)?/.exec(text.slice(column));
  if (inserted !== null && text.slice(0, column + inserted[0].length).includes(script.prefix)) {
    column += inserted[0].length;
  }
  const entry = mapOf(script).findEntry(line - 1, column);
  const [atLine, atColumn] =
    'originalLine' in entry ? [entry.originalLine + 1, entry.originalColumn + 1] : [line, column + 1];
  const place = `${script.file}:${atLine}:${atColumn}`;
  const name = frame.getFunctionName();
  const shown = name === null ? null : (script.names.get(name) ?? name);
  return shown === null ? `    at ${place}` : `    at ${shown} (${place})`;
}

/** `main.js:12` of the innermost line of a script in a stack made by {@link scriptStack}, or null where there is none. */
export function scriptPlace(stack: string): string | null {
  const match = /^ {4}at (?:.* \()?([^\s()]+:\d+):\d+\)?$/m.exec(stack);
  return match?.[1] ?? null;
}
