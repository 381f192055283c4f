import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as sim from 'txsim';
import { defineFirmware, World, type MacController } from 'txsim';

const { MAC_D_FS, MAC_D_IC, MAC_D_LS, MAC_D_OWN } = sim;
const RX_RING = 0x100;
const OURS = [2, 0, 0, 0, 0, 1];
const ALL = [255, 255, 255, 255, 255, 255];
/** 01:00:5e:00:00:05, whose CRC-32 begins with the bits 100110: bit 38 of the table. */
const GROUP = [1, 0, 0x5e, 0, 0, 5];

interface Bench {
  readonly mac: MacController;
  readonly world: World;
  readonly device: ReturnType<World['device']>;
  /** Frames that were sent. */
  readonly sent: Uint8Array[];
  /** A frame arrives. */
  readonly arrive: (to: readonly number[], length?: number) => void;
  readonly word: (at: number) => number;
  readonly put: (at: number, ...words: readonly number[]) => void;
  readonly go: () => void;
}

/** A device that does nothing, and its controller with rings of two descriptors and 4 KiB of memory. */
function bench(): Bench {
  const world = new World();
  const lan = world.lan();
  const macs: MacController[] = [];
  const firmware = defineFirmware((board) => {
    macs.push(board.mac);
    return { tx_application_define: () => undefined };
  });
  const device = world.device('device', { firmware, lan });
  const sent: Uint8Array[] = [];
  const port = lan.attach({ name: 'us', deliver: ({ bytes }) => void sent.push(bytes) });
  world.run({ until: '1ms' });
  const [mac] = macs;
  assert(mac !== undefined);
  const memory = new Uint8Array(4096);
  const view = new DataView(memory.buffer);
  mac.memory = memory;
  mac.TDNR = 2;
  mac.RDAR = RX_RING;
  mac.RDNR = 2;
  const put = (at: number, ...words: readonly number[]): void => {
    words.forEach((word, index) => view.setUint32(at + index * 4, word, true));
  };
  put(RX_RING, MAC_D_OWN, 1024, 64, 0, MAC_D_OWN, 2048, 64, 0);
  const go = (): void => void world.run({ until: world.clock.now + 1e6 });
  const arrive = (to: readonly number[], length = 60): void => {
    const frame = Uint8Array.from({ length }, (_, index) => index);
    frame.set([...to, 2, 0, 0, 0, 0, 9, 8, 0]);
    port.transmit(frame);
    go();
  };
  return { mac, world, device, sent, arrive, word: (at) => view.getUint32(at, true), put, go };
}

describe('the controller receives', () => {
  it('into its ring, one descriptor after the other, and loses what has no place', () => {
    const { mac, arrive, word, put } = bench();
    mac.CR = sim.MAC_CR_RE;
    arrive(OURS);
    assert.deepEqual([word(RX_RING), word(RX_RING + 12), mac.RDCR], [MAC_D_FS | MAC_D_LS, 60, 1]);
    assert.equal(mac.SR, sim.MAC_SR_RX);
    mac.SR = sim.MAC_SR_RX;
    arrive(OURS);
    assert.deepEqual([mac.SR, mac.RDCR], [sim.MAC_SR_RX, 0]);
    mac.SR = sim.MAC_SR_RX;
    arrive(OURS);
    assert.deepEqual([mac.SR, mac.RXGFCR, mac.RXMFCR], [sim.MAC_SR_RXU, 2, 1]);
    put(RX_RING, MAC_D_OWN);
    arrive(OURS);
    assert.deepEqual([mac.RXGFCR, mac.RXMFCR], [3, 1]);
  });

  it('frames that take several buffers', () => {
    const { mac, arrive, word } = bench();
    mac.CR = sim.MAC_CR_RE;
    arrive(OURS, 100);
    assert.deepEqual([word(RX_RING), word(RX_RING + 16), word(RX_RING + 28)], [MAC_D_FS, MAC_D_LS, 100]);
    assert.equal(mac.memory[2048], 64);
  });

  for (const [name, to, control, expected] of [
    ['its own', OURS, 0, 1],
    ['those to everybody', ALL, 0, 1],
    ['somebody else’s: no', [2, 0, 0, 0, 0, 7], 0, 0],
    ['somebody else’s, when promiscuous', [2, 0, 0, 0, 0, 7], sim.MAC_CR_PM, 1],
    ['those to a group: no', GROUP, 0, 0],
    ['those to any group, when told so', GROUP, sim.MAC_CR_PAM, 1],
  ] as const) {
    it(name, () => {
      const { mac, arrive } = bench();
      mac.CR = sim.MAC_CR_RE | control;
      arrive(to);
      assert.deepEqual([mac.RXGFCR, mac.RXFFCR], [expected, 1 - expected]);
    });
  }

  it('those to a group of the hash table, and those to its address when that has changed', () => {
    const { mac, arrive } = bench();
    mac.CR = sim.MAC_CR_RE;
    for (let bit = 0; bit < 64; bit++) {
      [mac.HTHR, mac.HTLR] = bit < 32 ? [0, 1 << bit] : [1 << (bit - 32), 0];
      arrive(GROUP);
    }
    assert.deepEqual([mac.RXGFCR, mac.RXFFCR], [1, 63]);
    mac.MALR = 99;
    arrive([2, 0, 0, 0, 0, 99]);
    arrive(OURS);
    assert.deepEqual([mac.RXGFCR, mac.RXFFCR], [2, 64]);
  });

  it('nothing while it is off', () => {
    const { mac, arrive } = bench();
    arrive(OURS);
    assert.deepEqual([mac.RXGFCR, mac.RXMFCR, mac.SR], [0, 0, 0]);
  });
});

