/** What the network stack reports as it happens. The device stamps each event with time, device, context and thread. */
export type NetxEvent =
  | { readonly type: 'packet-allocated'; readonly pool: string; readonly available: number }
  | { readonly type: 'packet-released'; readonly pool: string; readonly available: number }
  | {
      /** A packet was used in a way that corrupts memory on the target. */
      readonly type: 'packet-misuse';
      readonly kind: 'double-release' | 'use-after-release' | 'use-after-send';
      readonly pool: string;
      /** Where it was allocated: `service() in thread 'x' at file:line`. */
      readonly allocated: string;
      /** Where it was released or handed to the stack; '' where that is not known. */
      readonly released: string;
      /** Where it was released or used again. */
      readonly again: string;
    }
  | {
      /** A packet was to be sent and has no room for the headers. */
      readonly type: 'packet-misuse';
      readonly kind: 'no-header-room';
      readonly pool: string;
      readonly allocated: string;
      readonly again: string;
      /** Room for headers, in bytes: what it was allocated with, what is left of that, and what it takes. */
      readonly packetType: number;
      readonly room: number;
      readonly needed: number;
      /** The packet type that has enough. */
      readonly wanted: string;
    }
  | { readonly type: 'frame-not-received'; readonly reason: 'no-packet' | 'not-for-us' | 'malformed' }
  | {
      readonly type: 'datagram-dropped';
      readonly reason:
        | 'ip-header'
        | 'not-for-us'
        | 'fragment'
        | 'protocol'
        | 'udp-header'
        | 'checksum'
        | 'no-port'
        | 'queue-full'
        | 'mtu'
        | 'arp-failed'
        | 'no-link'
        | 'no-packet'
        | 'source-address'
        | 'time-to-live'
        | 'no-route'
        | 'reassembly';
      readonly detail: string;
    };
