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
        | 'arp-failed';
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