describe('the controller sends', () => {
  it('what is put together from several buffers, padded, in the time it takes, and says so', () => {
    const { mac, sent, put, word, go, world } = bench();
    mac.CR = sim.MAC_CR_TE;
    put(0, MAC_D_OWN | MAC_D_FS, 512, 14, 0, MAC_D_OWN | MAC_D_LS | MAC_D_IC, 600, 6, 77);
    mac.memory.set(OURS, 518);
    const begun = world.clock.now;
    const times: number[] = [];
    world.trace.listen(({ event, time }) => {
      if (event.type === 'frame-sent') times.push(time - begun);
    });
    mac.TDPR = 1;
    go();
    assert.deepEqual(
      sent.map(({ length }) => length),
      [60],
    );
    assert.deepEqual(times, [(60 + 24) * 80]);
    assert.deepEqual([word(0), word(16), word(28)], [MAC_D_FS, MAC_D_LS | MAC_D_IC, 77]);
    assert.deepEqual([mac.SR, mac.TXGFCR, mac.TDCR], [sim.MAC_SR_TX | sim.MAC_SR_TXU, 1, 0]);
  });

  it('nothing without a link, and marks it', () => {
    const { mac, sent, put, word, go, device } = bench();
    mac.CR = sim.MAC_CR_TE;
    device.nic.plugged(false);
    assert.deepEqual([mac.PHYSR, mac.SR], [0, sim.MAC_SR_LINK]);
    put(0, MAC_D_OWN | MAC_D_FS | MAC_D_LS, 512, 60, 0);
    mac.TDPR = 1;
    go();
    assert.deepEqual([sent.length, mac.TXEFCR, word(0) & sim.MAC_D_ES], [0, 1, sim.MAC_D_ES]);
  });

  for (const [name, words] of [
    ['a buffer outside of the memory', [MAC_D_OWN | MAC_D_FS | MAC_D_LS, 4090, 60, 0]],
    ['a frame without a beginning', [MAC_D_OWN | MAC_D_LS, 512, 60, 0]],
    ['a ring without the end of a frame', [MAC_D_OWN | MAC_D_FS, 512, 60, 0, MAC_D_OWN, 512, 60, 0]],
  ] as const) {
    it(`nothing from ${name}: a bus error turns it off`, () => {
      const { mac, sent, put, go } = bench();
      mac.CR = sim.MAC_CR_TE;
      put(0, ...words);
      mac.TDPR = 1;
      go();
      assert.deepEqual([sent.length, mac.SR & sim.MAC_SR_BUS, mac.CR], [0, sim.MAC_SR_BUS, 0]);
    });
  }
});

describe('the interrupt line', () => {
  it('interrupts for the bits of IER, as ISR, until they are cleared', () => {
    const { mac, arrive, device, go } = bench();
    const seen: string[] = [];
    mac.on_interrupt = () => {
      seen.push(`${device.running} ${mac.SR}`);
      mac.SR = sim.MAC_SR_RX;
    };
    mac.CR = sim.MAC_CR_RE;
    arrive(OURS);
    assert.deepEqual(seen, []);
    // The first frame has not been dealt with: its interrupt comes as soon as it may.
    mac.IER = sim.MAC_SR_RX;
    go();
    assert.deepEqual(seen, ['isr 1']);
    arrive(OURS);
    assert.deepEqual(seen, ['isr 1', 'isr 1']);
  });

  it('ends the run where its routine never clears them', () => {
    const { mac, arrive, go } = bench();
    mac.on_interrupt = () => undefined;
    mac.CR = sim.MAC_CR_RE;
    mac.IER = sim.MAC_SR_RX;
    arrive(OURS);
    assert.throws(go, /interrupted 1000 times in a row/);
  });

  it('a reset puts everything back', () => {
    const { mac, arrive } = bench();
    mac.CR = sim.MAC_CR_RE;
    [mac.MALR, mac.HTLR, mac.IER] = [5, 5, 5];
    mac.CR = sim.MAC_CR_SWR;
    assert.deepEqual([mac.CR, mac.MAHR, mac.MALR, mac.HTLR, mac.IER, mac.RDNR], [0, 0x0200, 1, 0, 0, 0]);
    arrive(OURS);
    assert.equal(mac.RXGFCR, 0);
  });
});
