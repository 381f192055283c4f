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
        | 'no-link'
        | 'no-packet'
        | 'source-address'
        | 'time-to-live'
        | 'no-route'
        | 'reassembly'
        | 'neighbor-failed'
        | 'icmpv6';
      readonly detail: string;
    }
  | {
      /** Somebody else uses, or probes for, an address that this host has or wants (RFC 5227). */
      readonly type: 'address-conflict';
      readonly address: string;
      /** Hardware address of the other: `02:00:00:00:00:07`. */
      readonly hardware: string;
    }
  | {
      /** Somebody tells that a packet of this host went nowhere (RFC 792). */
      readonly type: 'icmp-error-received';
      /** `port unreachable`, `time exceeded in transit` … */
      readonly error: string;
      readonly from: string;
      /** Whom the packet was for, as far as the error quotes it. */
      readonly about: string;
    };
