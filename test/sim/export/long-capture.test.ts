import assert from 'node:assert/strict';
import { closeSync, fstatSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { World, type NetworkPort } from 'txsim';
import { scratch } from '../../support/scratch.ts';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

describe('the capture of an hour', () => {
  it('needs no memory, however many frames it has', async () => {
    const world = new World();
    const lan = world.lan({ name: 'lan', loss: 0.1 });
    const ends = ['one', 'two'].map((name): NetworkPort => ({ name, deliver: () => {} }));
    const [link] = ends.map((port) => lan.attach(port));
    assert(link !== undefined);
    const frame = new Uint8Array(1000).fill(255, 0, 6);
    const file = openSync(join(scratch, 'hour.pcapng'), 'w');
    const write = (chunk: Uint8Array): void => {
      writeSync(file, chunk);
    };
    const ended = [world.capture(lan, write), world.capture(link, write)];
    const send = (from: number, to: number): void => {
      // 20 frames a second.
      for (let time = from; time < to; time += 50) {
        world.run({ until: time * 1e6 });
        link.transmit(frame);
      }
    };
    const used = async (): Promise<number> => {
      // The memory of buffers is given back by and by.
      for (let turn = 0; turn < 4; turn++) {
        collect();
        await sleep(20);
      }
      const { heapUsed, arrayBuffers } = process.memoryUsage();
      return heapUsed + arrayBuffers;
    };
    send(0, 600_000);
    const before = await used();
    send(600_000, 3_600_000);
    const grown = (await used()) - before;
    for (const end of ended) end();
    const { size } = fstatSync(file);
    closeSync(file);
    assert(size > 2 * 72_000 * 1000, `${size} bytes were captured`);
    // A hundredth of what was captured meanwhile.
    assert(grown < 1.2e6, `${grown} bytes more are in use`);
  });
});
