import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { generate, readFaces } from '../../sim/explain/generate.ts';
import { ReturnsReader } from '../../sim/explain/returns.ts';
import { SERVICES } from '../../sim/explain/services.ts';
import * as dtls from '../../secure/nx_secure_dtls_api.ts';
import * as tls from '../../secure/nx_secure_tls_api.ts';
import * as nx from '../../netx/nx_api.ts';
import * as dhcp from '../../netx/nxd_dhcp_client.ts';
import * as tx from '../../kernel/tx_api.ts';

const STATUS = /^(NX_(SUCCESS|PTR_ERROR|NOT_BOUND|NO_PACKET|NOT_ENABLED|SECURE_LATE)|TX_SUCCESS)$/;
const read = (source: string): ReturnsReader =>
  new ReturnsReader([source], (name) => STATUS.test(name), ['NX_SECURE_LATE']);
const face = (name: string, returns: string): string =>
  `/**\n * Does it.\n *\n * @returns ${returns}\n */\nexport function ${name}(): Op<UINT> {}\n`;

describe('the table of services', () => {
  it('is what the faces say: npm run generate', async () => {
    assert((await generate()).upToDate, 'sim/explain/services.ts is not up to date: npm run generate');
  });

  it('names statuses only', () => {
    assert.deepEqual(readFaces().unknown, []);
  });

  for (const [header, exported] of Object.entries({ tx, nx, dhcp, tls, dtls })) {
    it(`${header}: has every service`, () => {
      const services = Object.entries(exported).filter(
        ([name, value]) => typeof value === 'function' && /^(tx|nxd?)_(?!crypto_)[a-z\d_]+$/.test(name),
      );
      assert(services.length > 5);
      const missing = services.map(([name]) => name).filter((name) => !(name in SERVICES));
      assert.deepEqual(missing, []);
    });
  }
});

describe('the words of @returns', () => {
  const clauses: readonly (readonly [returns: string, statuses: Readonly<Record<string, string>>])[] = [
    ['`NX_SUCCESS`; `NX_PTR_ERROR` for NULL', { NX_SUCCESS: '', NX_PTR_ERROR: 'for NULL' }],
    ['`NX_SUCCESS`, also where it was on', { NX_SUCCESS: 'also where it was on' }],
    ['`NX_NOT_BOUND`, `NX_NO_PACKET`: too late', { NX_NOT_BOUND: 'too late', NX_NO_PACKET: 'too late' }],
    ['`NX_NOT_BOUND`, or `NX_NO_PACKET` when late', { NX_NOT_BOUND: '', NX_NO_PACKET: 'when late' }],
    ['where it is late: `NX_NO_PACKET`', { NX_NO_PACKET: 'where it is late' }],
    ['`NX_NO_PACKET` when late. The order is another', { NX_NO_PACKET: 'when late' }],
    ['`NX_PTR_ERROR` with\n *   `NX_A_MACRO` {@link nx_b}', { NX_PTR_ERROR: 'with NX_A_MACRO nx_b' }],
    ['\n *   - `NX_SUCCESS`: good\n *   - `NX_PTR_ERROR`: bad', { NX_SUCCESS: 'good', NX_PTR_ERROR: 'bad' }],
    ["the driver's (`NX_SUCCESS`, `NX_NOT_ENABLED`)", { NX_SUCCESS: "the driver's", NX_NOT_ENABLED: "the driver's" }],
    ['the NX_SECURE_ status of whatever failed here', { NX_SECURE_LATE: 'where that is what ended the handshake' }],
    ['the time', {}],
  ];
  for (const [returns, statuses] of clauses) {
    it(returns.replaceAll(/\s+/g, ' '), () =>
      assert.deepEqual(read(face('nx_a', returns)).statusesOf('nx_a'), statuses),
    );
  }

  it('refer to other services, and add to what those say', () => {
    const faces = read(
      face('nx_a', '`NX_SUCCESS`; `NX_NO_PACKET` when late') +
        face('nx_b', 'as {@link nx_a}, and `NX_NOT_BOUND`; `NX_NO_PACKET` without any') +
        face('nx_c', '`TX_SUCCESS`; statuses of `nx_a`') +
        face('nx_d', 'as `nx_b` and `nx_c`') +
        '/** The older name. */\nexport const nx_e = nx_b;\nexport const nx_f = nx_a;\n',
    );
    const ofB = { NX_SUCCESS: '', NX_NO_PACKET: 'when late; without any', NX_NOT_BOUND: '' };
    assert.deepEqual(faces.statusesOf('nx_b'), ofB);
    assert.deepEqual(faces.statusesOf('nx_c'), { TX_SUCCESS: '', NX_NO_PACKET: 'when late' });
    assert.deepEqual(faces.statusesOf('nx_d'), { ...ofB, TX_SUCCESS: '' });
    assert.deepEqual(faces.statusesOf('nx_e'), ofB);
    assert.deepEqual(faces.services, ['nx_a', 'nx_b', 'nx_c', 'nx_d', 'nx_e', 'nx_f']);
  });

  it('are refused where they name no status, or no service', () => {
    assert.deepEqual(read(face('nx_a', '`NX_SUCCESS`; `NX_PTR_EROR` for NULL')).unknown, ['nx_a: NX_PTR_EROR']);
    assert.throws(() => read(face('nx_a', 'as `nx_gone`')).statusesOf('nx_a'), /nx_gone/);
  });
});
