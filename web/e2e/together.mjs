import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ask, colleague, decide, drawn, shot, stage } from './browser.mjs';

test('two analysts who meet on one thing see it, and only one decides', async () => {
  const [bea, carl] = await Promise.all([colleague('bea'), colleague('carl')]);
  await bea.page.keyboard.press('n');
  await bea.page.waitForURL(/#\/look\//);
  const address = bea.page.url();
  await bea.page.getByText('It is yours until').waitFor();
  await carl.page.goto(address);
  await carl.page.getByText('bea looks at this').waitFor();
  assert.ok(await carl.page.getByRole('button', { name: /^Confirm/ }).isDisabled());
  await drawn(carl.page);
  await shot(carl.page, 'workbench-met', 500);
  await carl.page.keyboard.press('u');
  await carl.page.getByText('bea looks at it').first().waitFor();
  await carl.page.keyboard.press('n');
  await carl.page.waitForURL(/#\/look\//);
  assert.notEqual(carl.page.url(), address, 'the next is another');
  await carl.page.getByRole('button', { name: 'Give it back' }).click();
  await bea.page.getByRole('button', { name: 'Give it back' }).click();
  await bea.page.getByRole('heading', { name: 'Queue' }).waitFor();
  await bea.context.close();
  await carl.context.close();
});

test('a blind second look that disagrees goes to a senior, who decides', async () => {
  const [bea, carl, sol] = await Promise.all(['bea', 'carl', 'sol'].map((name) => colleague(name)));
  await bea.page.keyboard.press('n');
  await bea.page.waitForURL(/#\/look\//);
  const address = bea.page.url();
  await decide(bea.page, 'c', 'it has the shape of a plume');
  await bea.page.getByText('waiting to be sent').waitFor({ state: 'detached' });

  await carl.page.goto(address);
  await carl.page.getByText('Blind second look').waitFor();
  await carl.page.getByText('stays hidden until you have said').waitFor();
  const [, kind, id] = address.match(/look\/(\w+)\/(.+)$/);
  const told = JSON.stringify(await ask(carl.page, `/api/v1/evidence/${kind}/${id}`));
  assert.ok(!told.includes('it has the shape'), 'nothing that a page is sent tells it either');
  await drawn(carl.page);
  await shot(carl.page, 'workbench-blind');
  await decide(carl.page, 'r', 'surface look-alike');

  await sol.page.goto(address);
  await sol.page.getByText('senior decides').waitFor();
  await sol.page.getByText('it has the shape of a plume').waitFor();
  await sol.page.getByText('surface look-alike').first().waitFor();
  await decide(sol.page, 'c', 'the spectrum is methane');
  await sol.page.goto(address);
  await stage(sol.page).getByText('Decided: confirmed').waitFor();
  const { agreement } = await ask(sol.page, '/api/v1/statistics?days=7');
  assert.equal(agreement.pairs, 1);
  assert.equal(agreement.same, 0);
  for (const one of [bea, carl, sol]) await one.context.close();
});

test('a shift is handed over: the note, and what was held', async () => {
  const [bea, carl] = await Promise.all([colleague('bea'), colleague('carl')]);
  await bea.page.keyboard.press('n');
  await bea.page.waitForURL(/#\/look\//);
  const id = bea.page.url().split('/').at(-1);
  await bea.page.goto('/#/handover');
  await bea.page.getByRole('checkbox').first().waitFor();
  await bea.page.getByLabel('Note for who comes next').fill('The wind turned at noon: look at the shed.');
  await bea.page.locator('form select').selectOption('carl');
  await shot(bea.page, 'workbench-handing-over', 600);
  await bea.page.getByRole('button', { name: 'Hand over' }).click();
  await bea.page.getByText('Handed over.').waitFor();

  await carl.page.goto('/#/handover');
  await carl.page.getByText('look at the shed').waitFor();
  await carl.page.getByRole('button', { name: 'Taken' }).click();
  await carl.page.getByText('taken by carl').waitFor();
  const claims = await ask(carl.page, '/api/v1/claims');
  assert.equal(claims.find((claim) => claim.id === id)?.by, 'account:carl');
  await bea.context.close();
  await carl.context.close();
});
