import { parseRecord } from '../../../secure/dtls/wire/record.ts';
import type { DtlsPair, InFlight } from '../../support/dtls-pair.ts';
import { datagramsOf, kindNamed, pairOf, type HandshakeKind } from '../../support/handshakes.ts';
import { hold, type FuzzTarget } from '../target.ts';

type End = 'client' | 'server';

/** One end at one point of a handshake: these datagrams have come, and the next is about to. */
interface Moment {
  readonly kind: HandshakeKind;
  readonly end: End;
  readonly before: readonly Uint8Array[];
  readonly next: Uint8Array;
}

function momentsOf(kind: HandshakeKind): readonly Moment[] {
  const all = datagramsOf(kind);
  const to = (end: End): readonly InFlight[] => all.filter(({ from }) => from !== end);
  return (['client', 'server'] as const).flatMap((end) =>
    to(end)
      // A server is there from the ClientHello with the cookie on.
      .slice(end === 'server' ? 1 : 0)
      .map(({ bytes: next }, at, rest) => ({ kind, end, before: rest.slice(0, at).map(({ bytes }) => bytes), next })),
  );
}

const MOMENTS = ['PSK', 'ECDSA with a client certificate', 'TLS_RSA', 'resumed', '1.0'].flatMap((name) =>
  momentsOf(kindNamed(name)),
);

/** The machine of a moment, and the secrets that it comes to. */
function arrive({ kind, end, before }: Moment): { readonly pair: DtlsPair; readonly master: () => string } {
  let master = '';
  const keyLog = (_label: string, _random: Uint8Array, secret: Uint8Array): void => {
    master = secret.join();
  };
  const pair = pairOf(kind, () => [], { keyLog });
  const machine = pair[end];
  if (end === 'client') pair.client.start(0);
  for (const datagram of before) machine.handleDatagram(datagram, 0);
  while (machine.poll() !== null);
  return { pair, master: () => master };
}

/** The secret of the undisturbed handshake of a kind. */
const masters = new Map<HandshakeKind, string>();
function masterOf(kind: HandshakeKind): string {
  const known = masters.get(kind);
  if (known !== undefined) return known;
  let master = '';
  pairOf(kind, undefined, { keyLog: (_label, _random, secret) => void (master = secret.join()) }).run();
  masters.set(kind, master);
  return master;
}

/** The datagrams of an input: each behind two bytes of length; the last is what is left. */
function datagramsIn(input: Uint8Array): readonly Uint8Array[] {
  const datagrams: Uint8Array[] = [];
  let rest = input;
  while (rest.length > 2 && datagrams.length < 8) {
    const end = 2 + ((rest[0] ?? 0) << 8) + (rest[1] ?? 0);
    datagrams.push(rest.subarray(2, end));
    rest = rest.subarray(end);
  }
  return datagrams;
}

/** Datagrams to a client or a server in the middle of a handshake; the first byte says which, and where it is. */
export const machine: FuzzTarget = {
  name: 'machine',
  seeds: () => MOMENTS.map(({ next }, index) => Uint8Array.of(index, next.length >>> 8, next.length & 255, ...next)),
  run: (input) => {
    const index = (input[0] ?? 0) % MOMENTS.length;
    const moment = MOMENTS[index];
    if (moment === undefined) return 'nothing';
    const { pair, master } = arrive(moment);
    const machineUnder = pair[moment.end];
    const happened = new Set<string>();
    for (const [number, datagram] of datagramsIn(input.subarray(1)).entries()) {
      machineUnder.handleDatagram(datagram, number * 1e8);
      let outputs = 0;
      for (let output = machineUnder.poll(); output !== null; output = machineUnder.poll()) {
        hold(++outputs < 4096, 'a datagram has few consequences');
        if (output.type === 'discarded') happened.add(output.reason);
        else if (output.type === 'failed') happened.add(output.failure.kind);
        else happened.add(output.type);
        if (output.type === 'datagram') hold(parseRecord(output.bytes) !== null, 'what is sent is records');
      }
    }
    const { state, deadline } = machineUnder;
    hold(deadline === null || Number.isFinite(deadline), 'a deadline is a time');
    hold(deadline === null || (state !== 'failed' && state !== 'closed'), 'nobody waits for nothing');
    hold(
      state !== 'connected' || master() === masterOf(moment.kind),
      'who is connected has the secret of the handshake',
    );
    machineUnder.wipe();
    hold(machineUnder.deadline === null, 'nothing is kept after wiping');
    return `${index} ${state} ${[...happened].sort().join()}`;
  },
};
