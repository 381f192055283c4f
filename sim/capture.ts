import { PcapngWriter } from './export/pcapng.ts';
import type { TraceListener, TraceStream } from './trace/stream.ts';

/**
 * Writes every frame of a world as a pcapng capture, with the DTLS secrets inside, so that Wireshark shows the
 * application data. Frames that a fault took are there too, with a comment that says so.
 *
 * @param networks - the names of the world's networks, in order: each is an interface of the capture
 * @param sink - receives the file piece by piece
 * @returns a function that ends the capture
 */
export function capturePcapng(
  trace: TraceStream,
  networks: readonly string[],
  sink: (chunk: Uint8Array) => void,
): () => void {
  const writer = new PcapngWriter(sink);
  const interfaces = new Map(networks.map((name) => [name, writer.addInterface(name)]));
  return trace.listen(({ time, event }) => {
    if (event.type === 'key-log') {
      writer.secrets(`${event.line}\n`);
    } else if (event.type === 'frame-sent') {
      const comment = event.lost === null ? undefined : `lost: ${event.lost}`;
      writer.packet(interfaces.get(event.network) ?? 0, time, event.bytes, comment);
    }
  });
}

/** Writes the secrets of every DTLS handshake in the NSS key log format, one line each. */
export function captureKeyLog(trace: TraceStream, sink: (line: string) => void): () => void {
  const hear: TraceListener = ({ event }) => {
    if (event.type === 'key-log') sink(`${event.line}\n`);
  };
  return trace.listen(hear, { frames: false });
}
