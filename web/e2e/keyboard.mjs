import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ask, barriers, decide, FIRST, PASSWORD, person, shot } from './browser.mjs';

/** Presses Tab until something that is called so has the focus. */
async function reach(page, name) {
  for (let press = 0; press < 60; press += 1) {
    const at = await page.evaluate(() => (document.activeElement?.matches('button, a') ? document.activeElement.textContent.trim() : ''));
    if (at.includes(name)) return;
    await page.keyboard.press('Tab');
  }
  assert.fail(`no way to "${name}" by the Tab key`);
}

test('an analyst goes from the first link through ten things of the queue with the keyboard alone', async () => {
  const { page, trouble } = await person();
  await page.goto(FIRST);
  await page.keyboard.press('Tab');
  await page.keyboard.type('ben');
  await page.keyboard.press('Tab');
  await page.keyboard.type(PASSWORD);
  await page.keyboard.press('Enter');
  await page.getByTestId('queue').waitFor();
  await shot(page, 'workbench-queue');

  const keys = ['c', 't', 'r', 's', 'm', 'c', 'r', 't', 'c', 'r'];
  const seen = new Set();
  for (const key of keys) {
    await page.keyboard.press('n');
    await page.waitForURL(/#\/look\//);
    seen.add(page.url());
    await decide(page, key, key === 'r' ? 'surface look-alike' : '');
  }
  assert.equal(seen.size, keys.length, 'ten things, none of them twice');
  await page.getByText('waiting to be sent').waitFor({ state: 'detached' });
  for (const address of seen) {
    const [, kind, id] = address.match(/look\/(\w+)\/(.+)$/);
    const reviews = await ask(page, `/api/v1/reviews?kind=${kind}&id=${id}`);
    assert.equal(reviews.length, 1, address);
    assert.equal(reviews[0].by, 'account:ben');
  }

  await page.keyboard.press('j');
  await page.keyboard.press('j');
  await page.keyboard.press('k');
  await page.keyboard.press('Enter');
  await page.waitForURL(/#\/look\//);
  await page.getByTestId('stage').waitFor();
  await page.keyboard.press('u');
  await page.getByTestId('queue').waitFor();
  await page.keyboard.press('?');
  await page.getByRole('dialog').waitFor();
  assert.deepEqual(await barriers(page, 'the keys'), []);
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'hidden' });
  await page.keyboard.press('3');
  await page.getByRole('heading', { name: 'Figures' }).waitFor();
  await reach(page, 'Sign out');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Sign in', exact: true }).waitFor();
  assert.deepEqual(trouble.filter((one) => !one.includes('ERR_ABORTED')), []);
});
