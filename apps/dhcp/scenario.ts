/** A device that boots by DHCP on a network that loses a fifth of its frames, and keeps renewing its lease. */
import { defineScenario, expectOutput, noLeaks, noStalls } from 'txsim';
import firmware from './firmware.ts';

export default defineScenario({
  description: 'a device gets its address by DHCP, and renews it every five minutes',
  seed: 4,
  networks: { lan: { latency: '2ms', loss: 0.2 } },
  dhcp: { lan: { dns: ['192.168.1.53'], lease: '600s' } },
  devices: { device: { firmware } },
  expect: [
    expectOutput('device', /^address 192\.168\.1\./, { by: '60s' }),
    expectOutput('device', 'DHCP: renewing', { after: '60s' }),
    noLeaks(),
    noStalls(),
  ],
  until: '1000s',
});
