/** `main.js:12` of the innermost line of a script in a stack, or null where there is none. */
export function scriptPlace(stack: string): string | null {
  const match = /\(?([^\s()]+\.js:\d+)(?::\d+)?\)?$/m.exec(stack);
  return match?.[1] ?? null;
}
