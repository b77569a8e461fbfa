import chromium from '@sparticuz/chromium';
import { chromium as playwright, type Browser, type BrowserContext, type Page } from 'playwright-core';

export const PHONE = { width: 360, height: 740 };
export const DESKTOP = { width: 1280, height: 860 };

/**
 * Made for short-lived functions, the package's arguments also put everything into one process, which dies with the first closed
 * page, and switch off the very rules of the web that are under test.
 */
const UNWANTED = new Set(['--single-process', '--disable-web-security', '--allow-running-insecure-content']);

/** The real Chromium that comes along through npm. One serves a whole test file. */
export async function openBrowser(): Promise<Browser> {
  return playwright.launch({
    executablePath: await chromium.executablePath(),
    args: chromium.args.filter((one) => !UNWANTED.has(one)),
    headless: true,
  });
}

export interface OpenPage {
  page: Page;
  context: BrowserContext;
  /** what the console complained about, and what the content policy refused */
  complaints: string[];
}

export interface PageOptions {
  viewport?: { width: number; height: number };
  colorScheme?: 'light' | 'dark';
  javaScript?: boolean;
  /** bars and the like jump instead of gliding, so that a picture shows one moment */
  still?: boolean;
  /** device pixels per pixel, for pictures */
  scale?: number;
  /** a Cookie header, set for the address */
  cookie?: { url: string; header: string };
}

/** A page of its own, whose complaints are kept. */
export async function openPage(browser: Browser, options: PageOptions = {}): Promise<OpenPage> {
  const context = await browser.newContext({
    viewport: options.viewport ?? DESKTOP,
    colorScheme: options.colorScheme ?? 'light',
    reducedMotion: options.still === true ? 'reduce' : 'no-preference',
    javaScriptEnabled: options.javaScript ?? true,
    deviceScaleFactor: options.scale ?? 1,
    locale: 'en-US',
  });
  if (options.cookie !== undefined) {
    const [name = '', value = ''] = options.cookie.header.split('=');
    await context.addCookies([{ name, value, url: options.cookie.url }]);
  }
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  return { page, context, complaints };
}
