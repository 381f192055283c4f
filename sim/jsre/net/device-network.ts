import { defineBootStep, type JsreProcess } from '../runtime/process.ts';
import { defineNetwork, NETWORK_MEMORY } from './boot.ts';
import type { JsreNetwork } from './network.ts';

const networks = new WeakMap<JsreProcess, JsreNetwork>();

defineBootStep('network', function* (process) {
  networks.set(process, yield* defineNetwork(process.board, new Uint8Array(NETWORK_MEMORY)));
});

/** The network of a device that runs scripts. */
export function networkOf(process: JsreProcess): JsreNetwork {
  const network = networks.get(process);
  if (network === undefined) throw new TypeError('the device has not booted its network');
  return network;
}
