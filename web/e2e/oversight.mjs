import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ask, barriers, colleague, shot } from './browser.mjs';

/** The page of an inspector, when it has its entries. */
async function oversight(page) {
  await page.goto('/#/inspect');
  await page.getByTestId('chosen').waitFor();
  await page.getByTestId('remarks').or(page.getByText(/stands out on this day|llama la atención en este día/)).waitFor();
}

/** Somebody guesses at a password again and again. */
async function guessed(page, name) {
  const body = JSON.stringify({ name, password: 'a guess that is long enough' });
  const sent = { method: 'POST', headers: { 'content-type': 'application/json' }, body };
  for (let n = 0; n < 5; n += 1) assert.equal(await page.evaluate(async (sent) => (await fetch('/api/v1/session', sent)).status, sent), 401);
}

for (const [name, options] of [
  ['light', {}],
  ['dark', { colorScheme: 'dark' }],
]) {
  test(`the page of an inspector in ${name} is clean by axe`, async () => {
    const { page, context, trouble } = await colleague('ines', options);
    if (name === 'light') await guessed(page, 'carl');
    await oversight(page);
    await page.getByText('Many wrong tries').waitFor();
    assert.deepEqual(await barriers(page, 'inspect'), []);
    if (name === 'light') await shot(page, 'workbench-inspect', 1500);
    assert.deepEqual(trouble, []);
    await context.close();
  });
}

test('in Spanish it is Spanish', async () => {
  const { page, context } = await colleague('ines');
  await page.getByLabel('Language').selectOption('es');
  await oversight(page);
  await page.getByRole('heading', { name: 'Supervisión' }).waitFor();
  await page.getByRole('heading', { name: 'Lo que llama la atención' }).waitFor();
  assert.deepEqual(await barriers(page, 'inspect in Spanish'), []);
  await shot(page, 'workbench-inspect-es', 1500);
  await context.close();
});

test('a day is stepped through by keys, filtered, and one subject is followed', async () => {
  const { page, context } = await colleague('ines');
  const [plume] = (await ask(page, '/api/v1/queue?kind=finding')).items;
  await ask(page, `/api/v1/evidence/finding/${plume.id}`);
  await oversight(page);
  const first = await page.getByTestId('chosen').innerText();
  await page.keyboard.press('j');
  await page.waitForFunction((first) => document.querySelector('[data-testid=chosen]').innerText !== first, first);
  await page.keyboard.press('k');
  await page.waitForFunction((first) => document.querySelector('[data-testid=chosen]').innerText === first, first);

  await page.getByTestId('which').selectOption('looks');
  await page.getByTestId('actor').fill('ines');
  await page.getByRole('cell', { name: 'evidence.read' }).first().waitFor();
  await page.getByRole('cell', { name: 'job.enqueued' }).first().waitFor({ state: 'detached' });
  await page.getByRole('row').filter({ hasText: 'evidence.read' }).getByRole('button').first().click();
  await page.getByTestId('chosen').getByRole('button', { name: /^finding / }).click();
  await page.waitForFunction(() => document.querySelector('[data-testid=subject]').value.startsWith('finding '));
  await page.getByRole('cell', { name: `finding ${plume.id}` }).first().waitFor();
  await context.close();
});

test('the log is read whole when somebody asks for it', async () => {
  const { page, context } = await colleague('ines');
  await oversight(page);
  await page.getByTestId('verify').click();
  await page.getByTestId('verified').waitFor();
  assert.match(await page.getByTestId('verified').innerText(), /are as they were written/);
  await context.close();
});

test('who is no inspector does not find the page', async () => {
  const { page, context } = await colleague('bea');
  assert.equal(await page.getByRole('link', { name: 'Oversight' }).count(), 0);
  const answer = await page.evaluate(async () => (await fetch('/api/v1/inspect/entries')).status);
  assert.equal(answer, 403);
  await context.close();
});
