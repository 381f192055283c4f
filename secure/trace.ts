/** What the DTLS layer reports as it happens. The device stamps each event with time, device, context and thread. */
export type SecureEvent =
  | {
      /** A datagram of the handshake (or an alert) was handed to UDP. */
      readonly type: 'dtls-flight';
      readonly role: 'client' | 'server';
      /** Peer as `address:port`. */
      readonly peer: string;
      /** Flight number of RFC 6347 figure 1; 0 for alerts. */
      readonly flight: number;
      readonly messages: readonly string[];
      readonly retransmission: boolean;
    }
  | {
      readonly type: 'dtls-connected';
      readonly role: 'client' | 'server';
      readonly peer: string;
      /** The cipher suite by its IANA name. */
      readonly suite: string;
    }
  | {
      /** The handshake or the session ended for a reason other than close_notify. */
      readonly type: 'dtls-failed';
      readonly role: 'client' | 'server';
      readonly peer: string;
      readonly reason: string;
    }
  | {
      /** The wait option of the service that made the handshake was over before the handshake was. */
      readonly type: 'dtls-given-up';
      readonly role: 'client' | 'server';
      readonly peer: string;
      /** The wait option, the time since the service was called, and what its thread computed in it, in nanoseconds. */
      readonly waitOption: number;
      readonly elapsed: number;
      readonly computed: number;
    }
  | {
      readonly type: 'dtls-closed';
      readonly role: 'client' | 'server';
      readonly peer: string;
      readonly by: 'us' | 'peer';
    }
  | {
      /** The peer of a session is at another address and port than before (RFC 9146 section 6). */
      readonly type: 'dtls-moved';
      readonly role: 'client' | 'server';
      /** Where it is now. */
      readonly peer: string;
      /** Where it was. */
      readonly from: string;
    }
  | {
      /** A record or datagram was discarded, as RFC 6347 section 4.1.2.7 asks. */
      readonly type: 'dtls-discarded';
      readonly role: 'client' | 'server';
      readonly peer: string;
      readonly reason: string;
    }
  | {
      /** A line of the NSS key log format. */
      readonly type: 'key-log';
      readonly line: string;
    };
