import { World, defineFirmware } from 'txsim';
import * as tx from 'txsim/tx_api';
const n = Number(process.argv[2]), days = Number(process.argv[3]);
const world = new World();
let count = 0;
const fw = defineFirmware(() => ({ *tx_application_define() {
  yield* tx.tx_timer_create(new tx.TX_TIMER(), 't', () => { count++; }, 0, 100, 100, 1);
}}));
for (let i = 0; i < n; i++) world.device('d' + i, { firmware: fw, cpu: (process.argv[4] ?? 'default') as 'instant' });
const t0 = performance.now();
world.run({ until: days * 86400e9 });
const t = performance.now() - t0;
console.log(count, t.toFixed(0) + ' ms', (t * 1e6 / count).toFixed(0) + ' ns each');
