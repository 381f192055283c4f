import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { jsonLine } from '../../sim/export/json-lines.ts';
import { hasBrowser, openBrowser, openReport } from '../support/browser.ts';
import { scratch } from '../support/scratch.ts';
import { CLI } from '../support/cli.ts';

function txsim(...args: readonly string[]): void {
  const { status, stderr } = spawnSync(process.execPath, [...CLI, ...args], { encoding: 'utf8' });
  // Runs that do not come to what their scenario expects have reports too.
  assert([0, 1].includes(status ?? -1), stderr);
}

/** The texts of what a selector finds. */
const texts = (page: Page, selector: string): Promise<readonly string[]> => page.locator(selector).allInnerTexts();

const detail = (page: Page): Promise<string> => page.locator('.detail').innerText();

/** The part of the time line that the page's address tells, in nanoseconds. */
async function windowOf(page: Page): Promise<readonly [number, number]> {
  await page.waitForTimeout(400);
  const [, from = '', to = ''] = /window=(\d+)-(\d+)/.exec(page.url()) ?? [];
  return [Number(from), Number(to)];
}

/** Contrast of two colours as the browser gives them (WCAG 2.2). */
function contrast(one: string, other: string): number {
  const luminance = (colour: string): number => {
    const [red = 0, green = 0, blue = 0] = (colour.match(/[\d.]+/g) ?? []).map((part) => {
      const value = Number(part) / 255;
      return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return ((light ?? 0) + 0.05) / ((dark ?? 0) + 0.05);
}

describe('the page of a report', { skip: !hasBrowser() }, () => {
  const file = join(scratch, 'echo.html');
  let browser: Browser;

  before(async () => {
    txsim('run', 'apps/dtls-echo/scenario.ts', '-q', '--report', file);
    browser = await openBrowser();
  });
  after(async () => {
    await browser.close();
  });

  it('opens from a file, without an error and without asking anybody for anything', async () => {
    const { page, complaints } = await openReport(browser, file);
    assert.match(await page.title(), /apps\/dtls-echo\/scenario\.ts/);
    assert.match(await page.locator('.facts').innerText(), /seed 7/);
    const drawn = await page.evaluate(() => {
      const canvas = document.querySelector('canvas');
      const { data } = canvas?.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height) ?? { data: [] };
      const colours = new Set<number>();
      for (let at = 0; at < data.length; at += 4) {
        colours.add(((data[at] ?? 0) << 16) | ((data[at + 1] ?? 0) << 8) | (data[at + 2] ?? 0));
      }
      return [...colours];
    });
    // Running, a callback, DTLS, a lost frame.
    for (const colour of [0x0072b2, 0xd55e00, 0x7b3f8c, 0xc1272d]) assert(drawn.includes(colour), colour.toString(16));
    assert((await texts(page, '.row')).length > 5);
    assert.deepEqual(complaints, []);
    await page.close();
  });

  it('refuses to load what somebody puts into it', async () => {
    const { page } = await openReport(browser, file);
    const outcome = await page.evaluate(async () => {
      try {
        await fetch('data:text/plain,hello');
        return 'fetched';
      } catch {
        return 'refused';
      }
    });
    assert.equal(outcome, 'refused');
    await page.close();
  });

  it('shows an event that is clicked, decoded, with where it was called and what its status means', async () => {
    const { page, complaints } = await openReport(browser, file);
    await page.fill('input[type=search]', 'type:frame-sent ServerHello');
    await page.waitForFunction(() => document.querySelectorAll('.row').length === 2);
    await page.locator('.row').first().click();
    const text = await detail(page);
    assert.match(text, /DTLS ServerHello, Certificate, ServerKeyExchange, ServerHelloDone \(flight 4\)/);
    for (const part of [
      /IPv4/,
      /source port\s+4443/,
      /cipher suite\s+TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256/,
      /DTLS 1\.2/,
    ]) {
      assert.match(text, part);
    }
    assert.match(text, /0000.*02 00 00 00/);
    assert.match(text, /delivered, client/);
    await page.fill('input[type=search]', 'service:nx_udp_socket_bind device:client');
    await page.waitForFunction(() => document.querySelectorAll('.row').length === 1);
    await page.locator('.row').first().click();
    const service = await detail(page);
    assert.match(service, /called at\s+apps\/dtls-echo\/client\.ts:\d+/);
    assert.match(service, /NX_SUCCESS \(0x00\)\s+The service did what was asked\./);
    assert.deepEqual(complaints, []);
    await page.close();
  });

  it('selects what is clicked in the time line, and says what a lane shows', async () => {
    const { page } = await openReport(browser, file);
    const box = await page.locator('canvas').boundingBox();
    assert(box !== null);
    // Along the lane of the server's thread, below its states.
    const found = new Set<string>();
    for (let y = box.y + 60; y < box.y + box.height && found.size === 0; y += 12) {
      for (let x = box.x + 220; x < box.x + box.width; x += 40) {
        await page.mouse.move(x, y);
        const tip = await page.locator('.tip').innerText();
        if (!tip.includes('tx_event_flags_get')) continue;
        await page.mouse.click(x, y);
        found.add(await page.locator('.says').innerText());
        break;
      }
    }
    assert.match([...found].join(), /Thread 'server' of server, priority 4/);
    assert.match(await detail(page), /tx_event_flags_get/);
    assert.equal(await page.locator('.row.selected').count(), 1);
    await page.close();
  });

  it('is worked with the keyboard alone', async () => {
    const { page, complaints } = await openReport(browser, file);
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    assert.match(await detail(page), /event 1\b/);
    await page.keyboard.press('k');
    assert.match(await detail(page), /event 0\b/);
    await page.keyboard.press('End');
    assert.match(await detail(page), /event 396\b/);
    await page.keyboard.press('Home');
    assert.match(await detail(page), /event 0\b/);
    await page.keyboard.press('Escape');
    assert.match(await detail(page), /Select an event/);
    await page.keyboard.press('f');
    const whole = await windowOf(page);
    await page.keyboard.press('+');
    await page.keyboard.press('+');
    const zoomed = await windowOf(page);
    assert(zoomed[0] > whole[0] && zoomed[1] < whole[1], `${whole.join()} and ${zoomed.join()}`);
    await page.keyboard.press('l');
    const moved = await windowOf(page);
    assert(moved[0] > zoomed[0] && moved[1] > zoomed[1]);
    await page.keyboard.press('h');
    await page.keyboard.press('-');
    await page.keyboard.press('t');
    assert.match(page.url() + String(await windowOf(page)) + page.url(), /time=true/);
    await page.keyboard.press('/');
    await page.keyboard.type('type:dtls-connected');
    await page.keyboard.press('Enter');
    await page.waitForFunction(() => document.querySelectorAll('.row').length === 2);
    await page.keyboard.press('j');
    assert.match(await detail(page), /dtls-connected/);
    await page.keyboard.press('?');
    assert.equal(await page.locator('dialog[open]').count(), 1);
    await page.keyboard.press('Escape');
    assert.equal(await page.locator('dialog[open]').count(), 0);
    assert.deepEqual(complaints, []);
    await page.close();
  });

  it('goes to a problem, and lists them at the top', async () => {
    const leak = join(scratch, 'leak-page.html');
    txsim('run', 'apps/mistakes/leaked-packet/scenario.ts', '-q', '--report', leak);
    const { page, complaints } = await openReport(browser, leak);
    assert.match(await page.locator('.problems').innerText(), /12 packets of pool 'packets'/);
    // What is wrong is in sight at once; what came of it is told below, and its last events are folded.
    const firsts = await texts(page, '.problems .problem b');
    assert.deepEqual(firsts, ['leak', 'pool-empty', 'expectation']);
    const box = await page.locator('.problems').boundingBox();
    for (const item of await page.locator('.problems .problem').all()) {
      const place = await item.boundingBox();
      assert(box !== null && place !== null && place.y + place.height <= box.y + box.height);
    }
    assert.equal(await page.getByText('last events of panel').isVisible(), false);
    await page.getByText('evidence').click();
    assert.equal(await page.getByText('last events of panel').isVisible(), true);
    await page.keyboard.press('n');
    assert.match(await detail(page), /nx_udp_socket_receive[\s\S]*firmware\.ts:57/);
    assert.deepEqual(complaints, []);
    await page.close();
  });

  it('has tables of threads, sessions and networks, from which one gets to the events', async () => {
    const { page } = await openReport(browser, file);
    await page.getByRole('tab', { name: 'Threads' }).click();
    assert.equal((await texts(page, '#panel-threads tbody tr')).length, 6);
    await page.getByRole('tab', { name: 'DTLS sessions' }).click();
    const sessions = (await texts(page, '#panel-sessions tbody tr')).join('\n');
    assert.match(sessions, /TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256[\s\S]*closed by us/);
    await page.getByRole('tab', { name: 'Networks' }).click();
    assert.match((await texts(page, '#panel-networks tbody tr')).join('\n'), /lan\s+14\s+\d+\s+13\s+1 loss/);
    await page.getByRole('tab', { name: 'Threads' }).click();
    await page.getByRole('button', { name: 'server', exact: true }).click();
    assert.equal(await page.locator('input[type=search]').inputValue(), 'device:"server" thread:"server"');
    await page.close();
  });

  it('comes back to the same place from its address', async () => {
    const { page } = await openReport(browser, file);
    await page.fill('input[type=search]', 'type:print');
    await page.waitForFunction(() => (document.querySelector('.filter-says')?.textContent ?? '').includes('7 of'));
    await page.keyboard.press('Enter');
    await page.keyboard.press('j');
    await page.keyboard.press('+');
    await page.waitForTimeout(500);
    const text = await detail(page);
    const again = await openReport(browser, file, { hash: new URL(page.url()).hash });
    assert.equal(await detail(again.page), text);
    assert.equal(await again.page.locator('input[type=search]').inputValue(), 'type:print');
    assert.deepEqual(await windowOf(again.page), await windowOf(page));
    await page.close();
    await again.page.close();
  });

  it('is light or dark as the system is, until somebody chooses', async () => {
    const background = (page: Page): Promise<string> =>
      page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const light = await openReport(browser, file);
    const dark = await openReport(browser, file, { dark: true });
    assert.equal(await background(light.page), 'rgb(255, 255, 255)');
    assert.equal(await background(dark.page), 'rgb(18, 23, 29)');
    await light.page.keyboard.press('d');
    assert.equal(await background(light.page), 'rgb(18, 23, 29)');
    await light.page.close();
    await dark.page.close();
  });

  for (const dark of [false, true]) {
    it(`can be read and worked by everybody, ${dark ? 'dark' : 'light'}`, async () => {
      const { page } = await openReport(browser, file, { dark });
      await page.keyboard.press('j');
      const found = await page.evaluate(() => {
        const name = (element: Element): string =>
          element.getAttribute('aria-label') ?? element.getAttribute('aria-labelledby') ?? element.textContent.trim();
        const nameless = [
          ...document.querySelectorAll('button, input, canvas, [role=listbox], [role=separator], [tabindex="0"]'),
        ]
          .filter((element) => name(element) === '')
          .map((element) => element.outerHTML.slice(0, 120));
        const ids = [...document.querySelectorAll('[id]')].map(({ id }) => id);
        const dangling = [
          ...document.querySelectorAll('[aria-controls], [aria-labelledby], [aria-activedescendant]'),
        ].flatMap((element) =>
          ['aria-controls', 'aria-labelledby', 'aria-activedescendant'].filter((attribute) => {
            const id = element.getAttribute(attribute);
            return id !== null && document.getElementById(id) === null;
          }),
        );
        const backgroundOf = (element: Element | null): string => {
          if (element === null) return 'rgb(255, 255, 255)';
          const { backgroundColor } = getComputedStyle(element);
          return backgroundColor.endsWith(', 0)') ? backgroundOf(element.parentElement) : backgroundColor;
        };
        const pairs = [...document.querySelectorAll('body *')]
          .filter((element) =>
            [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent?.trim() !== ''),
          )
          .filter(
            (element) =>
              element.getClientRects().length > 0 && !['SCRIPT', 'NOSCRIPT', 'STYLE'].includes(element.tagName),
          )
          .map((element) => ({
            text: element.textContent.slice(0, 40),
            colours: [getComputedStyle(element).color, backgroundOf(element)] as const,
          }));
        return {
          nameless,
          twice: ids.filter((id, nth) => ids.indexOf(id) !== nth),
          dangling,
          pairs,
          language: document.documentElement.lang,
          headings: [...document.querySelectorAll('h1')].length,
          main: document.querySelectorAll('main').length,
        };
      });
      assert.deepEqual(found.nameless, []);
      assert.deepEqual(found.twice, []);
      assert.deepEqual(found.dangling, []);
      assert.equal(found.language, 'en');
      assert.equal(found.headings, 1);
      assert.equal(found.main, 1);
      const faint = found.pairs
        .map(({ text, colours: [ink, paper] }) => ({ text, ink, paper, contrast: contrast(ink, paper) }))
        .filter((pair) => pair.contrast < 4.5);
      assert.deepEqual(faint, []);
      // Every control is reached by Tab, and shows that it is.
      const reached = new Set<string>();
      for (let nth = 0; nth < 40; nth++) {
        await page.keyboard.press('Tab');
        reached.add(
          await page.evaluate(() => {
            const active = document.activeElement;
            if (active === null) return '';
            const { outlineStyle, outlineWidth } = getComputedStyle(active);
            return `${active.tagName} ${active.getAttribute('role') ?? ''} ${outlineStyle !== 'none' && outlineWidth !== '0px' ? 'seen' : 'unseen'}`;
          }),
        );
      }
      for (const wanted of [
        'BUTTON  seen',
        'INPUT  seen',
        'CANVAS img seen',
        'DIV listbox seen',
        'DIV separator seen',
        'BUTTON tab seen',
      ]) {
        assert(reached.has(wanted), `${wanted} in ${[...reached].join(', ')}`);
      }
      await page.close();
    });
  }

  it('has no part wider than a narrow screen', async () => {
    const { page } = await openReport(browser, file, { width: 420, height: 800 });
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    assert(width <= 420, String(width));
    await page.close();
  });

  it('shows 100,000 events within seconds, and a picture of them in a moment', async () => {
    const many = join(scratch, 'many.jsonl');
    const lines: string[] = [];
    const device = (nth: number): string => `device ${nth % 10}`;
    let time = 0;
    for (let nth = 0; nth < 10; nth++) {
      lines.push(
        jsonLine({
          time,
          device: device(nth),
          thread: 'init',
          event: { type: 'thread-created', name: 'worker', priority: 5 },
        }),
      );
    }
    for (let nth = 0; lines.length < 100_000; nth++) {
      const [from, to] = [device(nth), device(nth * 7 + 3)];
      const bytes = Uint8Array.from({ length: 60 }, (_, at) => (at === 12 ? 8 : at === 14 ? nth & 255 : at));
      const frame = { network: 'lan', from, bytes };
      time += 1000 + (nth % 50 === 0 ? 5e6 : 0);
      const thread = 'worker';
      for (const event of [
        { type: 'thread-ready', name: thread },
        { type: 'thread-switch', to: thread },
        { type: 'packet-allocated', pool: 'pool', available: nth % 20 },
        { type: 'service', service: 'nx_udp_socket_send', status: nth % 9 === 0 ? 0x4b : 0, began: time - 1000 },
        { type: 'thread-blocked', name: thread, waitsFor: 'a time' },
        { type: 'thread-switch', to: null },
      ] as const) {
        lines.push(jsonLine({ time, device: from, thread, event }));
      }
      if (nth % 5 !== 0) continue;
      lines.push(
        jsonLine({ time, device: null, thread: '', event: { type: 'frame-sent', ...frame, lost: null, faults: [] } }),
      );
      time += 500;
      lines.push(
        jsonLine({ time, device: null, thread: '', event: { type: 'frame-delivered', ...frame, to, faults: [] } }),
      );
    }
    writeFileSync(many, lines.join(''));
    txsim('report', many);
    const start = performance.now();
    const { page, complaints } = await openReport(browser, join(scratch, 'many.html'));
    const loading = performance.now() - start;
    assert(loading < 15_000, `loading took ${loading} ms`);
    assert.match(await page.locator('.facts').innerText(), /100,00\d events/);
    await page.keyboard.press('c');
    const pictures = await page.evaluate(async () => {
      const canvas = document.querySelector('canvas');
      if (canvas === null) return [];
      const { left, top } = canvas.getBoundingClientRect();
      const taken: number[] = [];
      for (let nth = 0; nth < 40; nth++) {
        const begin = performance.now();
        const wheel = { deltaY: nth < 20 ? -100 : 100, clientX: left + 700, clientY: top + 150, cancelable: true };
        canvas.dispatchEvent(new WheelEvent('wheel', wheel));
        await new Promise((done) => requestAnimationFrame(done));
        await new Promise((done) => setTimeout(done));
        taken.push(performance.now() - begin);
      }
      return taken.sort((a, b) => a - b);
    });
    const median = pictures[20] ?? Infinity;
    assert(median < 120, `a picture took ${median} ms`);
    await page.fill('input[type=search]', 'status:!=0');
    await page.waitForFunction(() => /^[\d,]+ of 100,/.test(document.querySelector('.filter-says')?.textContent ?? ''));
    await page.keyboard.press('Enter');
    await page.keyboard.press('End');
    assert.match(await detail(page), /nx_udp_socket_send/);
    await page.locator('.row.selected').waitFor();
    assert.equal(await page.locator('.row.selected').count(), 1);
    assert((await page.locator('.row').count()) < 60, 'only rows in sight are there');
    assert.deepEqual(complaints, []);
    await page.close();
  });

  it('says so where its data is damaged', async () => {
    const { readFileSync } = await import('node:fs');
    const damaged = join(scratch, 'damaged.html');
    writeFileSync(damaged, readFileSync(file, 'utf8').replace(/(data-part="chunk">.{40})..../, '$1AAAA'));
    const page = await browser.newPage();
    await page.goto(`file://${damaged}`);
    assert.match(await page.locator('.failed').innerText(), /This report cannot be read/);
    await page.close();
  });
});
