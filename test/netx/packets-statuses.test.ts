import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as nx from 'txsim/nx_api';
import { statusName } from 'txsim';
import { readDocument } from '../docs/document.ts';
import { statusIn } from '../support/packet-bench.ts';
import { data } from './packet-statuses/data.ts';
import { packets } from './packet-statuses/packets.ts';
import { pools } from './packet-statuses/pools.ts';

/** Every status of every service: what the document lists, and nothing else. */
const PACKET_STATUSES = { ...pools, ...packets, ...data };

for (const [service, cases] of Object.entries(PACKET_STATUSES)) {
  describe(`${service}, status by status`, () => {
    for (const { status, what, call, from = 'thread', config = {} } of cases) {
      it(`${statusName(status)}: ${what}`, () => {
        assert.equal(statusName(statusIn(from, call, config)), statusName(status));
      });
    }
  });
}

describe('docs/netx-packets.md', () => {
  it('lists the services, and the statuses that were provoked', () => {
    const rows = readDocument('docs/netx-packets.md').table('## Services and statuses');
    const documented = new Map(rows.map(([service = '', statuses = '']) => [service, statuses.match(/NX_\w+/g) ?? []]));
    assert.deepEqual([...documented.keys()].toSorted(), Object.keys(PACKET_STATUSES).toSorted());
    const values = new Map(Object.entries(nx));
    for (const [service, names] of documented) {
      const listed = new Set(names.map((name) => values.get(name)));
      const provoked = new Set(PACKET_STATUSES[service]?.map(({ status }) => status));
      assert.deepEqual(
        [...listed].toSorted(),
        [...provoked].filter((one) => one !== nx.NX_SUCCESS).toSorted(),
        service,
      );
    }
  });
});
