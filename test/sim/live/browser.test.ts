import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { after, before, describe, it } from 'node:test';
import { chromium, type Browser, type Page } from 'playwright-core';
import { scratch } from '../../support/scratch.ts';
import { WatchedRun } from '../../support/watched-run.ts';

const CHROMIUM = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
];

/** In CI the browser is there; elsewhere a missing one is said aloud. */
function missing(): string | false {
  if (existsSync(CHROMIUM)) return false;
  if (process.env['CI'] !== undefined) throw new Error(`${CHROMIUM} is missing, and CI is to have it`);
  console.error(`\n*** SKIPPED: there is no ${CHROMIUM}, so the page of a live run was not tested ***\n`);
  return 'chromium is not installed';
}

describe('a run in a browser that fails', { skip: missing() }, () => {
  it('shows what it failed to do', async () => {
    const run = new WatchedRun('apps/mistakes/blocking-in-connect-notify/scenario.ts', '-q');
    const browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
    try {
      const page = await browser.newPage();
      await page.goto(await run.url());
      await run.command({ do: 'speed', speed: 'max' });
      await run.command({ do: 'play' });
      const failed = page.locator('.problems li.error', { hasText: "expectation failed: client prints 'answered'" });
      await failed.waitFor({ timeout: 60_000 });
      assert.equal(await page.locator('.problems b').first().innerText(), 'stall');
    } finally {
      await browser.close();
      assert.equal(await run.interrupt(), 1);
    }
  });
});

describe('a run in a browser', { skip: missing() }, () => {
  let run: WatchedRun;
  let browser: Browser;
  let page: Page;
  const complaints: string[] = [];
  const outside: string[] = [];

  const mode = (wanted: string): Promise<unknown> =>
    page.waitForSelector(`body[data-live=${wanted}]`, { timeout: 60_000 });
  const clock = async (): Promise<string> => (await page.textContent('.clock')) ?? '';
  const press = (name: string): Promise<void> => page.getByRole('button', { name, exact: true }).click();
  /** Does something, and again if need be, until the clock has moved: not every event takes time. */
  const moves = async (act: () => Promise<void>): Promise<void> => {
    const before = await clock();
    for (let turn = 0; turn < 200; turn++) {
      if (turn % 20 === 0) await act();
      if ((await clock()) !== before) return;
      await sleep(20);
    }
    throw new Error(`the clock stayed at ${before}`);
  };
  const shows = (selector: string, hasText: string): Promise<void> =>
    page.locator(selector, { hasText }).first().waitFor({ timeout: 60_000 });
  const rows = (): Promise<readonly string[]> => page.locator('.row').allTextContents();

  before(async () => {
    run = new WatchedRun('apps/dtls-echo/scenario.ts', '-q', '--pcap', join(scratch, 'browser.pcapng'));
    const url = await run.url();
    browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
    page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    page.on('request', (request) => {
      if (!request.url().startsWith(url) && !request.url().startsWith('data:')) outside.push(request.url());
    });
    await page.goto(url);
    await mode('paused');
  });
  after(async () => {
    await browser.close();
    await run.interrupt();
  });

  it('is paused at its beginning', async () => {
    assert.equal(await clock(), '0.000000000 s');
    assert.match((await page.textContent('h1')) ?? '', /dtls-echo/);
    assert.deepEqual(await rows(), []);
  });

  it('goes on packet by packet, thread by thread, event by event', async () => {
    await moves(() => press('Packet'));
    await page.waitForSelector('.row');
    assert((await rows()).some((row) => row.includes('ARP: who has 192.168.1.150?')));
    await moves(() => press('Thread'));
    await moves(() => page.keyboard.press('w'));
    await moves(() => press('Event'));
  });

  it('loses the next frame of a device', async () => {
    await page.selectOption('[aria-label="Whose next frame"]', { label: 'next frame of server' });
    await press('Drop');
    await shows('.live-says', 'Waiting to drop');
    await page.fill('input.goal', 'type:frame-dropped reason:request');
    await moves(() => page.keyboard.press('Enter'));
    await shows('.live-says', '1 thing done by hand');
    await shows('.row', 'lost (request)');
  });

  it('leaves the arrow keys to its lists', async () => {
    const whose = page.getByLabel('Whose next frame');
    await whose.selectOption({ label: 'next frame of any' });
    await whose.focus();
    await page.keyboard.press('ArrowDown');
    assert.equal(await whose.inputValue(), JSON.stringify({ from: 'server' }));
    await page.keyboard.press('d');
    assert.equal(await page.locator('html').getAttribute('data-theme'), 'light');
  });

  it('shows a callback that goes on in the lane of its thread', async () => {
    // Pixels in the colour of callbacks, beside the names of the lanes.
    const callbacks = (): Promise<number> =>
      page.evaluate<number>(`(() => {
        const canvas = document.querySelector('canvas');
        const { data } = canvas.getContext('2d').getImageData(200, 60, canvas.width - 200, canvas.height - 60);
        let found = 0;
        for (let at = 0; at < data.length; at += 4) {
          if (data[at] === 0xd5 && data[at + 1] === 0x5e && data[at + 2] === 0) found++;
        }
        return found;
      })()`);
    await press('Restart');
    await mode('paused');
    await shows('.clock', '0.000000000 s');
    await page.fill('input.goal', 'type:callback-begin');
    await page.keyboard.press('Enter');
    await shows('.row', 'callback-begin');
    await mode('paused');
    await page.waitForTimeout(200);
    assert((await callbacks()) > 40, `${await callbacks()} pixels`);
  });

  it('says what it does not understand', async () => {
    await page.fill('input.goal', 'colour:red');
    await press('Run to');
    await page.waitForSelector('.live-says.wrong');
    assert.match((await page.textContent('.live-says')) ?? '', /unknown key 'colour'/);
    complaints.length = 0;
  });

  it('plays, is paused, and plays to its end', async () => {
    await page.selectOption('[aria-label=Speed]', '0.1');
    await press('Play');
    await mode('playing');
    await press('Pause');
    await mode('paused');
    await page.selectOption('[aria-label=Speed]', 'max');
    await press('Play');
    await mode('ended');
    await shows('.facts', 'stopped');
    assert((await rows()).some((row) => row.includes('closed, done')));
    assert.equal(await page.isDisabled('button.primary'), true);
  });

  it('begins anew', async () => {
    await press('Restart');
    await mode('paused');
    await shows('.clock', '0.000000000 s');
  });

  it('asked for nothing outside, and complained of nothing', () => {
    assert.deepEqual(outside, []);
    assert.deepEqual(complaints, []);
  });
});
