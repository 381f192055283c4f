import type { Suspension } from '../../../kernel/op.ts';

/** What a task yields to the thread that runs it, to end there. */
export const EXIT: Suspension = Object.freeze({}) as Suspension;
