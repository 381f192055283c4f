import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fromHex, toHex } from './target.ts';

const FOLDER = 'test/fuzz/corpus';

/** The inputs of a target's folder: files of hex digits, in lines of any length. */
export function loadCorpus(target: string): readonly Uint8Array[] {
  const folder = `${FOLDER}/${target}`;
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith('.hex'))
    .sort()
    .map((name) => fromHex(readFileSync(`${folder}/${name}`, 'utf8')));
}

/** Writes an input into the folder of its target. */
export function saveToCorpus(target: string, name: string, input: Uint8Array): void {
  const folder = `${FOLDER}/${target}`;
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${folder}/${name}.hex`, `${toHex(input).replaceAll(/(.{120})/g, '$1\n')}\n`);
}
