import type { Explanation } from '../explanation.ts';

/** The statuses of packets, interfaces, ARP, IP and ICMP. */
export const NETX: Readonly<Record<string, Explanation>> = {
  NX_SUCCESS: {
    meaning: 'The service did what was asked.',
    causes: ['Nothing is wrong. A packet that was sent belongs to the stack from now on.'],
  },
  NX_NO_PACKET: {
    meaning:
      'No packet was there in time: none free in the pool, none received, or none came before the end of a handshake.',
    causes: [
      "Allocation: packets are not released on some path. Watch the pool's available count; the leak report of a run names the line.",
      'Reception: nothing arrived in time. Look in the capture whether the peer sent, and to which port.',
      'The pool is too small for what is queued at once: give it more packets or wait longer.',
    ],
  },
  NX_UNDERFLOW: {
    meaning: "There is not enough room before the packet's data for the headers.",
    causes: [
      'A release: the pointers of the packet were moved out of its payload, or overwritten.',
      'The packet was allocated with a small type such as NX_RECEIVE_PACKET: use the type of the protocol (NX_UDP_PACKET, NX_IP_PACKET).',
      'The prepend pointer was moved back by hand, or a received packet is sent on without room: copy it to a new one.',
    ],
  },
  NX_OVERFLOW: {
    meaning:
      "Something does not fit: data behind the packet's end or above a limit, or one more entry in a full table.",
    causes: [
      'The append pointer was moved beyond the payload: append with nx_packet_data_append, which adds packets to the chain.',
      'More data than an IP packet carries: split it.',
      'Static routes: all NX_IP_ROUTING_TABLE_SIZE places are taken.',
    ],
  },
  NX_INVALID_PACKET: {
    meaning: 'The packet is not one that the service can use.',
    causes: [
      'It was not received over the protocol that is asked about, or its headers were overwritten.',
      'Its length is not that of its chain: after writing by hand, set nx_packet_length and nx_packet_append_ptr.',
    ],
  },
  NX_PACKET_OFFSET_ERROR: {
    meaning: "The offset lies at or behind the end of the packet's data.",
    causes: ['Compare the offset with nx_packet_length before extracting; a short datagram is nothing unusual.'],
  },
  NX_POOL_DELETED: {
    meaning: 'The packet pool was deleted while this thread waited for a packet.',
    causes: ['Shutdown in the wrong order: end the threads that use a pool before it is deleted.'],
  },
  NX_POOL_ERROR: { meaning: 'A packet pool is not valid.' },
  NX_ALREADY_RELEASED: { meaning: 'The packet was released before.' },
  NX_PTR_ERROR: {
    meaning: 'A pointer argument is NULL, or not that of a created object or a packet in use.',
    causes: [
      'The instance, socket or pool is used before it was created, or after it was deleted: check the status of each creation.',
      'The packet was released or sent before: after a successful send it belongs to the stack.',
      'On creation: the control block is in use already, or memory overlaps that of another object.',
    ],
  },
  NX_WAIT_ERROR: { meaning: 'The wait option asks to wait where that is not possible.' },
  NX_SIZE_ERROR: {
    meaning: 'A size is 0, too small, or more than can be handled.',
    causes: [
      "On creation: the memory does not hold one packet, ARP entry or the thread's stack; give it more.",
      'Without packet chains (NX_DISABLE_PACKET_CHAIN) the data does not fit in one packet: use a pool with larger payloads.',
    ],
  },
  NX_OPTION_ERROR: {
    meaning: 'An option, a priority or a packet type is not valid.',
    causes: [
      'nx_udp_socket_create: type of service, fragment option and time to live are in that order; a time to live is 1 to 255.',
      'nx_packet_allocate: the type is a room in bytes, and a multiple of 4.',
    ],
  },
  NX_DELETE_ERROR: { meaning: 'The object cannot be deleted.' },
  NX_CALLER_ERROR: {
    meaning: 'The service must not be called from here.',
    causes: [
      "Called from a timer, an ISR, a callback of the IP thread's or tx_application_define, where only a thread may: signal a thread, and let it call.",
      'An allocation that waits outside of threads: use NX_NO_WAIT.',
    ],
  },
  NX_NOT_ENABLED: {
    meaning: 'The part of the stack that the service belongs to is switched off.',
    causes: [
      'nx_udp_enable, nx_arp_enable, nx_icmp_enable or their like was not called for this instance, or failed: call it right after nx_ip_create.',
      "The device's configuration leaves the feature out.",
    ],
  },
  NX_ALREADY_ENABLED: {
    meaning: 'The part of the stack is on already.',
    causes: ['Two places enable it: keep one, or treat this as success.'],
  },
  NX_ENTRY_NOT_FOUND: {
    meaning: 'There is no such entry.',
    causes: [
      'ARP: the neighbour has not answered, its entry expired, or it is on another network.',
      'Groups and routes: it was removed before, or was added for another interface.',
    ],
  },
  NX_NO_MORE_ENTRIES: {
    meaning: 'The table is full.',
    causes: [
      'Multicast groups: raise NX_MAX_MULTICAST_GROUPS, or leave groups that are not needed.',
      'ARP: static entries fill the memory that nx_arp_enable got; give it more.',
      'DHCP: more options were requested than the client remembers.',
    ],
  },
  NX_ARP_TIMER_ERROR: { meaning: 'The timer of ARP could not be made.' },
  NX_RESERVED_CODE0: {
    meaning: 'A number that is kept free.',
    elsewhere: 'NetX Duo reserves it: no service of its public interface is to give it.',
  },
  NX_RESERVED_CODE1: {
    meaning: 'A number that is kept free.',
    elsewhere: 'NetX Duo reserves it: no service of its public interface is to give it.',
  },
  NX_RESERVED_CODE2: {
    meaning: 'A number that is kept free.',
    elsewhere: 'NetX Duo reserves it: no service of its public interface is to give it.',
  },
  NX_WAIT_ABORTED: {
    meaning: 'Another thread ended this wait with tx_thread_wait_abort.',
    causes: ['Shutdown or a watchdog of the application: go on without what was waited for.'],
  },
  NX_DELETED: { meaning: 'The object was deleted while somebody waited for it.' },
  NX_NO_MAPPING: { meaning: 'An IP address has no hardware address yet.' },
  NX_NOT_CREATED: { meaning: 'The object could not be created, or was not.' },
  NX_IP_INTERNAL_ERROR: {
    meaning: 'Something that the IP instance needs could not be created.',
    elsewhere: 'In NetX Duo, nx_ip_create gives it where a ThreadX object of the instance cannot be created.',
  },
  NX_IP_ADDRESS_ERROR: {
    meaning: 'An IP address is not valid for this, or there is no way to it.',
    causes: [
      'The address is 0, or of a class the service does not take: a host, a group and everybody are told apart.',
      'It is on none of the networks and no gateway is set: nx_ip_gateway_address_set, or correct the mask.',
      'A byte order or version mistake: addresses are 32-bit numbers, as IP_ADDRESS(192, 168, 1, 1) makes them.',
    ],
  },
  NX_NO_INTERFACE_ADDRESS: {
    meaning: 'No address of the device can be the source.',
    causes: [
      'IPv6: none is set, or duplicate address detection is not over: wait for the change notification.',
      'IPv6 was not enabled: nxd_ipv6_enable.',
      'The interface got no address, for example while DHCP is under way.',
    ],
  },
  NX_INVALID_INTERFACE: {
    meaning: 'There is no interface (or address) of that index.',
    causes: [
      'The index is NX_MAX_PHYSICAL_INTERFACES or more, or nothing is attached there: attach it first with nx_ip_interface_attach.',
      'The interface was detached meanwhile, or has no address.',
    ],
  },
  NX_INVALID_PARAMETERS: {
    meaning: 'An argument that is no pointer is not valid.',
    causes: [
      'A hardware address of 0, a prefix length or a protocol that is none: compare with the parameters of the service.',
      'A buffer is too small for what is to be kept in it.',
      'A certificate was not initialised, or is in a store already.',
    ],
  },
  NX_INVALID_MTU_DATA: { meaning: 'An MTU is not valid.' },
  NX_DUPLICATED_ENTRY: {
    meaning: 'The address or entry is there already.',
    causes: [
      'Two interfaces are given the same address or network: each needs its own.',
      'A setup routine runs twice.',
    ],
  },
  NX_NOT_FOUND: {
    meaning: 'What was asked for is not set.',
    causes: [
      "No gateway or default router: set one, or wait for a router's advertisement.",
      'It was deleted, or expired.',
    ],
  },
  NX_NOT_SUPPORTED: {
    meaning: "The device's configuration does not have this feature, or it does not apply.",
    causes: [
      "The feature is an option of the build; the service's list tells which (txsim explain nx_...): set it in the device's configuration.",
    ],
  },
  NX_NOT_IMPLEMENTED: { meaning: 'The service is there, and does nothing.' },
  NX_NOT_SUCCESSFUL: {
    meaning: 'It was not done, and not for a mistake of the arguments.',
    causes: [
      'nx_ip_status_check: the state was not reached in time; link or address are still missing.',
      "DTLS: the session's handshake is over already, or its sequence numbers are used up; reset the session and start again.",
    ],
  },
  NX_UNHANDLED_COMMAND: {
    meaning: 'The link driver does not know this command.',
    causes: ['The driver leaves it out: handle the command in its entry function, or do without what it tells.'],
  },
  NX_TX_QUEUE_DEPTH: { meaning: 'The transmit queue is at its limit.' },
  NX_NO_RESPONSE: {
    meaning: 'No echo reply came in time.',
    causes: [
      'The address is not in use, or a firewall drops echo requests: look in the capture whether the request went out and what came back.',
      'ARP had no answer: the neighbour is off or on another network.',
      'The wait is shorter than the way there and back.',
    ],
  },
  NX_CONTINUE: { meaning: 'The work goes on with another step.' },
  NX_OPTION_HEADER_ERROR: { meaning: 'An option in a header is not well formed.' },
  NX_TCPIP_OFFLOAD_ERROR: { meaning: 'The TCP/IP engine of the hardware reported an error.' },
  NX_CANNOT_START: { meaning: 'It cannot be started.' },
};
