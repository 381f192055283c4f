import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import { describe, it } from 'node:test';
import { build } from 'esbuild';
import { pageAssets } from '../../sim/report-page/assets.ts';
import { pageEnd, pageStart } from '../../sim/report-page/report-file.ts';
import dtlsEcho from '../../apps/dtls-echo/scenario.ts';
import { hasBrowser, openBrowser } from '../support/browser.ts';
import { collectRun } from '../support/report-model.ts';

describe('the page of a run that goes on', { skip: !hasBrowser() }, () => {
  it('grows with each chunk, follows the newest events, and leaves alone who looks at older ones', async () => {
    const { outputFiles } = await build({
      entryPoints: [resolve('test/browser/live-entry.ts')],
      bundle: true,
      format: 'iife',
      write: false,
    });
    const { style } = await pageAssets();
    const assets = { style, script: outputFiles[0]?.text ?? '' };
    const { chunks, summary } = collectRun(dtlsEcho, { chunkEvents: 40 });
    const browser = await openBrowser();
    try {
      const page = await browser.newPage({ viewport: { width: 1200, height: 800 } });
      await page.addInitScript('globalThis.__name = (one) => one;');
      const complaints: string[] = [];
      page.on('pageerror', (error) => complaints.push(error.message));
      await page.setContent(pageStart(assets, 'live', 'live') + pageEnd(assets));
      assert.equal(await page.getByRole('button', { name: 'Pause' }).count(), 1);
      const rows = async (): Promise<string> => (await page.locator('.row').allInnerTexts()).join('\n');
      const feed = async (nth: number): Promise<void> => {
        await page.evaluate((chunk) => globalThis.sink.append(chunk), chunks[nth] ?? assert.fail());
        await page.waitForTimeout(200);
      };
      const head = { format: 1, title: 'live', description: '', seed: '7', command: '', version: '' } as const;
      await page.evaluate((start) => globalThis.sink.head(start), head);
      await feed(0);
      await feed(1);
      const [first = '', second = ''] = [await rows(), (await feed(2), await rows())];
      assert.notEqual(first, second, 'the newest events are in sight');
      // Somebody looks at the first event: what comes is appended and moves nothing.
      await page.keyboard.press('Home');
      await page.waitForTimeout(200);
      const looking = await rows();
      await feed(3);
      assert.equal(await rows(), looking);
      await page.fill('input[type=search]', 'type:dtls-closed');
      await page.waitForTimeout(300);
      assert.equal(await page.locator('.row').count(), 0);
      for (let nth = 4; nth < chunks.length; nth++) await feed(nth);
      await page.evaluate((end) => globalThis.sink.summary(end), summary);
      await page.waitForTimeout(200);
      assert.equal(await page.locator('.row').count(), 3);
      assert.match(await page.locator('.facts').innerText(), /397 events/);
      assert.deepEqual(complaints, []);
    } finally {
      await browser.close();
    }
  });
});
