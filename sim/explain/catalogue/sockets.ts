import type { Explanation } from '../explanation.ts';

/** The statuses of sockets; TCP's, which no service gives, among them. */
export const SOCKETS: Readonly<Record<string, Explanation>> = {
  NX_INVALID_SOCKET: {
    meaning: 'The socket is not valid for this.',
    causes: ['The DTLS session never had a socket: start it, or let the server accept a client first.'],
  },
  NX_ALREADY_BOUND: {
    meaning: 'The socket has a port, or another thread is binding it.',
    causes: [
      'It is bound twice, for example at a restart: unbind it first, or keep the binding.',
      'The DTLS server is started already.',
    ],
  },
  NX_PORT_UNAVAILABLE: {
    meaning: 'Another socket has the port.',
    causes: [
      'Two parts of the firmware chose one number: pass NX_ANY_PORT for a client.',
      'An old socket was not unbound: unbind it, or wait for that with a wait option.',
    ],
  },
  NX_NOT_BOUND: {
    meaning: 'The socket has no port.',
    causes: [
      'The bind is missing, or its status was not checked: bind before sending and receiving.',
      'It was unbound by another thread.',
      'The DTLS server is not started.',
    ],
  },
  NX_SOCKET_UNBOUND: {
    meaning: 'The socket was unbound while this thread waited for a datagram.',
    causes: ['Shutdown or reconfiguration by another thread: end the receiving loop on this status.'],
  },
  NX_SOCKETS_BOUND: {
    meaning: 'The IP instance has sockets yet.',
    causes: ['Unbind and delete every socket, those of DTLS servers and DHCP clients too, before nx_ip_delete.'],
  },
  NX_STILL_BOUND: {
    meaning: 'The socket is bound, or the server is started.',
    causes: ['Unbind it (or stop the server) first, and delete it then.'],
  },
  NX_NO_FREE_PORTS: {
    meaning: 'Every port is taken.',
    causes: ['Sockets are bound and never unbound: look at the path that creates them.'],
  },
  NX_INVALID_PORT: {
    meaning: 'The port is above 65535, or 0 where a port has to be named.',
    causes: [
      'Address and port are swapped, or the port came from somewhere else than it should: print it.',
      'For services that refuse 0: the variable was not set.',
    ],
  },
  NX_ALREADY_SUSPENDED: {
    meaning: 'Another thread waits here already.',
    causes: ['Two threads receive from one DTLS server session: let one do it, and hand on what it gets.'],
  },
  NX_NOT_CONNECTED: {
    meaning: 'There is no peer.',
    causes: [
      'DTLS client: the server did not answer the handshake in time; look at its address and port, at losses, and at the wait option.',
      'DTLS server: no client has this session, or it ended.',
    ],
  },
  NX_MAX_LISTEN: {
    meaning: 'No more listen requests can be kept.',
    elsewhere: 'In NetX Duo it is about TCP: nx_tcp_server_socket_listen. This simulator has no TCP.',
  },
  NX_DUPLICATE_LISTEN: {
    meaning: 'A socket listens at this port already.',
    elsewhere: 'In NetX Duo it is about TCP: nx_tcp_server_socket_listen. This simulator has no TCP.',
  },
  NX_NOT_CLOSED: {
    meaning: 'The connection is not closed.',
    elsewhere: 'In NetX Duo it is about TCP sockets. This simulator has no TCP.',
  },
  NX_NOT_LISTEN_STATE: {
    meaning: 'The socket does not listen.',
    elsewhere: 'In NetX Duo it is about TCP: nx_tcp_server_socket_accept. This simulator has no TCP.',
  },
  NX_IN_PROGRESS: {
    meaning: 'The connection is being made, and the caller does not wait for it.',
    elsewhere: 'In NetX Duo it is about TCP: a connect with NX_NO_WAIT. This simulator has no TCP.',
  },
  NX_WINDOW_OVERFLOW: {
    meaning: "More data than the peer's window takes.",
    elsewhere: 'In NetX Duo it is about TCP: nx_tcp_socket_send. This simulator has no TCP.',
  },
  NX_DISCONNECT_FAILED: {
    meaning: 'The connection was not closed in time.',
    elsewhere: 'In NetX Duo it is about TCP: nx_tcp_socket_disconnect. This simulator has no TCP.',
  },
  NX_INVALID_RELISTEN: {
    meaning: 'The port has a socket for the next connection already, or is not listened at.',
    elsewhere: 'In NetX Duo it is about TCP: nx_tcp_server_socket_relisten. This simulator has no TCP.',
  },
  NX_CONNECTION_PENDING: {
    meaning: 'A connection waits already, and the socket has been handed to it.',
    elsewhere: 'In NetX Duo it is about TCP: nx_tcp_server_socket_relisten. This simulator has no TCP.',
  },
};
