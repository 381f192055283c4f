import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { statusName } from 'txsim';
import { out, type Op } from 'txsim/tx_api';
import * as nx from 'txsim/nx_api';
import * as tls from 'txsim/nx_secure_tls_api';
import * as dtls from 'txsim/nx_secure_dtls_api';
import { ALERT, APPLICATION_DATA } from '../../secure/dtls/wire/record.ts';
import { expectSuccess, memory, play, type Bench } from './statuses/bench.ts';
import { server, type Seal } from './statuses/peer.ts';
import { PEER_PORT } from './statuses/peer-firmware.ts';
import { connect, packetFor } from './statuses/steps.ts';
import { corruptLast } from './statuses/tamper.ts';

const forged = (seal: Seal): Uint8Array => corruptLast(seal(APPLICATION_DATA, memory(5)));
const receive = ({ session }: Bench, wait: number): Op<number> =>
  dtls.nx_secure_dtls_session_receive(session, out(), wait);

/** What calls of receive give, one after the other, after the server has sent some datagrams behind its Finished. */
function receives(afterwards: (seal: Seal) => readonly Uint8Array[], waits: readonly number[]): readonly string[] {
  const statuses: string[] = [];
  play({
    when: '',
    peer: server({ afterwards }),
    *call(bench) {
      expectSuccess(yield* connect(bench));
      for (const wait of waits) statuses.push(statusName(yield* receive(bench, wait)));
      return nx.NX_SUCCESS;
    },
  });
  return statuses;
}

const SUCCESS = statusName(nx.NX_SUCCESS);
const NO_PACKET = statusName(nx.NX_NO_PACKET);
const FORGED = statusName(tls.NX_SECURE_TLS_HASH_MAC_VERIFY_FAILURE);

describe('a record that is dropped (RFC 6347 section 4.1.2.7)', () => {
  it('does not end the wait: what comes after it is received', () => {
    assert.deepEqual(
      receives((seal) => [forged(seal), seal(APPLICATION_DATA, memory(5))], [100]),
      [SUCCESS],
    );
  });

  it('is the reason of a wait that ends in vain, once, and the session works on', () => {
    const statuses: string[] = [];
    play({
      when: '',
      peer: server({ afterwards: (seal) => [forged(seal)] }),
      *call(bench) {
        const { session, peerAddress } = bench;
        expectSuccess(yield* connect(bench));
        statuses.push(statusName(yield* receive(bench, 50)));
        const packet = yield* packetFor(bench, session);
        expectSuccess(yield* dtls.nx_secure_dtls_session_send(session, packet, peerAddress, PEER_PORT));
        for (const wait of [50, 50]) statuses.push(statusName(yield* receive(bench, wait)));
        return nx.NX_SUCCESS;
      },
    });
    assert.deepEqual(statuses, [FORGED, SUCCESS, NO_PACKET]);
  });

  it('is nothing to a poll, which only says whether there is something to read', () => {
    assert.deepEqual(
      receives((seal) => [forged(seal)], [nx.NX_NO_WAIT, 50]),
      [NO_PACKET, NO_PACKET],
    );
  });

  it('is no reason where it only came twice', () => {
    const twice = (seal: Seal): readonly Uint8Array[] => {
      const record = seal(APPLICATION_DATA, memory(5));
      return [record, record];
    };
    assert.deepEqual(receives(twice, [100, 50]), [SUCCESS, NO_PACKET]);
  });

  it('is no reason where the session is over', () => {
    const over = (seal: Seal): readonly Uint8Array[] => [forged(seal), seal(ALERT, Uint8Array.of(1, 0))];
    assert.deepEqual(receives(over, [100]), [statusName(tls.NX_SECURE_TLS_CLOSE_NOTIFY_RECEIVED)]);
  });
});
