import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { defineFirmware, defineScenario } from 'txsim';
import { tx_time_get } from 'txsim/tx_api';
import dtlsEcho from '../../../apps/dtls-echo/scenario.ts';
import { STATES } from '../../../sim/report-page/page/model.ts';
import { collectRun } from '../../support/report-model.ts';

describe('the data of a report', () => {
  const { records, chunks, summary, model } = collectRun(dtlsEcho, { chunkEvents: 50 });
  const kept = records.filter(({ event }) => event.type !== 'key-log');
  const eventsOf = (type: string): readonly number[] =>
    Array.from({ length: model.count }, (_, event) => event).filter((event) => model.typeOf(event) === type);

  it('has every event but the secrets, chunk by chunk, with its time, type and device', () => {
    assert(chunks.length > 5);
    assert.equal(model.count, kept.length);
    kept.forEach(({ time, device, event: { type } }, event) => {
      assert.equal(model.time(event), time);
      assert.equal(model.typeOf(event), type);
      if (device !== null) assert.equal(model.laneOf(event)?.info.owner, device);
    });
    assert(!JSON.stringify(chunks).includes('CLIENT_RANDOM'));
  });

  it('keeps what services gave, how long they took and what their statuses mean', () => {
    const receive = eventsOf('service').find(
      (event) =>
        model.laneOf(event)?.info.owner === 'client' &&
        model.string(model.name.at(event)) === 'nx_secure_dtls_session_receive',
    );
    assert(receive !== undefined);
    assert.equal(model.status.at(receive), 0);
    assert.equal(model.string(model.text.at(receive)), 'NX_SUCCESS (0x00)');
    assert(model.duration.at(receive) > 1e6);
    assert.match(summary.statuses['nx_secure_dtls_session_receive:0']?.meaning ?? '', /\w/);
  });

  it('keeps the bytes of frames, and joins what was sent with what arrived, lost frames too', () => {
    const frames = kept.flatMap(({ event }) => (event.type === 'frame-sent' ? [event.bytes] : []));
    const sent = eventsOf('frame-sent');
    assert.deepEqual(
      sent.map((event) => model.frame(event)),
      frames.map((bytes) => new Uint8Array(bytes)),
    );
    const ways = model.flows.list;
    assert.equal(ways.length, summary.networks[0]?.sent);
    assert.equal(ways.filter(({ isLost }) => isLost).length, 1);
    for (const { sent: from, end } of ways) {
      assert(from >= 0 && model.time(from) <= model.time(end));
      assert.deepEqual(model.frame(end), model.frame(from));
    }
  });

  it('names the flights of a handshake, those sent again as such, though their messages are encrypted', () => {
    const names = eventsOf('frame-sent').map((event) => model.string(model.text.at(event)));
    const has = (text: string): void =>
      assert(
        names.some((name) => name.includes(text)),
        `${text} in ${names.join('\n')}`,
      );
    has('DTLS ClientHello (flight 1), 192.168.1.10:');
    has('DTLS HelloVerifyRequest (flight 2)');
    has('Finished (flight 5), ');
    has('Finished (flight 5, again)');
    assert(names.some((name) => name.startsWith('DTLS application data, ')));
  });

  it('knows the IP thread from the others', () => {
    const kinds = model.lanes.map(({ info }) => [info.owner, info.name, info.kind].join(' '));
    for (const device of ['server', 'client']) {
      assert(kinds.includes(`${device} IP thread ip`));
      assert(kinds.includes(`${device} System Timer Thread timer`));
      assert(kinds.includes(`${device} ${device} thread`));
      assert(kinds.includes(`${device} frames wire`));
    }
  });

  it('follows threads through running, ready and blocked without a gap', () => {
    const lane = model.lanes.find(({ info }) => info.owner === 'client' && info.name === 'client');
    assert(lane !== undefined);
    const [starts, ends] = [lane.states.starts('true'), lane.states.ends('true')];
    const seen = new Set(lane.states.values.map((state) => STATES[state]));
    assert.deepEqual([...seen].sort(), ['blocked', 'ready', 'running']);
    for (let at = 1; at < starts.length; at++) assert.equal(starts[at], ends[at - 1]);
    assert(lane.reasons.some((reason) => model.string(reason).includes('semaphore') || reason > 0));
  });

  it('counts for its tables what the events say', () => {
    const running = summary.threads.reduce((sum, row) => sum + row.running, 0);
    assert(running > 0 && running < 1e6, String(running));
    const client = summary.threads.find(({ device, thread }) => device === 'client' && thread === 'client');
    assert.equal(client?.state, 'ended');
    assert.equal(client.priority, 4);
    const session = summary.sessions.find(({ device }) => device === 'client');
    assert.equal(session?.suite, 'TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256');
    assert.equal(session.retransmissions, 1);
    assert(session.connected - session.began > 1e9, 'a flight was lost');
    assert.equal(session.state, 'closed by us');
    assert.deepEqual(summary.networks[0]?.lost, { loss: 1 });
  });

  it('says where services were called, where the run records that, and nothing where it does not', () => {
    const sites = (run: typeof model): readonly string[] =>
      Array.from({ length: run.count }, (_, event) => run.string(run.site.at(event))).filter((site) => site !== '');
    assert.deepEqual(sites(model), []);
    const placed = sites(collectRun(dtlsEcho, { captureSites: true }).model);
    assert(placed.length > 50);
    for (const site of placed) assert.match(site, /^apps\/dtls-echo\/\w+\.ts:\d+$/);
  });

  it('takes what a service gives for a number where it is no status', () => {
    const firmware = defineFirmware(() => ({
      *tx_application_define() {
        yield* tx_time_get();
      },
    }));
    const { model: run } = collectRun(defineScenario({ devices: { one: { firmware } }, until: '1s' }));
    const event = Array.from({ length: run.count }, (_, nth) => nth).find(
      (nth) => run.string(run.name.at(nth)) === 'tx_time_get',
    );
    assert(event !== undefined);
    assert.equal(run.status.at(event), -1);
    assert.equal(run.value.at(event), 0);
  });
});

describe('events that a report was not told of', () => {
  it('are kept with their text, for a page that draws them as marks', async () => {
    const { ReportCollector } = await import('../../../sim/report-page/collector.ts');
    const { TraceLines } = await import('../../../sim/report-page/trace-line.ts');
    const { Model } = await import('../../../sim/report-page/page/model.ts');
    const model = new Model();
    const collector = new ReportCollector((chunk) => model.append(chunk));
    const line = '{"time":5,"device":null,"thread":"","type":"volcano","what":"erupts","height":3}';
    collector.listener(new TraceLines().parse(line));
    collector.flush();
    assert.equal(model.typeOf(0), 'volcano');
    assert.equal(model.string(model.text.at(0)), 'what erupts, height 3');
    assert.deepEqual(model.laneOf(0)?.marks, [0]);
    assert.equal(model.laneOf(0)?.info.kind, 'world');
  });
});
