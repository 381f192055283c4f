/** What the network stack reports as it happens. The device stamps each event with time, device, context and thread. */
export type NetxEvent =
  | { readonly type: 'packet-allocated'; readonly pool: string; readonly available: number }
  | { readonly type: 'packet-released'; readonly pool: string; readonly available: number }
  | {
      /** A packet was used in a way that corrupts memory on the target. */
      readonly type: 'packet-misuse';
      readonly kind: 'double-release';
      readonly pool: string;
      /** Where it was allocated, released first and released again: `service() in thread 'x' at file:line`. */
      readonly allocated: string;
      readonly released: string;
      readonly again: string;
    }
  | {
      /** Another host has an IPv6 address that this one wanted. */
      readonly type: 'address-duplicate';
      readonly address: string;
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
        | 'neighbor-failed'
        | 'icmpv6';
      readonly detail: string;
    };
