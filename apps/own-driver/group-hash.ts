/** Which bit of the controller's hash table lets the frames of a group through: the upper six bits of its CRC-32. */
export function group_hash(msw: number, lsw: number): number {
  const bytes = [msw >>> 8, msw, lsw >>> 24, lsw >>> 16, lsw >>> 8, lsw];
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte & 0xff;
    for (let bit = 0; bit < 8; bit++) crc = (crc & 1) === 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return (~crc >>> 0) >>> 26;
}
