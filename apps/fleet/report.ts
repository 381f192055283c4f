/** What a sensor sends and a gateway answers: big-endian, as the network is. */

/** Bytes of a report: number of the sensor, number of the report, its reading in thousandths of a degree, its uptime in ms. */
export const REPORT_SIZE = 16;
/** Bytes of an answer: number of the sensor, number of the report. */
export const ANSWER_SIZE = 8;

/** A report, or its first part as an answer. */
export interface Report {
  readonly sensor: number;
  readonly number: number;
  readonly reading: number;
  readonly uptime: number;
}

export function emitReport({ sensor, number, reading, uptime }: Report): Uint8Array {
  const bytes = new Uint8Array(REPORT_SIZE);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, sensor);
  view.setUint32(4, number);
  view.setInt32(8, reading);
  view.setUint32(12, uptime);
  return bytes;
}

/** Which report an answer is for; 0 for something that is no answer. */
export function answeredReport(bytes: Uint8Array, length: number, sensor: number): number {
  if (length !== ANSWER_SIZE) return 0;
  const view = new DataView(bytes.buffer, bytes.byteOffset, length);
  return view.getUint32(0) === sensor ? view.getUint32(4) : 0;
}
