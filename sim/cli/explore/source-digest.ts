import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

/** What a module takes from another file by a relative path. */
const RELATIVE = /\b(?:from|import|require)\s*\(?\s*(['"])(\.{1,2}\/[^'"\n]+)\1/g;

const isFile = (path: string): boolean => existsSync(path) && statSync(path).isFile();

/** The modules that a file is made of, itself included: what it imports by relative paths, and what that imports. */
function modulesOf(file: string, known = new Set<string>()): ReadonlySet<string> {
  if (known.has(file) || !isFile(file)) return known;
  known.add(file);
  for (const [, , path = ''] of readFileSync(file, 'utf8').matchAll(RELATIVE)) {
    modulesOf(resolve(dirname(file), path), known);
  }
  return known;
}

/** A digest of a scenario's text and that of all it imports by relative paths: it changes when one of them does. */
export function sourceDigest(file: string): string {
  const digest = createHash('sha256');
  for (const module of modulesOf(resolve(file))) digest.update(readFileSync(module)).update('\0');
  return digest.digest('hex').slice(0, 16);
}
