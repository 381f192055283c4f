import type { Explanation } from '../explanation.ts';

/** The statuses of the DHCP client. */
export const DHCP: Readonly<Record<string, Explanation>> = {
  NX_DHCP_ERROR: { meaning: 'The DHCP client failed without a more precise reason.' },
  NX_DHCP_NO_RESPONSE: { meaning: 'No DHCP server answered.' },
  NX_DHCP_BAD_IP_ADDRESS: { meaning: 'An address in a message of the DHCP server is not valid.' },
  NX_DHCP_ALREADY_STARTED: {
    meaning: 'The DHCP client works on this interface already.',
    causes: ['Two places start it: keep one, or stop the client before it is started again.'],
  },
  NX_DHCP_NOT_BOUND: {
    meaning: 'The client has no lease.',
    causes: [
      'DHCP is not over: wait for nx_ip_status_check with NX_IP_ADDRESS_RESOLVED, or for the state change callback.',
      'No server answers, or the lease ran out: look at the messages in the capture.',
    ],
  },
  NX_DHCP_DEST_TO_SMALL: {
    meaning: "The buffer is too small for the option's value.",
    causes: ["Pass a larger buffer, and its size; the option's length is the server's choice."],
  },
  NX_DHCP_NOT_STARTED: {
    meaning: 'The DHCP client does not work on this interface.',
    causes: ['nx_dhcp_start was not called, or failed, or the client was stopped before.'],
  },
  NX_DHCP_PARSE_ERROR: {
    meaning: "The server's message does not have the option.",
    causes: [
      'The option was not requested: nx_dhcp_user_option_request before the start.',
      'The server is not configured to give it: have a default.',
    ],
  },
  NX_DHCP_BAD_XID: {
    meaning: 'The transaction number of a message is not that of the request.',
    elsewhere: 'Here such a message is dropped: it answers another client, or came late.',
  },
  NX_DHCP_BAD_MAC_ADDRESS: {
    meaning: "The hardware address of a message is not the client's.",
    elsewhere: 'Here such a message is dropped: it is meant for another client.',
  },
  NX_DHCP_INVALID_MESSAGE: {
    meaning: 'A message of the server is not well formed.',
    elsewhere: 'Here such a message is dropped.',
  },
  NX_DHCP_INVALID_PAYLOAD: { meaning: 'The payload of the packet pool is too small for a DHCP message.' },
  NX_DHCP_INVALID_IP_REQUEST: {
    meaning: 'The address to ask for is not valid.',
    causes: ['It is 0: to leave the choice to the server, do not call nx_dhcp_request_client_ip.'],
  },
  NX_DHCP_UNKNOWN_OPTION: {
    meaning: 'The options that the application adds could not be put into the message, which was not sent.',
    causes: [
      'The callback of nx_dhcp_user_option_add_callback_set returns NX_FALSE: return NX_TRUE, with length 0 for none.',
      'It says that it wrote more than there is room for: look at the length it is given.',
    ],
  },
  NX_DHCP_INTERFACE_ALREADY_ENABLED: {
    meaning: 'DHCP is enabled on this interface already.',
    causes: ['The first interface is enabled by nx_dhcp_create: enable the others only.'],
  },
  NX_DHCP_INTERFACE_NOT_ENABLED: {
    meaning: 'DHCP is not enabled on this interface.',
    causes: ['Call nx_dhcp_interface_enable for it first; or the index is that of another interface.'],
  },
  NX_DHCP_NO_INTERFACES_ENABLED: {
    meaning: 'DHCP is enabled on no interface, or none has a lease that can be asked.',
    causes: [
      'All were disabled: nx_dhcp_interface_enable.',
      'The question comes before there is a lease: wait until the client is bound.',
    ],
  },
  NX_DHCP_NO_INTERFACES_STARTED: {
    meaning: 'The client could be started on no interface.',
    causes: [
      'Every enabled interface runs already, or failed: start each with nx_dhcp_interface_start and look at its status.',
    ],
  },
  NX_DHCP_NO_RECORDS_AVAILABLE: {
    meaning: 'The client has no place for another interface.',
    causes: ['Raise NX_DHCP_CLIENT_MAX_RECORDS of the device, or disable DHCP on another interface.'],
  },
  NX_DHCP_INVALID_NAME: {
    meaning: 'The host name has letters or a form that are not allowed.',
    causes: [
      'Use letters, digits and hyphens, not at the ends, at most 63 in each part; or leave out NX_DHCP_CLIENT_ENABLE_HOST_NAME_CHECK.',
    ],
  },
};
