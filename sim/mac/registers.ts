/**
 * The bits of the simulated Ethernet controller's registers and descriptors, for drivers of one's own. See
 * {@link MacController} for the registers.
 */

/** Control register `CR`: receiving on. */
export const MAC_CR_RE = 0x0000_0001;
/** Transmitting on. */
export const MAC_CR_TE = 0x0000_0002;
/** Promiscuous mode: frames to any address are received. */
export const MAC_CR_PM = 0x0000_0004;
/** Frames to every group are received, whatever the hash table says. */
export const MAC_CR_PAM = 0x0000_0008;
/** Software reset: every register gets its reset value. Reads as 0. */
export const MAC_CR_SWR = 0x8000_0000;

/** Status register `SR` and interrupt enable register `IER`: a frame was received. */
export const MAC_SR_RX = 0x0000_0001;
/** A frame whose last descriptor has `TD_IC` was sent, or given up. */
export const MAC_SR_TX = 0x0000_0002;
/** A frame was lost, as there was no receive descriptor for it. */
export const MAC_SR_RXU = 0x0000_0004;
/** The transmitter found no descriptor of its own, and waits for `TDPR`. */
export const MAC_SR_TXU = 0x0000_0008;
/** The link went down or came up: read `PHYSR`. */
export const MAC_SR_LINK = 0x0000_0010;
/** A descriptor or a buffer lies outside the memory, or a ring makes no sense; that half of the controller is off now. */
export const MAC_SR_BUS = 0x0000_0020;

/** PHY status register `PHYSR`: there is a link. */
export const MAC_PHYSR_LINK = 0x0000_0001;
/** Full duplex. */
export const MAC_PHYSR_FULL_DUPLEX = 0x0000_0002;
/** 100 Mbit/s. */
export const MAC_PHYSR_SPEED_100 = 0x0000_0004;

/** Bytes of a descriptor: four words, little-endian. */
export const MAC_DESCRIPTOR = 16;
/** Where in a descriptor its words lie, in bytes: flags. */
export const MAC_D_FLAGS = 0;
/** The address of its buffer: a place in the memory. */
export const MAC_D_BUFFER = 4;
/** To send: bytes in the buffer. To receive: room in the buffer. */
export const MAC_D_SIZE = 8;
/** Received: bytes of the whole frame, in its last descriptor. To send: the driver's own, the controller leaves it alone. */
export const MAC_D_LENGTH = 12;

/** Descriptor flags: the descriptor is the controller's. It clears the bit when it is done. */
export const MAC_D_OWN = 0x8000_0000;
/** To send: raise `SR.TX` when the frame is done; counts in the frame's last descriptor. */
export const MAC_D_IC = 0x4000_0000;
/** The frame begins in this descriptor's buffer. */
export const MAC_D_FS = 0x2000_0000;
/** The frame ends in this descriptor's buffer. */
export const MAC_D_LS = 0x1000_0000;
/** Sent: the frame did not leave, as there was no link, or it was too long or empty. In its last descriptor. */
export const MAC_D_ES = 0x0000_8000;
