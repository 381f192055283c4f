/**
 * Writes sim/explain/services.ts from the TSDoc of the faces: `npm run generate`. With `--check` it writes nothing, and fails
 * where the file is not what it would write.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { STATUSES } from '../status-names.ts';
import { ReturnsReader } from './returns.ts';

const ROOT = new URL('../../', import.meta.url);
const FACES = ['kernel/api', 'netx/api', 'secure/api'];
/** Where the statuses stand with which a handshake may fail, each imported by its name. */
const HANDSHAKE_SOURCES = ['secure/status.ts', 'secure/dtls-machine.ts', 'secure/dtls-handshake.ts'];
const TABLE = 'sim/explain/services.ts';

const read = (path: string): string => readFileSync(new URL(path, ROOT), 'utf8');
const statusNames = new Set(STATUSES.map(({ name }) => name));

/** What the faces of this checkout say. */
export function readFaces(): ReturnsReader {
  const files = FACES.flatMap((folder) => readdirSync(new URL(folder, ROOT)).map((file) => `${folder}/${file}`));
  const ofHandshakes = HANDSHAKE_SOURCES.flatMap((path) => read(path).match(/\bNX_SECURE_[A-Z\d_]+/g) ?? []);
  return new ReturnsReader(
    files.sort().map(read),
    (name) => statusNames.has(name),
    [...new Set(ofHandshakes)].filter((name) => statusNames.has(name)).sort(),
  );
}

/** The text of the table, and whether the file has it. */
export async function generate(): Promise<{ readonly text: string; readonly upToDate: boolean }> {
  const faces = readFaces();
  if (faces.unknown.length > 0)
    throw new Error(`no constants are statuses of these names: ${faces.unknown.join(', ')}`);
  const table = Object.fromEntries(faces.services.map((name) => [name, faces.statusesOf(name)]));
  const source = [
    '// Written by `npm run generate` from the @returns of the faces. Change those, not this.',
    "import type { ServiceStatuses } from './explanation.ts';",
    '',
    '/** The statuses of every service, with the words on when; a service without any gives no status. */',
    `export const SERVICES: Readonly<Record<string, ServiceStatuses>> = ${JSON.stringify(table)};`,
  ].join('\n');
  const path = fileURLToPath(new URL(TABLE, ROOT));
  const text = await format(source, { ...(await resolveConfig(path)), filepath: path });
  let current: string | null = null;
  try {
    current = read(TABLE);
  } catch {
    // The first run makes the file.
  }
  return { text, upToDate: text === current };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { text, upToDate } = await generate();
  if (!process.argv.includes('--check')) writeFileSync(new URL(TABLE, ROOT), text);
  else if (!upToDate) {
    process.stderr.write(`${TABLE} is not what the faces say: npm run generate\n`);
    process.exitCode = 1;
  }
}
