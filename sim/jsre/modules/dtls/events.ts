/** How the callbacks of asynchronous calls get into the task's event loop: as events of descriptors, like a program's own. */
import type { Suspending } from '../../runtime/native.ts';
import { READ, WRITE, type PollEvent } from '../../runtime/poller.ts';
import type { JsreTask } from '../../runtime/task.ts';
import type { SecureDescriptor } from '../../net/descriptors.ts';
import type { DtlsHandle } from './dtls-objects.ts';

/**
 * Has the task's event loop run something each time a server has a client to accept, for as long as the server is open. The
 * server's descriptor number changes with each of them.
 */
export function whileOpen(task: JsreTask, server: DtlsHandle, run: () => Suspending<void>): void {
  const { fd } = server;
  if (fd < 0) return;
  const event: PollEvent = {
    method: READ,
    fd,
    *run() {
      yield* run();
      if (server.fd === fd) return true;
      whileOpen(task, server, run);
      return false;
    },
  };
  task.poller.add(event);
}

/** Has the task's event loop run something once a connection is made; never, where it cannot be made. */
export function whenConnected(
  task: JsreTask,
  { socket }: SecureDescriptor,
  fd: number,
  run: () => Suspending<unknown>,
): void {
  const event: PollEvent = {
    method: WRITE,
    fd,
    *run() {
      if (socket.state === 'connected') yield* run();
      return false;
    },
  };
  task.poller.add(event);
}
