import { flagMacro, numericMacro } from '../kernel/config.ts';
import type { Kernel } from '../kernel/kernel.ts';

/** The macros of a device's `nx_user.h` that shape an IP instance. */
export interface IpConfig {
  /** `NX_MAX_PHYSICAL_INTERFACES`: interfaces with a driver, 1 unless set. */
  readonly physicalInterfaces: number;
  /** Whether there is an interface to this host itself, after the physical ones (not `NX_DISABLE_LOOPBACK_INTERFACE`). */
  readonly loopback: boolean;
  /** `NX_ENABLE_IP_STATIC_ROUTING`. */
  readonly staticRouting: boolean;
  /** `NX_IP_ROUTING_TABLE_SIZE`: static routes, 8 unless set. */
  readonly routingTableSize: number;
  /** `NX_ENABLE_INTERFACE_CAPABILITY`. */
  readonly capability: boolean;
  /** Whether packets may be cut up and put together again (not `NX_DISABLE_FRAGMENTATION`). */
  readonly fragmentation: boolean;
  /** `NX_IPV4_MAX_REASSEMBLY_TIME`: seconds that the fragments of a datagram wait for the others, 15 unless set. */
  readonly reassemblyTime: number;
  /** `NX_IP_RAW_MAX_QUEUE_DEPTH`: raw packets that may wait, 20 unless set. */
  readonly rawQueueDepth: number;
  /** `NX_ENABLE_IP_RAW_PACKET_FILTER`. */
  readonly rawFilter: boolean;
}

/** Reads the macros of a device. */
export function ipConfig({ macros }: Pick<Kernel, 'macros'>): IpConfig {
  return {
    physicalInterfaces: Math.max(1, numericMacro(macros, 'NX_MAX_PHYSICAL_INTERFACES', 1)),
    loopback: !flagMacro(macros, 'NX_DISABLE_LOOPBACK_INTERFACE'),
    staticRouting: flagMacro(macros, 'NX_ENABLE_IP_STATIC_ROUTING'),
    routingTableSize: numericMacro(macros, 'NX_IP_ROUTING_TABLE_SIZE', 8),
    capability: flagMacro(macros, 'NX_ENABLE_INTERFACE_CAPABILITY'),
    fragmentation: !flagMacro(macros, 'NX_DISABLE_FRAGMENTATION'),
    reassemblyTime: numericMacro(macros, 'NX_IPV4_MAX_REASSEMBLY_TIME', 15),
    rawQueueDepth: numericMacro(macros, 'NX_IP_RAW_MAX_QUEUE_DEPTH', 20),
    rawFilter: flagMacro(macros, 'NX_ENABLE_IP_RAW_PACKET_FILTER'),
  };
}
