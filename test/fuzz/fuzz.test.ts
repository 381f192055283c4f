import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Campaign, type Finding } from './campaign.ts';
import { loadCorpus } from './corpus.ts';
import { Mutator } from './mutator.ts';
import { RandomSource } from '../../sim/random.ts';
import { standing, type Stand } from './stand.ts';
import { toHex, type FuzzTarget } from './target.ts';
import { TARGETS } from './targets/index.ts';

/** Ways in which inputs end, at least: fewer mean that they no longer get where they are to go. */
const LEAST_OUTCOMES: Readonly<Record<string, number>> = {
  record: 100,
  handshake: 100,
  extensions: 60,
  certificate: 40,
  chain: 15,
  protection: 40,
  machine: 300,
  peer: 60,
  'device-frames': 400,
  'router-frames': 400,
};

const found = (finding: Finding | null): string =>
  finding === null ? '' : `--input ${toHex(finding.input)}: ${String(finding.error)}`;

describe('fuzzing', () => {
  for (const target of TARGETS) {
    it(`${target.name}: the corpus, and 20,000 inputs made of it`, () => {
      const campaign = new Campaign(target, loadCorpus(target.name), 1);
      assert.equal(found(campaign.replay()), '');
      assert.equal(found(campaign.run(20_000)), '');
      const least = LEAST_OUTCOMES[target.name];
      assert(least !== undefined && campaign.outcomes.size >= least, `${campaign.outcomes.size} outcomes`);
    });
  }

  it('an input that breaks a property is found and handed out, the same for the same seed', () => {
    const brittle: FuzzTarget = {
      name: 'brittle',
      run: (input) => {
        assert(input[0] !== 0x42, 'the answer');
        return String((input[0] ?? 0) >> 4);
      },
    };
    const find = (): Finding | null => new Campaign(brittle, [new Uint8Array(8)], 1).run(100_000);
    const finding = find();
    assert.equal(finding?.input[0], 0x42);
    assert.deepEqual(find()?.input, finding.input);
  });

  it('what stays behind is found at the end, with the fewest inputs that leave it there', () => {
    let builds = 0;
    const build = (): Stand => {
      builds++;
      const fed: number[] = [];
      return {
        feed: ([first = 0]) => {
          fed.push(first);
          return 'fed';
        },
        settle: () => assert(!(fed.includes(3) && fed.includes(5)), 'three and five'),
      };
    };
    const join = (inputs: readonly Uint8Array[]): Uint8Array => Uint8Array.from(inputs.flatMap((input) => [...input]));
    const seeds = (): Uint8Array[] => [1, 3, 4, 5, 6].map((value) => Uint8Array.of(value));
    const finding = new Campaign(standing('forgetful', seeds, build, join), [], 1).replay();
    assert.match(String(finding?.error), /three and five[^]*fewest: --input 0305$/);
    assert(builds > 2);
    assert.equal(
      new Campaign(
        standing('fine', () => [Uint8Array.of(3)], build, join),
        [],
        1,
      ).replay(),
      null,
    );
  });

  it('changes leave the input alone, and stay within bounds', () => {
    const mutator = new Mutator(new RandomSource(1).stream('mutator'));
    const input = new Uint8Array(3000).fill(7);
    for (let time = 0; time < 5000; time++) assert(mutator.mutate(input, input).length <= 4096);
    assert(input.every((byte) => byte === 7));
    assert(mutator.mutate(new Uint8Array(0), new Uint8Array(0)) instanceof Uint8Array);
  });
});
