import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { TX_WAIT_FOREVER, tx_thread_sleep } from 'txsim/tx_api';
import * as net from '../../support/jsre-net.ts';
import { ERRNO } from '../../../sim/jsre/runtime/errno.ts';

describe('DTLS sockets of JSRE', () => {
  it('an echo over IPv4, and the close', () => {
    const server = net.netFirmware(function* (network, board) {
      const listener = yield* net.listen(network, net.serverSettings(network));
      const socket = yield* net.accept(listener);
      for (;;) {
        const buffer = new Uint8Array(100);
        const got = yield* socket.receive(buffer, TX_WAIT_FOREVER);
        if (!got.ok) {
          board.print(`over: ${got.errno}`);
          break;
        }
        board.print(net.text(buffer.subarray(0, got.bytes)));
        yield* socket.send(buffer.subarray(0, got.bytes), TX_WAIT_FOREVER);
      }
      yield* socket.close();
      yield* listener.close();
    });
    const client = net.netFirmware(function* (network, board) {
      const socket = yield* net.connect(network, net.CLIENT, net.address(2, '192.168.0.2'));
      assert.equal(yield* socket.connection('connect', TX_WAIT_FOREVER), 0);
      yield* socket.send(net.bytesOf('hello'), TX_WAIT_FOREVER);
      const buffer = new Uint8Array(100);
      const got = yield* socket.receive(buffer, TX_WAIT_FOREVER);
      board.print(`back: ${net.text(buffer.subarray(0, got.ok ? got.bytes : 0))}`);
      yield* tx_thread_sleep(10);
      yield* socket.close();
      board.print('closed');
    });
    const world = net.lanOfTwo(server, client);
    world.run({ until: '20s' });
    assert.equal(world.devices.get('client')?.output.toString(), 'back: hello\nclosed');
    assert.equal(world.devices.get('server')?.output.toString(), `hello\nover: ${ERRNO.ECONNRESET}`);
    assert.deepEqual(world.leaks(), []);
  });
});
