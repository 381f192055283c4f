import type { Descriptor } from '../runtime/descriptor.ts';
import type { Suspending } from '../runtime/native.ts';
import type { SecureListener } from './secure-listener.ts';
import type { SecureSocket } from './secure-socket.ts';
import type { UdpEndpoint } from './udp-endpoint.ts';

/** A descriptor of the network: who can wait closes it at once, others have the DTLS thread do it. */
interface NetworkDescriptor extends Descriptor {
  shut(): Suspending<void>;
}

/** A plain UDP socket as a descriptor. */
export class UdpDescriptor implements NetworkDescriptor {
  readonly kind = 'UDP socket';
  readonly writable = true;
  readonly endpoint: UdpEndpoint;

  constructor(endpoint: UdpEndpoint) {
    this.endpoint = endpoint;
  }

  get readable(): boolean {
    return this.endpoint.first !== null || !this.endpoint.isOpen;
  }

  watch(listener: () => void): () => void {
    return this.endpoint.changed.watch(listener);
  }

  shut(): Suspending<void> {
    return this.endpoint.close();
  }

  close(): void {
    this.endpoint.network.dtls.defer(this.shut());
  }
}

/** One end of a DTLS association as a descriptor. */
export class SecureDescriptor implements NetworkDescriptor {
  readonly kind = 'DTLS connection';
  readonly socket: SecureSocket;

  constructor(socket: SecureSocket) {
    this.socket = socket;
  }

  get readable(): boolean {
    return this.socket.readable;
  }

  get writable(): boolean {
    return this.socket.writable;
  }

  /** Who watches it wants its data: that begins the handshake, where it has not begun. */
  watch(listener: () => void): () => void {
    this.socket.begin();
    return this.socket.endpoint.changed.watch(listener);
  }

  shut(): Suspending<void> {
    return this.socket.close();
  }

  close(): void {
    this.socket.endpoint.network.dtls.defer(this.shut());
  }
}

/** A DTLS server as a descriptor: readable while a client waits to be accepted. */
export class ListenerDescriptor implements NetworkDescriptor {
  readonly kind = 'DTLS server';
  readonly writable = false;
  readonly listener: SecureListener;

  constructor(listener: SecureListener) {
    this.listener = listener;
  }

  get readable(): boolean {
    return this.listener.readable;
  }

  watch(listener: () => void): () => void {
    return this.listener.endpoint.changed.watch(listener);
  }

  shut(): Suspending<void> {
    return this.listener.close();
  }

  close(): void {
    this.listener.endpoint.network.dtls.defer(this.shut());
  }
}

/** Whether a descriptor is one of the network. */
export const isNetworkDescriptor = (descriptor: Descriptor | null): descriptor is NetworkDescriptor =>
  descriptor instanceof UdpDescriptor ||
  descriptor instanceof SecureDescriptor ||
  descriptor instanceof ListenerDescriptor;
