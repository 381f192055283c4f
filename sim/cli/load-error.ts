import { readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'acorn';
import { callSiteOf } from '../../kernel/call-site.ts';
import { UsageError } from './exit-codes.ts';
import { packageFolder } from './package.ts';

/** The modules that firmware imports, in the order in which a name is looked for. */
const FACES: Readonly<Record<string, () => Promise<object>>> = {
  'txsim/tx_api': () => import('../../kernel/tx_api.ts'),
  'txsim/nx_api': () => import('../../netx/nx_api.ts'),
  'txsim/nxd_dhcp_client': () => import('../../netx/nxd_dhcp_client.ts'),
  'txsim/nx_secure_dtls_api': () => import('../../secure/nx_secure_dtls_api.ts'),
  'txsim/nx_secure_tls_api': () => import('../../secure/nx_secure_tls_api.ts'),
  txsim: () => import('../index.ts'),
};

/** What to do about what Node or esbuild says of a syntax error. */
const SYNTAX_HINTS: readonly (readonly [RegExp, string])[] = [
  [/"yield" is a reserved word|strict mode reserved word/, 'yield* stands in a generator: write function*'],
  [/"await" can only be used/, 'services are not awaited: write yield* in a function*'],
];

const short = (file: string): string => relative('', file.startsWith('file:') ? fileURLToPath(file) : file);

/** `file:///x/firmware.ts:3` as `firmware.ts:3`. */
function shortSite(site: string): string {
  const [, file = site, line = ''] = /^(.*):(\d+)$/.exec(site) ?? [];
  return line === '' ? short(file) : `${short(file)}:${line}`;
}

function withHint(message: string): string {
  const hint = SYNTAX_HINTS.find(([pattern]) => pattern.test(message));
  return hint === undefined ? message : `${message}; ${hint[1]}`;
}

/** `:3:12` where a script's syntax is wrong; nothing where it is another file's. */
function wrongPlace(file: string): string {
  try {
    parse(readFileSync(file, 'utf8'), { ecmaVersion: 'latest', sourceType: 'module' });
    return '';
  } catch (error) {
    const [, line = '', column = ''] = /\((\d+):(\d+)\)$/.exec(error instanceof Error ? error.message : '') ?? [];
    return line === '' ? '' : `:${line}:${column}`;
  }
}

/** Import and export in a file that Node takes for CommonJS, because its package does not say otherwise. */
function notAModule(file: string): string {
  const manifest = join(packageFolder(file) ?? dirname(file), 'package.json');
  const named = file.endsWith('.ts') ? '.mts' : '.mjs';
  return `${short(file)} is a module (it has import or export), but its package is not: write "type": "module" in ${short(manifest)}, or name the file …${named}`;
}

/** Which of the modules has what another one has not. */
async function missingExport(module: string, name: string, at: string): Promise<string> {
  const where = at === '' ? '' : `${shortSite(at)}: `;
  for (const [face, load] of Object.entries(FACES)) {
    if (face !== module && name in (await load())) {
      return `${where}'${module}' has no '${name}'; import it from '${face}'`;
    }
  }
  return `${where}'${module}' has no export '${name}'`;
}

/** What is wrong with a file that cannot be loaded, with the place, in one line. */
async function explain(error: unknown, file: string): Promise<string> {
  if (!(error instanceof Error)) return `${short(file)}: it threw ${String(error)} when it was loaded`;
  const [message = ''] = error.message.split('\n');
  const code = 'code' in error ? error.code : undefined;
  // esbuild: the place stands in the second line of its message.
  const transform = /^(.+:\d+:\d+): ERROR: (.*)$/m.exec(error.message);
  if (transform !== null) {
    const [, place = '', what = ''] = transform;
    return `${short(place)}: ${withHint(what)}`;
  }
  const cycle = /^Cannot require\(\) ES Module (.+?) in a cycle/.exec(message);
  if (cycle !== null) return notAModule(cycle[1] ?? file);
  const [head = ''] = (error.stack ?? '').split('\n');
  const at = /^(?:file:|\/|[A-Za-z]:).*:\d+$/.test(head) ? head : '';
  if (error.name === 'SyntaxError') {
    const missing = /^The requested module '(.+)' does not provide an export named '(.+)'$/.exec(message);
    if (missing !== null) return missingExport(missing[1] ?? '', missing[2] ?? '', at);
    if (/^Cannot use import statement outside|^Unexpected token 'export'/.test(message)) {
      return notAModule(at === '' ? file : resolve(shortSite(at).replace(/:\d+$/, '')));
    }
    return `${at === '' ? short(file) + wrongPlace(file) : shortSite(at)}: ${withHint(message)}`;
  }
  const notThere = /^(Cannot find (?:module|package) '.+?')(?: imported from (.+))?$/.exec(message);
  if (notThere !== null) {
    const [, what = '', from = file] = notThere;
    return `${short(from)}: ${what.replace(/'(\/.+)'/, (_, path: string) => `'${short(path)}'`)}, which it imports`;
  }
  const subpath =
    /^Package subpath '\.\/(.+)' is not defined by "exports" in .*\/txsim\/package\.json imported from (.+)$/.exec(
      message,
    );
  if (subpath !== null) {
    const [, path = '', from = file] = subpath;
    return `${short(from)}: there is no module 'txsim/${path}'; there are ${Object.keys(FACES).join(', ')}`;
  }
  if (code === 'ERR_UNKNOWN_FILE_EXTENSION') return `${short(file)}: expected a .ts or .js file`;
  const site = callSiteOf(error);
  return `${site === null ? short(file) : shortSite(site)}: ${error.name}: ${message}`;
}

/**
 * What kept a firmware or a scenario from being loaded, as a mistake in that file: Node would tell it with a page of its own
 * loader's frames, and end with the exit code of an expectation that failed.
 */
export async function loadError(error: unknown, file: string): Promise<UsageError> {
  return new UsageError(await explain(error, file));
}
