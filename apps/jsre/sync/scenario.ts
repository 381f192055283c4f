/** The synchronous server and client, at the address that the client asks for. */
import { defineScenario, jsreFirmware } from 'txsim';

const server = jsreFirmware({ main: 'server.js', fs: import.meta.dirname });
const client = jsreFirmware({ main: 'client.js', fs: import.meta.dirname });

export default defineScenario({
  description: 'JSRE: a synchronous server and client',
  seed: 7,
  networks: { lan: { subnet: '192.168.0.0/24', latency: '1ms' } },
  devices: {
    server: { firmware: server, address: '192.168.0.3' },
    client: { firmware: client },
  },
  until: '10s',
  outputs: { pcap: 'txsim-out/run.pcapng' },
});
