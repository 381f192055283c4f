import { frameColour, frameLabel, MANY, wireOf } from './draw-frames.ts';
import { between } from './flows.ts';
import type { Layout } from './layout.ts';
import type { Model } from './model.ts';
import { thinOut } from './numbers.ts';
import { fitText, outline, passes, SMALL_FONT, textWidth, xOfTime, type Scene } from './scene.ts';

/** Why a frame was lost where it was sent; undefined for one that was not. */
const reasonOfLoss = (model: Model, event: number): string | undefined =>
  /"lost":"([^"]+)"/.exec(model.string(model.fields.at(event)))?.[1];

function rankOf(model: Model, event: number): number {
  if (reasonOfLoss(model, event) !== undefined) return 0;
  return model.string(model.text.at(event)).startsWith('DTLS') ? 1 : 2;
}

/** The frames of lanes in sight; of very many, some that stand for the others, over the whole width, and what was lost. */
function inSight(scene: Scene, layout: Layout, top: number, events: Iterable<number>): readonly number[] {
  const { ctx, model } = scene;
  const height = ctx.canvas.height / ctx.getTransform().d;
  const seen = [...events].filter((event) => {
    const wire = wireOf(scene, layout, event);
    return wire !== undefined && top + wire > 0 && top + wire < height;
  });
  return thinOut(seen, MANY, (event) => rankOf(model, event) === 0);
}

/** The names of the frames, where they were sent: what was lost, then DTLS, where there is not room for all. */
export function drawLabels(scene: Scene, layout: Layout, top: number): void {
  const { ctx, model, palette, from, to, hits, selected, right } = scene;
  ctx.font = SMALL_FONT;
  ctx.textBaseline = 'middle';
  const sent = inSight(
    scene,
    layout,
    top,
    between(model.flows.sent, (one) => model.time(one), from, to),
  );
  const taken = new Map<number, (readonly [number, number])[]>();
  for (const rank of [0, 1, 2]) {
    for (const event of sent) {
      if (rankOf(model, event) !== rank) continue;
      const text = model.string(model.text.at(event));
      const wire = wireOf(scene, layout, event);
      if (wire === undefined) continue;
      const x = xOfTime(scene, model.time(event));
      const lost = reasonOfLoss(model, event);
      const why = lost === undefined ? '' : `lost (${lost}) `;
      const label = fitText(ctx, why + frameLabel(text), Math.min(290, right - x - 6));
      const width = textWidth(ctx, label);
      const struck = Math.min(textWidth(ctx, why), width);
      const spans = taken.get(wire) ?? [];
      const y = top + wire - 9;
      dot(scene, x, top + wire, lost === undefined ? frameColour(palette, text) : palette.lost);
      hits.push({
        left: x - 4,
        top: top + wire - 5,
        right: x + 4,
        bottom: top + wire + 5,
        event,
        text: '',
        slope: null,
      });
      if (label === '' || spans.some(([begin, end]) => x < end + 8 && x + width > begin - 8)) continue;
      spans.push([x, x + width]);
      taken.set(wire, spans);
      ctx.globalAlpha = passes(scene, event) ? 1 : 0.25;
      ctx.fillStyle = palette.background;
      ctx.globalAlpha *= 0.85;
      ctx.fillRect(x + 1, y - 6, width + 4, 12);
      ctx.globalAlpha = passes(scene, event) ? 1 : 0.25;
      ctx.fillStyle = lost === undefined ? frameColour(palette, text) : palette.lost;
      ctx.fillText(label, x + 3, y);
      if (lost !== undefined) ctx.fillRect(x + 3 + struck, y - 0.5, width - struck, 1.2);
      ctx.globalAlpha = 1;
      if (event === selected) outline(scene, x + 1, y - 6, width + 4, 12);
      hits.push({ left: x, top: y - 7, right: x + width + 6, bottom: y + 7, event, text: '', slope: null });
    }
  }
}

function dot({ ctx }: Scene, x: number, y: number, colour: string): void {
  ctx.fillStyle = colour;
  ctx.beginPath();
  ctx.arc(x, y, 2.5, 0, 2 * Math.PI);
  ctx.fill();
}
