import dgram from 'node:dgram';
import { SimulationError } from '../../kernel/simulation-error.ts';
import type { HostEndpoint } from './endpoints.ts';

/** A UDP socket of the host. */
export interface HostSocket {
  /** Sends to an address; a connected socket knows none but its own. */
  send(bytes: Uint8Array, to?: HostEndpoint): void;
  close(): Promise<void>;
}

type Received = (bytes: Uint8Array, from: HostEndpoint) => void;

/** Told what went wrong, in words and by the system's name for it (`ECONNREFUSED`). */
type Problem = (text: string, code: string) => void;

const codeOf = (error: Error): string => ('code' in error && typeof error.code === 'string' ? error.code : '');

function adopt(socket: dgram.Socket, received: Received, problem: Problem): HostSocket {
  socket.on('message', (bytes, { address, port }) => received(new Uint8Array(bytes), { address, port }));
  // ECONNREFUSED and the like belong to one datagram: the next may get through.
  socket.on('error', (error) => problem(error.message, codeOf(error)));
  return {
    send: (bytes, to) => {
      const done = (error: Error | null): void => {
        if (error !== null) problem(error.message, codeOf(error));
      };
      if (to === undefined) socket.send(bytes, done);
      else socket.send(bytes, to.port, to.address, done);
    },
    close: () =>
      new Promise((resolve) => {
        socket.close(() => resolve());
      }),
  };
}

const typeOf = ({ address }: HostEndpoint): 'udp4' | 'udp6' => (address.includes(':') ? 'udp6' : 'udp4');

/**
 * A socket that receives what comes to a host address.
 *
 * @throws SimulationError (as a rejection) where the address cannot be had
 */
export async function bindSocket(endpoint: HostEndpoint, received: Received, problem: Problem): Promise<HostSocket> {
  const socket = dgram.createSocket(typeOf(endpoint));
  await new Promise<void>((resolve, reject) => {
    socket.once('error', (error) => {
      const what = `${endpoint.address}:${endpoint.port} cannot be listened on: ${error.message}`;
      reject(new SimulationError({ kind: 'world', what, fix: 'end the program that uses the port, or take another' }));
    });
    socket.bind(endpoint.port, endpoint.address, resolve);
  });
  socket.removeAllListeners('error');
  return adopt(socket, received, problem);
}

/** A socket of its own port that talks to one host address. */
export async function connectSocket(endpoint: HostEndpoint, received: Received, problem: Problem): Promise<HostSocket> {
  const socket = dgram.createSocket(typeOf(endpoint));
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject);
    socket.connect(endpoint.port, endpoint.address, resolve);
  });
  socket.removeAllListeners('error');
  return adopt(socket, received, problem);
}
