import type { Descriptor } from '../runtime/descriptor.ts';
import type { SecureListener } from './secure-listener.ts';
import type { SecureSocket } from './secure-socket.ts';
import type { UdpEndpoint } from './udp-endpoint.ts';

/** A plain UDP socket as a descriptor. */
export class UdpDescriptor implements Descriptor {
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

  close(): void {
    this.endpoint.network.dtls.defer(this.endpoint.close());
  }
}

/** One end of a DTLS association as a descriptor. */
export class SecureDescriptor implements Descriptor {
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

  close(): void {
    this.socket.endpoint.network.dtls.defer(this.socket.close());
  }
}

/** A DTLS server as a descriptor: readable while a client waits to be accepted. */
export class ListenerDescriptor implements Descriptor {
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

  close(): void {
    this.listener.endpoint.network.dtls.defer(this.listener.close());
  }
}
