import { parseArgs } from 'node:util';
import { Campaign, type Finding } from './campaign.ts';
import { loadCorpus, saveToCorpus } from './corpus.ts';
import { fromHex, toHex, type FuzzTarget } from './target.ts';
import { TARGETS } from './targets/index.ts';

const USAGE = `npm run fuzz -- [--target ${TARGETS.map(({ name }) => name).join('|')}] [--inputs N] [--seed S] [--save] [--input HEX]`;

function usage(problem: string): never {
  console.error(`${problem}\n${USAGE}`);
  process.exit(2);
}

function options(): {
  readonly target: string[];
  readonly inputs: number;
  readonly seed: string;
  readonly save: boolean;
  readonly input: string | undefined;
} {
  try {
    const { values } = parseArgs({
      options: {
        target: { type: 'string', multiple: true, default: [] },
        inputs: { type: 'string', default: '100000' },
        seed: { type: 'string', default: '1' },
        save: { type: 'boolean', default: false },
        input: { type: 'string' },
      },
    });
    const inputs = Number(values.inputs);
    if (!Number.isSafeInteger(inputs) || inputs < 0) usage(`--inputs ${values.inputs}: not a number of inputs`);
    return { ...values, inputs, input: values.input };
  } catch (error) {
    return usage(error instanceof Error ? error.message : String(error));
  }
}

function report(target: FuzzTarget, seed: string, { input, error }: Finding): never {
  console.error(`target ${target.name}, seed ${seed}: ${error instanceof Error ? String(error.stack) : String(error)}`);
  console.error(`again: npm run fuzz -- --target ${target.name} --input ${toHex(input)}`);
  process.exit(1);
}

const { target: wanted, inputs, seed, save, input } = options();
for (const name of wanted)
  if (!TARGETS.some((target) => target.name === name)) usage(`--target ${name}: there is none`);

for (const target of TARGETS.filter(({ name }) => wanted.length === 0 || wanted.includes(name))) {
  if (input !== undefined) {
    console.log(`${target.name}: ${target.run(fromHex(input))}`);
    target.finish?.();
    continue;
  }
  const campaign = new Campaign(target, loadCorpus(target.name), seed);
  const replayed = campaign.replay();
  if (replayed !== null) report(target, seed, replayed);
  const begin = performance.now();
  const finding = campaign.run(inputs);
  const seconds = (performance.now() - begin) / 1000;
  if (finding !== null) report(target, seed, finding);
  const rate = Math.round(inputs / seconds).toLocaleString('en');
  const { outcomes, novel } = campaign;
  console.log(
    `${target.name.padEnd(12)} ${inputs.toLocaleString('en')} inputs, ${rate} a second, ${outcomes.size} outcomes, ${novel.length} of them new`,
  );
  if (save) for (const [index, bytes] of novel.entries()) saveToCorpus(target.name, `seed-${seed}-${index}`, bytes);
}
