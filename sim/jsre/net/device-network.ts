import { out } from '../../../kernel/out.ts';
import { nx_ip_status_check } from '../../../netx/api/ip-status.ts';
import { NX_IP_INITIALIZE_DONE } from '../../../netx/constants.ts';
import { defineBootStep, type JsreProcess } from '../runtime/process.ts';
import { defineNetwork, NETWORK_MEMORY } from './boot.ts';
import type { JsreNetwork } from './network.ts';

/** How long a device waits for its interfaces before its program starts without them, in milliseconds. */
const PATIENCE = 5000;

const networks = new WeakMap<JsreProcess, JsreNetwork>();

defineBootStep('network', function* (process) {
  const network = yield* defineNetwork(process.board, new Uint8Array(NETWORK_MEMORY));
  networks.set(process, network);
  yield* nx_ip_status_check(network.ip, NX_IP_INITIALIZE_DONE, out(), network.ticks(PATIENCE));
});

/** The network of a device that runs scripts. */
export function networkOf(process: JsreProcess): JsreNetwork {
  const network = networks.get(process);
  if (network === undefined) throw new TypeError('the device has not booted its network');
  return network;
}
