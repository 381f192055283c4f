import type { FrameSent } from './trace/frame-event.ts';
import { PcapngWriter } from './export/pcapng.ts';
import type { Lan } from './network/lan.ts';
import { Link } from './network/link.ts';
import type { TraceListener, TraceStream } from './trace/stream.ts';

/**
 * Writes every frame of a world as a pcapng capture, with the DTLS secrets inside, so that Wireshark shows the
 * application data. Frames that a fault took are there too, with a comment that says so.
 *
 * @param networks - the names of the world's networks, in order: each is an interface of the capture
 * @param sink - receives the file piece by piece
 * @param only - whether frames of other networks are left out; else they count as the first one's
 * @returns a function that ends the capture
 */
export function capturePcapng(
  trace: TraceStream,
  networks: readonly string[],
  sink: (chunk: Uint8Array) => void,
  only = false,
): () => void {
  const writer = new PcapngWriter(sink);
  const interfaces = new Map(networks.map((name) => [name, writer.addInterface(name)]));
  const hear: TraceListener = ({ time, event }) => {
    if (event.type === 'key-log') {
      writer.secrets(`${event.line}\n`);
    } else if (event.type === 'frame-sent') {
      const number = interfaces.get(event.network);
      if (number === undefined && only) return;
      writer.packet(number ?? 0, time, event.bytes, frameComment(event));
    }
  };
  return trace.listen(hear, { frames: 'sent' });
}

/**
 * Writes the frames of one network, or those that one port sends and gets, as a pcapng capture; see {@link capturePcapng}.
 * The capture of a port has what comes out at it, when it comes out, and with a comment what was lost on its way there.
 *
 * @returns a function that ends the capture
 */
export function captureAt(trace: TraceStream, where: Lan | Link, sink: (chunk: Uint8Array) => void): () => void {
  return where instanceof Link ? capturePort(trace, where, sink) : capturePcapng(trace, [where.name], sink, true);
}

function capturePort(trace: TraceStream, link: Link, sink: (chunk: Uint8Array) => void): () => void {
  const { network } = link;
  const { name: port } = link.port;
  const writer = new PcapngWriter(sink);
  const number = writer.addInterface(`${network}/${port}`);
  return trace.listen(({ time, event }) => {
    if (event.type === 'key-log') writer.secrets(`${event.line}\n`);
    if (!('network' in event) || event.network !== network) return;
    if (event.type === 'frame-sent' && event.from === port) {
      writer.packet(number, time, event.bytes, frameComment(event), 'out');
    } else if (event.type === 'frame-delivered' && event.to === port) {
      const comment = event.faults.length === 0 ? undefined : `${event.faults.join(', ')} on its way`;
      writer.packet(number, time, event.bytes, comment, 'in');
    } else if (event.type === 'frame-dropped' && event.to === port) {
      writer.packet(number, time, event.bytes, `lost on its way here: ${event.reason}`, 'in');
    }
  });
}

/** Faults that a comment names; a frame to everybody may have met many. */
const NAMED = 8;

/** What faults did to a frame, for people; undefined where they did nothing. */
function frameComment({ lost, faults }: FrameSent): string | undefined {
  if (lost !== null) return `lost: ${lost}`;
  const lines = faults.slice(0, NAMED).map((event) => {
    if (event.type === 'frame-dropped') return `lost on its way to ${event.to ?? 'all'}: ${event.reason}`;
    return `${event.fault} on its way to ${event.to}${event.by === 0 ? '' : ` by ${event.by / 1e6} ms`}`;
  });
  if (faults.length > NAMED) lines.push(`and ${faults.length - NAMED} more`);
  return lines.length === 0 ? undefined : lines.join('; ');
}

/** Writes the secrets of every DTLS handshake in the NSS key log format, one line each. */
export function captureKeyLog(trace: TraceStream, sink: (line: string) => void): () => void {
  const hear: TraceListener = ({ event }) => {
    if (event.type === 'key-log') sink(`${event.line}\n`);
  };
  return trace.listen(hear, { frames: false });
}
