/** Holds nothing: whether a thread can load it shows whether the thread can load TypeScript. */
export const isLoaded = true;
