import type { ChannelLoss } from './channel.ts';

/**
 * Why a frame did not arrive: too short or long for the link, no room in its queue, lost at random, dropped by a rule,
 * because somebody asked for it (`Lan.dropNext`), or at a cut, found corrupted by the receiving controller, sent to or by a
 * port that is unplugged, or to one without power.
 */
export type DropReason = ChannelLoss | 'rule' | 'request' | 'partition' | 'corrupt' | 'unplugged' | 'powered off';

/** What a fault did to a frame that went on. */
export type Fault = 'corrupted' | 'duplicated' | 'delayed' | 'reordered';

/** Called as frames move. Plain arguments, so that a frame nobody watches costs no object. */
export interface NetworkEvents {
  /** A port sent a frame; `lost` says why it will not come out of the sender's link, or is null. */
  transmitted(from: string, bytes: Uint8Array, lost: DropReason | null): void;
  /** Everything that is decided at once on the frame that was sent last has been told. */
  settled(): void;
  /** A frame came out at a port, after the faults named. */
  delivered(from: string, to: string, bytes: Uint8Array, faults: readonly Fault[]): void;
  /** A frame, or the copy of it for one port, is gone. */
  dropped(from: string, to: string | null, bytes: Uint8Array, reason: DropReason): void;
  /**
   * A fault touched a frame, which goes on.
   *
   * @param bytes - as they go on
   * @param by - how much later it arrives, in nanoseconds; 0 for other faults
   */
  faulted(from: string, to: string, bytes: Uint8Array, fault: Fault, by: number): void;
}
