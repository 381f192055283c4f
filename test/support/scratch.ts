import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder for the files of this test run; it goes when the process ends. */
export const scratch = mkdtempSync(join(tmpdir(), 'txsim-'));
process.once('exit', () => rmSync(scratch, { recursive: true, force: true }));
