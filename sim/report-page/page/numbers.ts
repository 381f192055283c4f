/** The first index at which a sorted list is not less than a value; its length where it nowhere is. */
export function lowerBound(list: ArrayLike<number>, value: number, length = list.length): number {
  let [low, high] = [0, length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((list[middle] ?? 0) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The first index at which a sorted list is greater than a value. */
export function upperBound(list: ArrayLike<number>, value: number, length = list.length): number {
  let [low, high] = [0, length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((list[middle] ?? 0) <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}

export const clamp = (value: number, low: number, high: number): number => Math.min(high, Math.max(low, value));

/** About `most` members of a list, evenly over all of it, and every one that matters. */
export function thinOut<T>(list: readonly T[], most: number, matters: (one: T) => boolean): readonly T[] {
  const step = Math.ceil(list.length / most);
  return step <= 1 ? list : list.filter((one, nth) => nth % step === 0 || matters(one));
}
