/** An Ethernet frame on its way, without preamble and check sequence. */
export interface Frame {
  readonly bytes: Uint8Array;
}
