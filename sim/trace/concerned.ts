import type { TraceRecord } from './event.ts';

/** The devices, or ports, whose event it is: frames are of those that send and receive them. */
export function concerned({ device, event }: TraceRecord): readonly string[] {
  switch (event.type) {
    case 'frame-sent':
      return [event.from];
    case 'frame-delivered':
      return [event.to];
    case 'frame-dropped':
      return event.to === null ? [event.from] : [event.from, event.to];
    case 'frame-fault':
      return [event.from, event.to];
    default:
      return device === null ? [] : [device];
  }
}
