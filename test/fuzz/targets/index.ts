import type { FuzzTarget } from '../target.ts';
import { certificate } from './certificate.ts';
import { chain } from './chain.ts';
import { deviceFrames } from './device-frames.ts';
import { extensions } from './extensions.ts';
import { handshake } from './handshake.ts';
import { machine } from './machine.ts';
import { peer } from './peer.ts';
import { protection } from './protection.ts';
import { record } from './record.ts';
import { routerFrames } from './router-frames.ts';

export const TARGETS: readonly FuzzTarget[] = [
  record,
  handshake,
  extensions,
  certificate,
  chain,
  protection,
  machine,
  peer,
  deviceFrames,
  routerFrames,
];
