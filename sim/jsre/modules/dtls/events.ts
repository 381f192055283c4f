/** How the callbacks of asynchronous calls get into the task's event loop: as events of descriptors, like a program's own. */
import type { Suspending } from '../../runtime/native.ts';
import { READ, WRITE, type PollEvent } from '../../runtime/poller.ts';
import type { JsreTask } from '../../runtime/task.ts';
import type { SecureDescriptor } from '../../net/descriptors.ts';
import type { DtlsHandle } from './dtls-objects.ts';

/**
 * Has the task's event loop run something each time a server has a client to accept, for as long as the server is open; it
 * takes the place of what was to be run before. The server's descriptor number changes with each client, whoever accepts it.
 */
export function whileOpen(task: JsreTask, server: DtlsHandle, run: () => Suspending<void>): void {
  let event: PollEvent | null = null;
  const watch = (): void => {
    if (event !== null) task.poller.remove(event);
    const { fd } = server;
    event = {
      method: READ,
      fd,
      *run() {
        yield* run();
        return server.fd === fd;
      },
    };
    task.poller.add(event);
  };
  server.ignore?.();
  server.ignore = () => {
    if (event !== null) task.poller.remove(event);
  };
  server.moved = watch;
  watch();
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
