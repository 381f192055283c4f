import { TX_TCP_IP, type UINT, type ULONG } from '../kernel/constants.ts';
import type { Kernel } from '../kernel/kernel.ts';
import type { ServiceOp } from '../kernel/op.ts';
import { resumeAll } from '../kernel/semaphore.ts';
import { NX_NO_FREE_PORTS, NX_NO_WAIT, NX_PORT_UNAVAILABLE, NX_SOCKET_UNBOUND, NX_SUCCESS } from './constants.ts';
import type { NX_IP } from './ip.ts';
import { packetRelease } from './packet-pool.ts';
import type { NX_UDP_SOCKET } from './udp-socket.ts';
import { resume, suspendCurrent } from '../kernel/waiting.ts';

/** Where the search for a port goes on after the last one (C: `NX_SEARCH_PORT_START`). */
const FIRST_EPHEMERAL = 0xc000;
const LAST_PORT = 0xffff;
const EPHEMERAL_PORTS = LAST_PORT + 1 - FIRST_EPHEMERAL;

/**
 * The next port from `start` on that no socket of the instance has, or null. After the last port the search goes on with
 * the first ephemeral one.
 */
export function freePort(ip: NX_IP, start: UINT): UINT | null {
  let port = start;
  for (let left = LAST_PORT - start + 1 + EPHEMERAL_PORTS; left > 0; left--) {
    if (!ip.udpPorts.has(port)) return port;
    port = port === LAST_PORT ? FIRST_EPHEMERAL : port + 1;
  }
  return null;
}

function occupy(ip: NX_IP, socket: NX_UDP_SOCKET, port: UINT): void {
  socket.nx_udp_socket_port = port;
  socket.isBound = true;
  ip.udpPorts.set(port, socket);
}

/** Binds a socket to a port, or to a free one of the device's choice (0). */
export function udpBind(kernel: Kernel, ip: NX_IP, socket: NX_UDP_SOCKET, port: UINT, waitOption: ULONG): ServiceOp {
  const wanted = port === 0 ? freePort(ip, FIRST_EPHEMERAL + (kernel.random.uint32() % EPHEMERAL_PORTS)) : port;
  if (wanted === null) return kernel.finish(NX_NO_FREE_PORTS);
  const owner = ip.udpPorts.get(wanted);
  if (owner === undefined) {
    occupy(ip, socket, wanted);
    return kernel.finish(NX_SUCCESS);
  }
  if (waitOption === NX_NO_WAIT) return kernel.finish(NX_PORT_UNAVAILABLE);
  const thread = kernel.current;
  if (thread !== null) thread.waitRequest = { kind: 'port', socket };
  socket.binder = thread;
  return suspendCurrent(kernel, TX_TCP_IP, owner.binders, waitOption);
}

/** Ends a thread's wait for a port on behalf of a socket; false where nobody waits. */
export function abandonBind(kernel: Kernel, socket: NX_UDP_SOCKET): boolean {
  const thread = socket.nx_udp_socket_bind_in_progress;
  if (thread === null) return false;
  resume(kernel, thread, NX_PORT_UNAVAILABLE);
  return true;
}

/** Gives a socket's port up: to the first thread that waits for it, or to nobody. */
export function udpUnbind(kernel: Kernel, ip: NX_IP, socket: NX_UDP_SOCKET): void {
  const port = socket.nx_udp_socket_port;
  ip.udpPorts.delete(port);
  socket.isBound = false;
  socket.nx_udp_socket_port = 0;
  for (let packet = socket.queue.shift(); packet !== null; packet = socket.queue.shift()) packetRelease(kernel, packet);
  resumeAll(kernel, socket.receivers, NX_SOCKET_UNBOUND);
  const next = socket.binders.first;
  if (next?.waitRequest?.kind !== 'port') return;
  const heir = next.waitRequest.socket;
  occupy(ip, heir, port);
  resume(kernel, next, NX_SUCCESS);
  for (const waiting of socket.binders) {
    socket.binders.remove(waiting);
    heir.binders.append(waiting);
  }
}
