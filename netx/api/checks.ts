import type { ULONG } from '../../kernel/constants.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import { IP_ID, type NX_IP } from '../ip.ts';

/** Whether a control block is that of an IP instance that was created. */
export const isIp = (ip: NX_IP | null): ip is NX_IP => ip?.nx_ip_id === IP_ID;

/** Class A, B or C: what a host may have. 0 stands for none yet. */
export const isHostAddress = (address: ULONG): boolean => address >>> 29 !== 7;

/** Whether a service that creates things may be called: from threads and from initialisation. */
export const mayCreate = ({ context }: Kernel): boolean => context === 'init' || context === 'thread';
