import type { JsreNetwork } from '../../net/network.ts';
import { ListenerDescriptor, SecureDescriptor } from '../../net/descriptors.ts';
import { networkOf } from '../../net/device-network.ts';
import type { UdpEndpoint } from '../../net/udp-endpoint.ts';
import type { JsreTask } from '../../runtime/task.ts';

/** What a Dtls object stands for; nothing any more once it was closed or has flown away. */
export interface DtlsHandle {
  /** Its file descriptor, or -1. */
  fd: number;
  descriptor: SecureDescriptor | ListenerDescriptor | null;
  /** Told when its number has changed, and to stop watching it: what serves a server's callback. */
  moved?: () => void;
  ignore?: () => void;
}

/** The Dtls objects of one task. */
export class DtlsObjects {
  readonly task: JsreTask;
  readonly network: JsreNetwork;
  /** What all of them inherit. */
  readonly prototype: object;
  readonly #handles = new WeakMap<object, DtlsHandle>();

  constructor(task: JsreTask) {
    this.task = task;
    this.network = networkOf(task.process);
    this.prototype = {};
  }

  /** A new object for a descriptor that has a number. */
  make(descriptor: SecureDescriptor | ListenerDescriptor, fd: number): object {
    const object = Object.create(this.prototype) as object;
    this.#handles.set(object, { fd, descriptor });
    return object;
  }

  /** Gives something a number, and makes an object for it. */
  open(descriptor: SecureDescriptor | ListenerDescriptor): object {
    return this.make(descriptor, this.task.process.descriptors.open(descriptor, this.task));
  }

  /**
   * What an object stands for.
   *
   * @throws TypeError where it is no Dtls object of this task
   */
  of(object: unknown, method: string): DtlsHandle {
    const handle = typeof object === 'object' && object !== null ? this.#handles.get(object) : undefined;
    if (handle === undefined) throw new TypeError(`dtls.${method}() was not called on a Dtls object`);
    return handle;
  }
}

/** The endpoint behind a handle, or null where it stands for nothing. */
export function endpointOf({ descriptor }: DtlsHandle): UdpEndpoint | null {
  if (descriptor === null) return null;
  const { endpoint } = descriptor instanceof SecureDescriptor ? descriptor.socket : descriptor.listener;
  return endpoint.isOpen ? endpoint : null;
}
