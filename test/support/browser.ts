import { chromium, type Browser, type Page } from 'playwright-core';
import { hasProgram } from './process.ts';

const CHROMIUM = '/usr/bin/chromium';

/** Whether there is a browser to look at pages with; in CI there has to be. */
export const hasBrowser = (): boolean => hasProgram('chromium');

/** A browser without a window. */
export function openBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: CHROMIUM, args: ['--headless', '--no-sandbox', '--disable-gpu'] });
}

/** A page that was opened, and what it did that it should not. */
export interface OpenedPage {
  readonly page: Page;
  /** Errors in its console, exceptions, and requests beyond its own file. */
  readonly complaints: readonly string[];
}

/** Opens a report and waits until it is drawn. */
export async function openReport(
  browser: Browser,
  file: string,
  options: { readonly hash?: string; readonly dark?: boolean; readonly width?: number; readonly height?: number } = {},
): Promise<OpenedPage> {
  const { hash = '', dark = false, width = 1400, height = 900 } = options;
  const page = await browser.newPage({ viewport: { width, height }, colorScheme: dark ? 'dark' : 'light' });
  // Functions handed to the page were compiled with a helper that keeps their names.
  await page.addInitScript('globalThis.__name = (one) => one;');
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('request', (request) => {
    const url = request.url();
    if (!url.startsWith('file:') && !url.startsWith('data:')) complaints.push(`requested ${url}`);
  });
  await page.goto(`file://${file}${hash}`);
  await page.waitForSelector('body[data-ready]', { timeout: 60_000 });
  return { page, complaints };
}
