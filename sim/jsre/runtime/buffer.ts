import type { Realm } from './realm.ts';

type Bytes = Uint8Array;

/** JSRE's Buffer, as a class of a task's realm. */
export interface BufferClass {
  new (source?: unknown, encoding?: unknown, length?: unknown): Bytes;
}

const classes = new WeakMap<Realm, BufferClass>();

/** The Buffer class of a realm. */
export function bufferClass(realm: Realm): BufferClass {
  const known = classes.get(realm);
  if (known !== undefined) return known;
  const made = makeClass(realm);
  classes.set(realm, made);
  return made;
}

function makeClass(realm: Realm): BufferClass {
  const { Uint8Array: Base } = realm.intrinsics;
  class Buffer extends Base {}
  return realm.adoptClass(Buffer);
}
