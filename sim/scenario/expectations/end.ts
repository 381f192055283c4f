import { describeLeak } from '../../diagnostics/leaks.ts';
import { describeStalls } from '../../diagnostics/stalls.ts';
import type { World } from '../../world.ts';
import { expectation, type Expectation, type Finding } from './expectation.ts';

function atEnd(title: string, judge: (world: World) => Finding): Expectation {
  return expectation({
    title,
    watch: (world) => ({
      expected: `${title}, at the end of the run`,
      deadline: Infinity,
      judge: () => {
        const finding = judge(world);
        return finding.length === 0 ? null : finding;
      },
    }),
  });
}

/** Expects that at the end no application holds packets: see `world.leaks()`. */
export function noLeaks(): Expectation {
  return atEnd('no packet is leaked', (world) => world.leaks().map(describeLeak));
}

/** Expects that no callback blocked the thread that ran it: see `world.stalls()`. */
export function noStalls(): Expectation {
  return atEnd('no callback blocks', (world) => describeStalls(world.stalls()).flatMap((stall) => stall.split('\n')));
}
