import { ADDRESS_CONSTANTS } from '../sockaddr.ts';

/** The kinds of sockets; only datagrams are there. */
export const SOCK_STREAM = 1;
export const SOCK_DGRAM = 2;
const IPPROTO_UDP = 17;

/** The constants of the `socket` module. Those of TCP are there for programs that name them. */
export const SOCKET_CONSTANTS = {
  ...ADDRESS_CONSTANTS,
  SOCK_STREAM,
  SOCK_DGRAM,
  IPPROTO_IP: 0,
  IPPROTO_TCP: 6,
  IPPROTO_UDP,
  IPPROTO_IPV6: 41,
  TCP_CLOSED: 0,
  TCP_LISTEN: 1,
  TCP_SYN_SENT: 2,
  TCP_SYN_RCVD: 3,
  TCP_ESTABLISHED: 4,
  TCP_FIN_WAIT_1: 5,
  TCP_FIN_WAIT_2: 6,
  TCP_CLOSE_WAIT: 7,
  TCP_CLOSING: 8,
  TCP_LAST_ACK: 9,
  TCP_TIME_WAIT: 10,
} as const;
