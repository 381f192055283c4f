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
