import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it, mock } from 'node:test';
import * as nx from 'txsim/nx_api';
import { ipv6Settings } from '../../netx/ipv6/settings.ts';
import { readDocument } from './document.ts';

const document = readDocument('docs/ipv6.md');

describe('docs/ipv6.md', () => {
  it('has an example that runs', async () => {
    const [example = ''] = document.blocks('ts');
    assert.equal(readFileSync('test/docs/ipv6-ping.ts', 'utf8'), example);
    const printed = mock.method(console, 'log', () => undefined);
    await import('./ipv6-ping.ts');
    printed.mock.restore();
    const [, expected] = /console\.log\(.*\/\/ (.*)$/m.exec(example) ?? [];
    assert.deepEqual(
      printed.mock.calls.map(({ arguments: values }) => values),
      [[expected]],
    );
  });

  it('names services and macros that there are', () => {
    const read: string[] = [];
    const macros = new Proxy<Record<string, number>>({}, { get: (_target, name) => void read.push(String(name)) });
    ipv6Settings(macros);
    const named = document.table('## Macros').flatMap(([names = '']) => names.split(', '));
    const missing = named.filter((name) => !read.includes(name) && name !== 'NX_DISABLE_IPV6');
    assert.deepEqual(missing, []);
    const services = document.table('## Services').flatMap(([names = '']) => {
      const [first = '', ...others] = names.split(', ');
      const stem = first.replace(/_(enable|set|add|join)$/, '').replace(/_entry$/, '');
      return [first, ...others.map((other) => (other.startsWith('_') ? stem + other : other))];
    });
    assert.deepEqual(
      services.filter((name) => !(name in nx)),
      [],
    );
    assert(services.length > 20);
  });
});
