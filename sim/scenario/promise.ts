/**
 * Whether a function that was to decide at once gave back a promise, which is neither true nor false and which no run
 * waits for. Should it fail later, that is nobody's error any more.
 */
export function isPromise(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || !('then' in value) || typeof value.then !== 'function')
    return false;
  Promise.resolve(value).catch(() => undefined);
  return true;
}
