/** A browser at the workbench, as the tests use it. What they need to know comes by the environment. */

import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { after } from 'node:test';
import { chromium } from 'playwright-core';

export const { BASE, PASSWORD, FIRST } = process.env;
/** Where pictures for the guide go; none are made when it is absent. */
const { SHOTS } = process.env;
const PATIENCE_MS = 30_000;

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-dev-shm-usage'],
});
after(() => browser.close());

/** A person with a browser of their own. */
export async function person(options = {}) {
  const context = await browser.newContext({
    baseURL: BASE,
    viewport: { width: 1440, height: 900 },
    locale: 'en-GB',
    timezoneId: 'UTC',
    colorScheme: 'light',
    // Axe is put into the page from outside.
    bypassCSP: true,
    ...options,
  });
  context.setDefaultTimeout(PATIENCE_MS);
  const page = await context.newPage();
  const trouble = [];
  page.on('pageerror', (error) => trouble.push(error.message));
  page.on('requestfailed', (request) => trouble.push(`${request.url()}: ${request.failure()?.errorText}`));
  page.on('request', (request) => {
    if (!/^(data|blob|chrome|chrome-extension):/.test(request.url())) assert.ok(request.url().startsWith(BASE), `${request.url()} leaves the machine`);
  });
  return { context, page, trouble };
}

export async function signIn(page, name) {
  await page.goto('/');
  await page.getByLabel('Name', { exact: true }).fill(name);
  await page.getByLabel('Password').fill(PASSWORD);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Queue' }).waitFor();
}

/** Somebody who is signed in. */
export async function colleague(name, options = {}) {
  const someone = await person(options);
  await signIn(someone.page, name);
  return someone;
}

/** What axe finds against WCAG 2.2 AA and its own good practice. */
export async function barriers(page, where) {
  await page.evaluate(axe);
  const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
  const { violations } = await page.evaluate((values) => window.axe.run(document, { runOnly: values }), rules);
  return violations.flatMap(({ id, help, nodes }) => nodes.map((node) => `${where}: ${id}: ${help}: ${node.html.slice(0, 200)} ${node.failureSummary}`));
}

/** A picture for the guide, of more of the page when it is tall. */
export async function shot(page, name, height = 900) {
  if (!SHOTS) return;
  mkdirSync(SHOTS, { recursive: true });
  await page.setViewportSize({ width: 1440, height });
  await page.waitForTimeout(700);
  await page.screenshot({ path: join(SHOTS, `${name}.png`) });
  await page.setViewportSize({ width: 1440, height: 900 });
}

/** Waits until maps have drawn what they have. */
export async function drawn(page) {
  await page.locator('[data-drawn="true"]').first().waitFor();
  await page.waitForLoadState('networkidle');
  await page.waitForTimeout(500);
}

/** Asks the server as this person would. */
export async function ask(page, path) {
  return page.evaluate(async (path) => (await fetch(path)).json(), path);
}

/** The stage of the thing whose page is open. */
export function stage(page) {
  return page.getByTestId('stage');
}

/** Decides by keys what is open, and waits until the queue is there again. */
export async function decide(page, key, reason = '') {
  await page.getByTestId('stage').waitFor();
  await page.keyboard.press(key);
  await page.locator(':focus').and(page.locator('textarea')).waitFor();
  if (reason) await page.keyboard.type(reason);
  await page.keyboard.press('Control+Enter');
  await page.getByRole('heading', { name: 'Queue' }).waitFor();
}
