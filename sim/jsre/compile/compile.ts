import { directives } from './functions.ts';
import { Rewriter } from './rewriter.ts';
import { parseScript } from './syntax.ts';

/** A script whose calls may wait. */
export interface CompiledScript {
  /** As in the source's file name: `lib/task.js`. */
  readonly file: string;
  readonly source: string;
  /** An expression: a function of the runtime's calls that gives the generator function of the script's module. */
  readonly code: string;
  /** From `code` back to the source (version 3, as JSON). */
  readonly map: string;
  /** What begins the names that were put in. */
  readonly prefix: string;
  /** Generators in `code` and the functions they stand for. */
  readonly names: ReadonlyMap<string, string>;
}

/** The parameters of a module, as its script sees them. */
export const MODULE_PARAMETERS = ['exports', 'require', 'module', '__filename', '__dirname'] as const;

/**
 * Compiles a script: every function of it becomes one that may wait, and every call one that delegates.
 *
 * @param file - its name, for errors and stack traces
 * @param url - where a debugger finds the source; default: `file`
 * @throws ScriptSyntaxError for a script that cannot be parsed, or has what cannot run here
 */
export function compileScript(source: string, file: string, url: string = file): CompiledScript {
  const script = parseScript(source, file);
  const rewriter = new Rewriter(script);
  const { prefix, edits, state, scope, names, uses } = rewriter;
  if (source.startsWith('#!')) edits.replace(0, 2, '//');
  const { end } = directives(rewriter, script.program, 0);
  const keeps = uses.of(script.program).arguments ? ` const ${prefix}arguments = arguments;` : '';
  const main = rewriter.name();
  names.set(main, '<main>');
  if (scope !== null) rewriter.declare(beginOf(source, end), scope, state.temporaries, keeps);
  rewriter.visit(script.program);
  const wrapped = edits.apply(
    `(function (${prefix}) { return function* ${main}(${MODULE_PARAMETERS.join(', ')}) {`,
    '\n}; })',
  );
  const map = wrapped.generateMap({ source: url, includeContent: true, hires: true }).toString();
  return { file, source, code: wrapped.toString(), map, prefix, names };
}

/** Behind the directives, and never inside of a `#!` line. */
function beginOf(source: string, directivesEnd: number): number {
  if (directivesEnd > 0 || !source.startsWith('#!')) return directivesEnd;
  const lineEnd = source.indexOf('\n');
  return lineEnd < 0 ? source.length : lineEnd + 1;
}
