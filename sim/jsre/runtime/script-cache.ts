import { Script } from 'node:vm';
import { compileScript, type CompiledScript } from '../compile/compile.ts';

/** A compiled script, ready to be run in any realm. */
export interface LoadedScript {
  readonly compiled: CompiledScript;
  readonly script: Script;
}

/** Scripts that were compiled before: tasks, devices and repeated worlds run the same ones. */
const loaded = new Map<string, LoadedScript>();
const LIMIT = 500;

/**
 * Compiles a script, once for all that run it.
 *
 * @throws ScriptSyntaxError
 */
export function loadScript(source: string, file: string, url: string): LoadedScript {
  const key = `${file}\n${url}\n${source}`;
  const known = loaded.get(key);
  if (known !== undefined) return known;
  const compiled = compileScript(source, file, url);
  const map = Buffer.from(compiled.map).toString('base64');
  const script = new Script(`${compiled.code}\n//# sourceMappingURL=data:application/json;base64,${map}`, {
    filename: file,
  });
  if (loaded.size >= LIMIT) loaded.clear();
  const made = { compiled, script };
  loaded.set(key, made);
  return made;
}
