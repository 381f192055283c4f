import type { Op } from '../kernel/op.ts';

/**
 * What is left of a piece of work: an operation that the calling thread still has to run (`yield*`), or null where the
 * work is done. Most packets need no waiting at all, and so no generator.
 */
export type Pending = Op<unknown> | null;
