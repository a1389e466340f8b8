import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ask, colleague, decide, shot } from './browser.mjs';

/** Seconds without a network. */
const CUT_MS = 1000 * Number(process.env.CUT_S ?? 5);

async function reviews(page, address) {
  const [, kind, id] = address.match(/look\/(\w+)\/(.+)$/);
  return ask(page, `/api/v1/reviews?kind=${kind}&id=${id}`);
}

test('a network that is cut in the middle of a verdict loses nothing and doubles nothing', async () => {
  const { page, context } = await colleague('bea');
  await page.keyboard.press('n');
  await page.waitForURL(/#\/look\//);
  const address = page.url();
  await page.getByTestId('stage').waitFor();
  await page.keyboard.press('r');
  await page.keyboard.type('striping of the detector');
  await context.setOffline(true);
  await page.keyboard.press('Control+Enter');
  await page.getByRole('heading', { name: 'Queue' }).waitFor();
  await page.getByTestId('outbox').waitFor();
  await page.getByText('No connection').waitFor();
  await shot(page, 'workbench-offline', 600);
  await page.waitForTimeout(CUT_MS);
  await context.setOffline(false);
  await page.getByTestId('outbox').waitFor({ state: 'detached', timeout: 60_000 });
  await page.getByText('No connection').waitFor({ state: 'detached', timeout: 60_000 });
  const kept = await reviews(page, address);
  assert.deepEqual(kept.map(({ verdict, reason }) => [verdict, reason]), [['reject', 'striping of the detector']]);
  await context.close();
});

test('an answer that is lost on its way is asked for again and counts once', async () => {
  const { page, context } = await colleague('bea');
  await page.keyboard.press('n');
  await page.waitForURL(/#\/look\//);
  const address = page.url();
  let lost = 0;
  await context.route('**/api/v1/reviews', async (route) => {
    if (route.request().method() !== 'POST' || lost > 0) return route.fallback();
    lost += 1;
    // The server does it; nobody hears of it.
    await route.fetch();
    return route.abort('connectionreset');
  });
  await decide(page, 't');
  await page.getByTestId('outbox').waitFor({ state: 'detached', timeout: 60_000 });
  assert.equal(lost, 1);
  assert.equal((await reviews(page, address)).length, 1);
  await context.close();
});

test('a page that is closed with an unsent verdict sends it when it is opened again', async () => {
  const { page, context } = await colleague('bea');
  await page.keyboard.press('n');
  await page.waitForURL(/#\/look\//);
  const address = page.url();
  await context.route('**/api/v1/reviews', (route) => (route.request().method() === 'POST' ? route.abort('connectionfailed') : route.fallback()));
  await decide(page, 't');
  await page.getByTestId('outbox').waitFor();
  await page.close();
  await context.unrouteAll();
  const again = await context.newPage();
  await again.goto('/');
  await again.getByRole('heading', { name: 'Queue' }).waitFor();
  await again.getByTestId('outbox').waitFor({ state: 'detached' });
  assert.equal((await reviews(again, address)).length, 1);
  await context.close();
});

test('what was typed outlives a session that ends', async () => {
  const { page, context } = await colleague('bea');
  await page.keyboard.press('n');
  await page.waitForURL(/#\/look\//);
  await page.getByTestId('stage').waitFor();
  await page.keyboard.press('r');
  await page.keyboard.type('half a reason');
  await context.clearCookies();
  await page.reload();
  await page.locator('input[autocomplete=username]').fill('bea');
  await page.locator('input[type=password]').fill(process.env.PASSWORD);
  await page.keyboard.press('Enter');
  await page.getByTestId('stage').waitFor();
  assert.equal(await page.getByLabel('Reason').inputValue(), 'half a reason');
  await context.close();
});
