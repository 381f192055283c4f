import { MODULE_PARAMETERS } from '../compile/compile.ts';
import { ScriptSyntaxError } from '../compile/script-error.ts';
import { directoryOf, resolvePath } from './files.ts';
import { moduleNames } from './module-registry.ts';
import { blocking, type Suspending } from './native.ts';
import { loadScript } from './script-cache.ts';
import type { JsreTask } from './task.ts';

interface Module {
  readonly id: string;
  exports: unknown;
}

type Factory = (calls: unknown) => (...args: readonly unknown[]) => Suspending<unknown>;

/** Loads the scripts of one task: each runs once, and gives everybody what it exports. */
export class ScriptLoader {
  readonly #task: JsreTask;
  readonly #modules = new Map<string, Module>();
  readonly #require = new Map<string, unknown>();

  constructor(task: JsreTask) {
    this.#task = task;
  }

  /** Runs a script, if it was not run before, and gives its exports. */
  *load(path: string): Suspending<unknown> {
    const known = this.#modules.get(path);
    if (known !== undefined) return known.exports;
    const { realm, process } = this.#task;
    const bytes = process.files.read(path);
    if (bytes === null) throw new realm.intrinsics.Error(`there is no file '${path}'`);
    const source = new TextDecoder().decode(bytes);
    const module: Module = realm.adopt({ id: path, exports: {} });
    this.#modules.set(path, module);
    try {
      if (path.endsWith('.json')) module.exports = this.#parse(path, source);
      else yield* this.#run(path, source, module);
    } catch (error) {
      this.#modules.delete(path);
      throw error;
    }
    return module.exports;
  }

  *#run(path: string, source: string, module: Module): Suspending<void> {
    const { realm, process } = this.#task;
    const file = path.slice(1);
    const { compiled, script } = loadScript(source, file, process.files.url?.(path) ?? file);
    realm.scripts.set(file, compiled);
    const factory = script.runInContext(realm.context) as Factory;
    const main = factory(realm.calls.face);
    const values: Record<(typeof MODULE_PARAMETERS)[number], unknown> = {
      exports: module.exports,
      require: this.#requireIn(directoryOf(path)),
      module,
      __filename: path,
      __dirname: directoryOf(path),
    };
    yield* Reflect.apply(
      main,
      module.exports,
      MODULE_PARAMETERS.map((name) => values[name]),
    );
  }

  #parse(path: string, source: string): unknown {
    const { realm } = this.#task;
    try {
      return (realm.evaluate('JSON.parse') as (text: string) => unknown)(source);
    } catch (error) {
      throw new realm.intrinsics.SyntaxError(
        `${path.slice(1)}: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
  }

  /** The `require` of the scripts in a directory. */
  #requireIn(directory: string): unknown {
    const known = this.#require.get(directory);
    if (known !== undefined) return known;
    const find = this.#find.bind(this);
    const require = blocking('require', function* (name?: unknown): Suspending<unknown> {
      return yield* find(directory, name);
    });
    this.#require.set(directory, this.#task.adopt(require));
    return require;
  }

  *#find(directory: string, name: unknown): Suspending<unknown> {
    const { realm, process } = this.#task;
    if (typeof name !== 'string' || name === '') {
      throw this.#task.typeError(`require() needs the name of a module, not ${String(name)}`);
    }
    if (!name.startsWith('.') && !name.startsWith('/')) {
      const module = this.#task.module(name);
      if (module !== null) return module;
      throw new realm.intrinsics.Error(`there is no module '${name}' here; there are: ${moduleNames().join(', ')}`);
    }
    const path = resolvePath(directory, name);
    const candidates = [path, `${path}.js`, `${path}.json`, `${path}/index.js`];
    const found = candidates.find((one) => process.files.stat(one)?.kind === 'file');
    if (found === undefined) {
      throw new realm.intrinsics.Error(
        `require('${name}'): there is no such file (looked for ${candidates.join(', ')})`,
      );
    }
    try {
      return yield* this.load(found);
    } catch (error) {
      if (!(error instanceof ScriptSyntaxError)) throw error;
      throw new realm.intrinsics.SyntaxError(error.message);
    }
  }
}
