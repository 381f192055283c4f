import assert from 'node:assert/strict';
import { it } from 'node:test';
import { jsProvider, nodeProvider } from 'txsim';
import { connect, hear, runDtlsWorld, say } from '../support/dtls-world.ts';

it('a device may have its own cryptography', () => {
  let hashes = 0;
  const clientCrypto = {
    ...jsProvider,
    hash: (...parts: Parameters<typeof jsProvider.hash>) => {
      hashes += 1;
      return jsProvider.hash(...parts);
    },
  };
  const results: string[] = [];
  for (const crypto of [clientCrypto, nodeProvider]) {
    runDtlsWorld({
      clientCrypto: crypto,
      *client(bench) {
        results.push(yield* connect(bench));
        yield* say(bench, 'hello');
        results.push(yield* hear(bench));
      },
    });
  }
  assert.deepEqual(results, ['NX_SUCCESS (0x00)', 'hello', 'NX_SUCCESS (0x00)', 'hello']);
  assert(hashes > 0);
});
