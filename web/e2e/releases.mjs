import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ask, barriers, colleague, drawn, person, shot } from './browser.mjs';

/** What was confirmed and marked before anybody came here. */
const { SUBJECT } = process.env;

const state = (page) => page.getByTestId('state');

/** Drafts by the evidence page, and waits for the page of the draft. */
async function draft(page) {
  await page.goto(`/#/look/${SUBJECT}`);
  const panel = page.getByTestId('releasing');
  await panel.getByLabel('For what').fill('to be seen from the ground');
  await panel.getByRole('button', { name: 'Draft', exact: true }).click();
  await page.waitForURL(/#\/release\//);
  await state(page).waitFor();
  return page.url();
}

async function opened(name, address, options = {}) {
  const someone = await colleague(name, options);
  await someone.page.goto(address);
  await state(someone.page).waitFor();
  return someone;
}

/** The draft of an address as the server has it. */
function kept(page, address) {
  return ask(page, `/api/v1/drafts/${address.match(/release\/(.+)$/)[1]}`);
}

test('a draft is shown beside what stays, approved by two by keys, and sent', async () => {
  const { page, context } = await colleague('bea');
  const address = await draft(page);
  assert.equal(await state(page).textContent(), 'waits for two approvals');
  await page.getByText('You drafted this').waitFor();
  assert.equal(await page.getByRole('button', { name: /^Approve/ }).count(), 0, 'whoever drafted it approves nothing');
  const fates = await page.locator('tr[data-path]').evaluateAll((rows) => rows.map((row) => row.dataset.fate));
  for (const fate of ['stays', 'lessened', 'whole']) assert.ok(fates.includes(fate), fates.join());
  assert.equal(await page.locator('tr[data-path="place"]').getAttribute('data-fate'), 'lessened');
  await page.getByText('is that of the bytes shown').waitFor();
  const { digest } = await kept(page, address);

  const first = await opened('rosa', address);
  await first.page.getByText('is that of the bytes shown').waitFor();
  await shot(first.page, 'workbench-release', 1500);
  const asked = first.page.waitForRequest((request) => request.method() === 'POST' && request.url().endsWith('/approval'));
  await first.page.keyboard.press('a');
  assert.equal((await asked).postDataJSON().digest, digest, 'what was shown is what is approved');
  await first.page.getByText('Somebody else has to as well').waitFor();

  const second = await opened('sol', address);
  await second.page.getByText('is that of the bytes shown').waitFor();
  await second.page.keyboard.press('a');
  await second.page.getByText('approved, not sent').waitFor();
  assert.equal(await second.page.getByRole('button', { name: /^Seal/ }).count(), 0, 'a senior does not send');

  // Whoever looked on sees it without asking.
  await page.getByText('approved, not sent').waitFor();
  const third = await opened('olmo', address);
  assert.equal(await third.page.getByRole('button', { name: /^Approve/ }).count(), 0, 'two are enough');
  await third.page.keyboard.press('s');
  await third.page.getByTestId('timeline').waitFor();
  await shot(third.page, 'workbench-release-sent', 1200);
  const release = await kept(page, address);
  assert.equal(release.state, 'sealed');
  assert.deepEqual(release.approvals.map(({ by }) => by), ['account:rosa', 'account:sol']);
  await third.page.goto('/#/releases');
  await third.page.getByTestId('silent').getByText('Policía').waitFor();
  await shot(third.page, 'workbench-releases', 600);
  for (const someone of [first, second, third]) await someone.context.close();
  await context.close();
});

test('a third refuses with a reason, and nobody sends it', async () => {
  const { page, context } = await colleague('bea');
  const address = await draft(page);
  const { page: other, context: theirs } = await opened('olmo', address);
  await other.keyboard.press('r');
  await other.locator(':focus').and(other.locator('textarea')).waitFor();
  await other.keyboard.type('the place is that of a licensed works');
  await other.locator('form').getByRole('button', { name: 'Refuse' }).click();
  await other.getByText(/Refused by olmo/).waitFor();
  await page.getByText(/Refused by olmo/).waitFor();
  assert.equal(await other.getByRole('button', { name: /^(Approve|Seal)/ }).count(), 0);
  await theirs.close();
  await context.close();
});

test('an approval with the cable cut is kept here and counts once when the server is back', async () => {
  const { page, context } = await colleague('bea');
  const address = await draft(page);
  const { page: other, context: theirs } = await opened('rosa', address);
  await other.getByText('is that of the bytes shown').waitFor();
  await theirs.setOffline(true);
  await other.keyboard.press('a');
  await other.getByTestId('outbox').waitFor();
  await other.keyboard.press('a');
  await theirs.setOffline(false);
  await other.getByTestId('outbox').waitFor({ state: 'detached', timeout: 60_000 });
  await other.getByText('Somebody else has to as well').waitFor();
  assert.deepEqual((await kept(page, address)).approvals.map(({ by }) => by), ['account:rosa']);
  await theirs.close();
  await context.close();
});

test('what changed since is said, and is not approved', async () => {
  const { page, context } = await colleague('sol');
  const { page: author, context: theirs } = await colleague('bea');
  const address = await draft(author);
  await page.goto(`/#/look/${SUBJECT}`);
  const panel = page.getByTestId('releasing');
  await panel.getByRole('button', { name: /Set the marking …/ }).click();
  await panel.getByRole('checkbox').first().uncheck();
  await panel.getByLabel('Why').fill('asked for by those it came from');
  await panel.getByRole('button', { name: 'Set the marking', exact: true }).click();
  await panel.getByText('NOT RELEASABLE').waitFor();
  await page.goto(address);
  await page.getByTestId('outdated').waitFor();
  assert.ok(await page.getByRole('button', { name: /^Approve/ }).isDisabled());
  await page.goto(`/#/look/${SUBJECT}`);
  await panel.getByRole('button', { name: /Set the marking …/ }).click();
  await panel.getByRole('checkbox').first().check();
  await panel.getByLabel('Why').fill('agreed again');
  await panel.getByRole('button', { name: 'Set the marking', exact: true }).click();
  await panel.getByText('REL TO').waitFor();
  await page.goto(address);
  await state(page).waitFor();
  assert.equal(await page.getByTestId('outdated').count(), 0);
  await theirs.close();
  await context.close();
});

for (const [name, options] of [
  ['light and English', {}],
  ['dark and Spanish', { colorScheme: 'dark', locale: 'es-MX' }],
]) {
  test(`the screens of release in ${name} are clean by axe`, async () => {
    const spanish = options.locale !== undefined;
    const { page, context } = await (spanish ? inSpanish(options) : colleague('rosa', options));
    const [some] = await ask(page, '/api/v1/drafts?limit=1');
    const found = [];
    for (const where of ['releases', `release/${some.id}`, `look/${SUBJECT}`]) {
      await page.goto(`/#/${where}`);
      await page.locator('main h1').first().waitFor();
      if (where.startsWith('look')) await drawn(page);
      else await page.waitForLoadState('networkidle').catch(() => undefined);
      found.push(...(await barriers(page, where)));
    }
    if (spanish) {
      await page.goto(`/#/release/${some.id}`);
      await page.getByText('Lo que aún podría deducirse').waitFor();
      await shot(page, 'workbench-release-es', 1500);
    }
    assert.deepEqual(found, []);
    await context.close();
  });
}

async function inSpanish(options) {
  const someone = await person(options);
  await someone.page.goto('/');
  await someone.page.locator('input[autocomplete=username]').fill('rosa');
  await someone.page.locator('input[type=password]').fill(process.env.PASSWORD);
  await someone.page.keyboard.press('Enter');
  await someone.page.locator('header nav').waitFor();
  return someone;
}
