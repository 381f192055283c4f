import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { out, TX_AUTO_START, TX_THREAD, tx_thread_create, type Suspension, type Thread } from 'txsim/tx_api';
import * as nx from 'txsim/nx_api';
import { callWithUdp, createSocket, receiveBytes, sendBytes, type UdpBench } from '../support/udp-bench.ts';

/** What is done to a socket: a datagram comes, somebody takes one or waits for one, the port is given up and taken back. */
type Step = 'arrives' | 'is taken' | 'is waited for' | 'port changes hands';

const PORT = 70;
const lengthOf = (number: number): number => 1 + ((number * 7) % 23);

/** The same in plain arrays. */
class Model {
  readonly log: string[] = [];
  notified = 0;
  received = 0;
  bytes = 0;
  dropped = 0;
  #queue: number[] = [];
  readonly #waiters: number[] = [];
  readonly #maximum: number;
  #arrivals = 0;
  #waits = 0;

  constructor(maximum: number) {
    this.#maximum = maximum;
  }

  get queued(): number {
    return this.#queue.length;
  }

  get available(): number {
    return this.#queue.reduce((sum, number) => sum + lengthOf(number), 0);
  }

  does(step: Step): void {
    if (step === 'arrives') this.#arrive(this.#arrivals++);
    if (step === 'is taken') {
      const number = this.#queue.shift();
      this.log.push(number === undefined ? 'nothing' : `took ${number}`);
    }
    if (step === 'is waited for') {
      const waiter = this.#waits++;
      const number = this.#queue.shift();
      if (number === undefined) this.#waiters.push(waiter);
      else this.log.push(`${waiter} got ${number}`);
    }
    if (step === 'port changes hands') {
      this.#queue = [];
      for (const waiter of this.#waiters.splice(0)) this.log.push(`${waiter} unbound`);
    }
  }

  #arrive(number: number): void {
    this.notified++;
    this.received++;
    this.bytes += lengthOf(number);
    const waiter = this.#waiters.shift();
    if (waiter !== undefined) {
      this.log.push(`${waiter} got ${number}`);
      return;
    }
    const wasEmpty = this.#queue.length === 0;
    this.#queue.push(number);
    if (wasEmpty || this.#queue.length <= this.#maximum) return;
    this.#queue.shift();
    this.dropped++;
  }
}

/** Does the steps with a socket of a device, which sends the datagrams to itself. */
function* perform({ ip, bound, unbound, network }: UdpBench, maximum: number, steps: readonly Step[], model: Model) {
  const log: string[] = [];
  let [notified, arrivals, waits] = [0, 0, 0];
  yield* nx.nx_udp_socket_delete(unbound);
  yield* createSocket(ip, unbound, maximum);
  yield* nx.nx_udp_socket_receive_notify(unbound, () => {
    notified++;
  });
  yield* nx.nx_udp_socket_bind(unbound, PORT, nx.NX_NO_WAIT);

  function* wait(waiter: number): Thread {
    const got = yield* receiveBytes(unbound, nx.NX_WAIT_FOREVER);
    log.push(`${waiter} ${typeof got === 'number' ? 'unbound' : `got ${got[0]}`}`);
  }

  for (const step of steps) {
    model.does(step);
    if (step === 'arrives') {
      const number = arrivals++;
      const payload = new Uint8Array(lengthOf(number)).fill(number);
      yield* sendBytes(network, bound, payload, nx.IP_ADDRESS(192, 168, 1, 10), PORT);
    }
    if (step === 'is taken') {
      const got = yield* receiveBytes(unbound, nx.NX_NO_WAIT);
      log.push(typeof got === 'number' ? 'nothing' : `took ${got[0]}`);
    }
    if (step === 'is waited for') {
      const thread = new TX_THREAD();
      const stack = new Uint8Array(512);
      yield* tx_thread_create(thread, 'w', wait, waits++, stack, 512, 3, 3, 0, TX_AUTO_START);
    }
    if (step === 'port changes hands') {
      yield* nx.nx_udp_socket_unbind(unbound);
      yield* nx.nx_udp_socket_bind(unbound, PORT, nx.NX_NO_WAIT);
    }
    const available = out<number>();
    yield* nx.nx_udp_socket_bytes_available(unbound, available);
    assert.equal(available.value, model.available);
    assert.equal(unbound.nx_udp_socket_receive_count, model.queued);
  }
  const counted = yield* counters(unbound);
  yield* nx.nx_udp_socket_unbind(unbound);
  return { log, notified, counted };
}

function* counters(socket: nx.NX_UDP_SOCKET): Generator<Suspension, Record<string, number>> {
  const [received, bytes, queued, dropped] = [out<number>(), out<number>(), out<number>(), out<number>()];
  yield* nx.nx_udp_socket_info_get(socket, null, null, received, bytes, queued, dropped, null);
  return { received: received.value, bytes: bytes.value, queued: queued.value, dropped: dropped.value };
}

describe('the queue of a socket and those who wait', () => {
  it('are as in a plain model, whatever happens in whatever order', () => {
    const step = fc.constantFrom<Step>(
      'arrives',
      'arrives',
      'arrives',
      'is taken',
      'is waited for',
      'port changes hands',
    );
    const property = fc.property(fc.nat(5), fc.array(step, { maxLength: 40 }), (maximum, steps) => {
      const model = new Model(maximum);
      const done = callWithUdp('thread', (bench) => perform(bench, maximum, steps, model));
      model.does('port changes hands');
      assert(done !== undefined);
      assert.deepEqual(done.log, model.log);
      assert.equal(done.notified, model.notified);
      assert.equal(done.counted['received'], model.received);
      assert.equal(done.counted['bytes'], model.bytes);
      assert.equal(done.counted['dropped'], model.dropped);
    });
    fc.assert(property, { numRuns: 60 });
  });
});
