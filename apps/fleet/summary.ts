import type { TraceListener, World } from 'txsim';
import { percentileTable, Percentiles } from './percentiles.ts';

/** What the trace tells of one sensor. */
interface Sensor {
  /** Virtual time of its first ClientHello, in nanoseconds. */
  hello: number;
  again: number;
  frames: number;
}

const DELIVERED = /^(\d+) of (\d+) reports delivered, sent (\d+) times, in ms: ([\d. ]*)$/;

/** Listens to a fleet, and tells at the end how its sensors fared. */
export function fleetSummary(world: World): () => readonly string[] {
  const sensors = new Map<string, Sensor>();
  for (const name of world.devices.keys()) {
    if (name.startsWith('sensor-')) sensors.set(name, { hello: -1, again: 0, frames: 0 });
  }
  const [handshakes, roundTrips] = [new Percentiles(), new Percentiles()];
  const tally = { reports: 0, delivered: 0, sent: 0, finished: 0, failed: 0 };

  const hear: TraceListener = ({ time, device, event }) => {
    if (event.type === 'frame-sent') {
      const sender = sensors.get(event.from);
      if (sender !== undefined) sender.frames++;
      return;
    }
    const sensor = device === null ? undefined : sensors.get(device);
    if (sensor === undefined) return;
    if (event.type === 'dtls-flight') {
      if (sensor.hello < 0) sensor.hello = time;
      if (event.retransmission) sensor.again++;
    } else if (event.type === 'dtls-connected') {
      handshakes.add((time - sensor.hello) / 1e6);
    } else if (event.type === 'print') {
      const [, delivered = '', reports = '', sent = '', times = ''] = DELIVERED.exec(event.text) ?? [];
      if (delivered === '') tally.failed++;
      else tally.finished++;
      tally.delivered += Number(delivered);
      tally.reports += Number(reports);
      tally.sent += Number(sent);
      for (const text of times.split(' ')) if (text !== '') roundTrips.add(Number(text));
    }
  };
  world.trace.listen(hear, { frames: 'sent' });

  return () => {
    const [again, frames] = [new Percentiles(), new Percentiles()];
    for (const sensor of sensors.values()) {
      again.add(sensor.again);
      frames.add(sensor.frames);
    }
    const { reports, delivered, sent, finished, failed } = tally;
    return [
      '',
      `${sensors.size} sensors: ${handshakes.count} connected, ${finished} delivered their reports, ${failed} got no session`,
      `${reports} reports: ${delivered} answered, ${sent - reports} sent again`,
      '',
      ...percentileTable('', [
        { what: 'handshake, ms', values: handshakes, digits: 1 },
        { what: 'report and answer, ms', values: roundTrips, digits: 1 },
        { what: 'handshake datagrams sent again, a sensor', values: again, digits: 0 },
        { what: 'frames sent, a sensor', values: frames, digits: 0 },
      ]),
    ];
  };
}
