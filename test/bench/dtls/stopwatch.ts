/**
 * Starts to measure what the wall clock shows: what somebody waits who makes one handshake after the other, pauses included.
 *
 * @returns gives the seconds since then
 */
export function wallClock(): () => number {
  const began = performance.now();
  return () => (performance.now() - began) / 1000;
}

/**
 * Starts to measure processor time, which, unlike the wall's, other programs on the machine take none of; a process that
 * collects garbage beside its work pays for that too.
 *
 * @returns gives the seconds since then
 */
export function stopwatch(): () => number {
  const began = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(began);
    return (user + system) / 1e6;
  };
}
