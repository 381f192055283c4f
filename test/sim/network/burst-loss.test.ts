import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { burstLoss, World, type BurstLoss } from 'txsim';
import { numberedFrame } from '../../support/network-hosts.ts';

const FRAMES = 60_000;

/** Which of many frames are lost. */
function losses(loss: BurstLoss | number, seed = 1): readonly boolean[] {
  const world = new World({ seed });
  const lan = world.lan({ loss });
  const link = lan.attach({ name: 'a', deliver: () => undefined });
  const lost: boolean[] = [];
  world.trace.listen(({ event }) => {
    if (event.type === 'frame-sent') lost.push(event.lost === 'loss');
  });
  for (let count = 0; count < FRAMES; count++) link.transmit(numberedFrame(1, 'all'));
  return lost;
}

const share = (lost: readonly boolean[]): number => lost.filter(Boolean).length / lost.length;

/** Mean number of frames lost in a row. */
function meanBurst(lost: readonly boolean[]): number {
  const bursts = lost.filter((isLost, at) => isLost && lost[at - 1] !== true).length;
  return lost.filter(Boolean).length / bursts;
}

const near = (found: number, expected: number, tolerance: number): void =>
  assert(Math.abs(found - expected) <= tolerance * expected, `${found} where ${expected} was expected`);

describe('loss in bursts', () => {
  for (const { goodToBad, badToGood, lossInBad = 1, lossInGood = 0 } of [
    { goodToBad: 0.01, badToGood: 0.1 },
    { goodToBad: 0.02, badToGood: 0.5 },
    { goodToBad: 0.05, badToGood: 0.2, lossInBad: 0.5 },
    { goodToBad: 0.01, badToGood: 0.05, lossInBad: 0.8, lossInGood: 0.02 },
    { goodToBad: 0.5, badToGood: 0.5 },
  ]) {
    it(`p ${goodToBad}, r ${badToGood}, ${lossInBad} and ${lossInGood} lost`, () => {
      const lost = losses({ goodToBad, badToGood, lossInBad, lossInGood });
      const mean = (goodToBad * lossInBad + badToGood * lossInGood) / (goodToBad + badToGood);
      near(share(lost), mean, 0.1);
      if (lossInBad === 1 && lossInGood === 0) near(meanBurst(lost), 1 / badToGood, 0.1);
    });
  }

  for (const [mean, length] of [
    [0.05, 8],
    [0.2, 3],
    [0.5, 1],
    [0, 4],
  ] as const) {
    it(`burstLoss(${mean}, ${length})`, () => {
      const lost = losses(burstLoss(mean, length));
      near(share(lost), mean, 0.1);
      if (mean > 0 && mean < 0.5) near(meanBurst(lost), length, 0.1);
    });
  }

  it('random loss has bursts as short as chance makes them', () => {
    const lost = losses(0.05);
    near(share(lost), 0.05, 0.1);
    near(meanBurst(lost), 1 / 0.95, 0.02);
  });

  it('is the same for the same seed, and another for another', () => {
    const loss = burstLoss(0.1, 5);
    assert.deepEqual(losses(loss), losses(loss));
    assert.notDeepEqual(losses(loss), losses(loss, 2));
  });

  it('refuses what no link can do', () => {
    const make = (loss: BurstLoss) => () => new World().lan({ loss });
    assert.throws(make({ goodToBad: 1.2, badToGood: 0.1 }), /network 'lan': goodToBad is 1.2/);
    assert.throws(make({ goodToBad: 0.1, badToGood: -1 }), /network 'lan': badToGood is -1/);
    assert.throws(make({ goodToBad: 0.1, badToGood: 0.1, lossInBad: NaN }), /network 'lan': lossInBad is NaN/);
    assert.throws(make({ goodToBad: 0.1, badToGood: 0.1, lossInGood: 2 }), /network 'lan': lossInGood is 2/);
    assert.throws(
      make(Object.assign({ goodToBad: 0, badToGood: 0 }, { p: 0.1 })),
      /network 'lan': there is no option 'p'/,
    );
    assert.throws(() => burstLoss(0.9, 2), /burstLoss\(0.9, 2\): no link loses like that/);
    assert.throws(() => burstLoss(1, 2), /no link loses like that/);
    assert.throws(() => burstLoss(0.1, 0.5), /no link loses like that/);
  });
});
