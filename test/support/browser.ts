/** Debian's Chromium, driven by playwright-core. */
import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const PATHS = [
  process.env.CHROMIUM_PATH ?? '',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
];

/** A loaded machine may take longer than Playwright's 30 seconds, and what never comes fails all the same. */
export const PATIENCE_MS = 120_000;

/** Undefined if this machine has no browser. */
export const browserPath = PATHS.find((path) => path !== '' && existsSync(path));

/** @param more options of its command line */
export function openBrowser(...more: string[]): Promise<Browser> {
  return chromium.launch({
    executablePath: browserPath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--no-first-run',
      ...more,
    ],
  });
}
