/**
 * Promises of scripts that are rejected with nobody to catch it. Left to itself, the engine would end the simulator for
 * them; here they are told of, and the run goes on. Any other promise is left to the rules that hold without this.
 */
const prototypes = new WeakSet();
let isWatching = false;

/** Watches the promises of a realm. */
export function watchRejections(promisePrototype: object): void {
  prototypes.add(promisePrototype);
  if (isWatching) return;
  isWatching = true;
  process.on('unhandledRejection', (reason: unknown, promise: object) => {
    if (prototypes.has(Object.getPrototypeOf(promise) as object)) {
      process.emitWarning(`a script's promise was rejected, and nothing caught it: ${textOf(reason)}`, 'JSRE');
    } else if (process.listenerCount('unhandledRejection') === 1) {
      throw reason;
    }
  });
}

function textOf(reason: unknown): string {
  try {
    const stack = typeof reason === 'object' && reason !== null && 'stack' in reason ? reason.stack : undefined;
    return String(stack ?? reason);
  } catch {
    return 'a value that has no text';
  }
}
