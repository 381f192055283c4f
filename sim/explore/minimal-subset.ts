/**
 * Looks for a small part of a list with which something still holds: takes away halves, quarters and so on down to single
 * entries, as long as that helps (delta debugging, after Zeller and Hildebrandt).
 *
 * @param holds - asked for parts of the list, in their order; false also ends the search where its budget is used up
 * @returns a part for which it held, or the whole list
 */
export function minimalSubset<T>(list: readonly T[], holds: (part: readonly T[]) => boolean): readonly T[] {
  if (list.length === 0 || holds([])) return [];
  let kept = list;
  for (let pieces = 2; kept.length > 1;) {
    const size = Math.ceil(kept.length / pieces);
    let smaller: readonly T[] | null = null;
    for (let at = 0; at < kept.length && smaller === null; at += size) {
      const rest = [...kept.slice(0, at), ...kept.slice(at + size)];
      if (rest.length > 0 && holds(rest)) smaller = rest;
    }
    if (smaller !== null) {
      kept = smaller;
      pieces = Math.max(2, pieces - 1);
    } else if (size === 1) {
      break;
    } else {
      pieces = Math.min(kept.length, pieces * 2);
    }
  }
  return kept;
}
