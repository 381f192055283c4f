import type { AxisMode } from './axis.ts';
import type { Model } from './model.ts';
import type { Palette } from './theme.ts';

/** An area of the picture that stands for an event, or for words to be shown when the mouse is there. */
export interface Hit {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  /** An event, or -1. */
  readonly event: number;
  readonly text: string;
  /** For an arrow: it goes from the left top to the right bottom, or from the left bottom to the right top. */
  readonly slope: 'down' | 'up' | null;
}

/** Everything that the drawing functions need for one picture. */
export interface Scene {
  readonly ctx: CanvasRenderingContext2D;
  readonly model: Model;
  readonly palette: Palette;
  readonly mode: AxisMode;
  /** Where time begins and ends in the picture, in pixels. */
  readonly left: number;
  readonly right: number;
  /** The times at these edges. */
  readonly from: number;
  readonly to: number;
  /** The pixel of a place on the axis. */
  readonly x: (place: number) => number;
  /** The place at a pixel. */
  readonly placeAt: (x: number) => number;
  /** Which events a filter lets through; null for all. */
  readonly mask: Uint8Array | null;
  readonly selected: number;
  readonly hits: Hit[];
}

export const FONT = '11px ui-sans-serif, system-ui, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif';
export const SMALL_FONT = '10px ui-sans-serif, system-ui, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif';
export const BOLD_FONT = '600 12px ui-sans-serif, system-ui, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif';

/** Whether the filter, where there is one, lets an event through. */
export const passes = ({ mask }: Scene, event: number): boolean => mask === null || event < 0 || mask[event] === 1;

/** The pixel of a time. */
export const xOfTime = ({ model, mode, x }: Scene, time: number): number => x(model.axis.place(time, mode));

const widths = new Map<string, number>();

/** Width of a text in the present font, in pixels; remembered. */
export function textWidth(ctx: CanvasRenderingContext2D, text: string): number {
  const key = `${ctx.font}\n${text}`;
  const known = widths.get(key);
  if (known !== undefined) return known;
  if (widths.size > 20_000) widths.clear();
  const { width } = ctx.measureText(text);
  widths.set(key, width);
  return width;
}

/** A text that fits in a width, cut where need be; '' where not even some letters do. */
export function fitText(ctx: CanvasRenderingContext2D, text: string, width: number): string {
  if (width < 14) return '';
  const whole = textWidth(ctx, text);
  if (whole <= width) return text;
  const letters = Math.floor((text.length * (width - 7)) / whole);
  return letters < 3 ? '' : `${text.slice(0, letters)}…`;
}

/** A frame around what is selected. */
export function outline({ ctx, palette }: Scene, x: number, y: number, width: number, height: number): void {
  ctx.strokeStyle = palette.select;
  ctx.lineWidth = 2;
  ctx.strokeRect(x - 1, y - 1, width + 2, height + 2);
}
