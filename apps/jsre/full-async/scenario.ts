/** The multi-task server whose tasks never block, and three clients. */
import { defineScenario, jsreFirmware } from 'txsim';

const server = jsreFirmware({ main: 'main.js', fs: import.meta.dirname });
const client = jsreFirmware({ main: 'client.js', fs: `${import.meta.dirname}/../async` });

export default defineScenario({
  description: 'JSRE: a multi-task server without a call that blocks',
  seed: 7,
  networks: { lan: { subnet: '192.168.0.0/24', latency: '1ms' } },
  devices: {
    server: { firmware: server, address: '192.168.0.2' },
    ann: { firmware: client },
    bob: { firmware: client, bootAt: '1s' },
    cid: { firmware: client, bootAt: '2s' },
  },
  until: '10s',
  outputs: { pcap: 'txsim-out/run.pcapng' },
});
