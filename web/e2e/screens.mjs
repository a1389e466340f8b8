import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ask, barriers, colleague, drawn, person, shot, stage } from './browser.mjs';

const PAGES = ['map', 'queue', 'figures', 'handover', 'account'];

/** Every page that a colleague has, one after the other. */
async function through(page, then) {
  const [plume] = (await ask(page, '/api/v1/queue?kind=finding')).items;
  const [site] = (await ask(page, '/api/v1/queue?kind=site')).items;
  for (const where of [...PAGES, `look/finding/${plume.id}`, `look/site/${site.id}`]) {
    await page.goto(`/#/${where}`);
    await page.locator('main h1').first().waitFor({ state: 'attached' });
    if (where.startsWith('look')) await stage(page).waitFor();
    if (/^(map|look)/.test(where)) await drawn(page);
    else await page.waitForLoadState('networkidle').catch(() => undefined);
    await then(where.replace(/\/[0-9a-f-]{36}$/, ''));
  }
}

for (const [name, options] of [
  ['light and English', {}],
  ['dark', { colorScheme: 'dark' }],
  ['Spanish', { locale: 'es-MX' }],
]) {
  test(`every screen in ${name} is clean by axe`, async () => {
    const outside = await person(options);
    await outside.page.goto('/');
    await outside.page.locator('form button').first().waitFor();
    const found = await barriers(outside.page, 'signing in');
    if (name.startsWith('light')) await shot(outside.page, 'workbench-sign-in');
    const { page } = await colleagueIn(outside);
    const kind = { 'light and English': '', dark: '-dark', Spanish: '-es' }[name];
    await through(page, async (where) => {
      found.push(...(await barriers(page, where)));
      if ((kind === '' && where !== 'map') || where === 'look/finding') await shot(page, `workbench-${where.replace('/', '-')}${kind}`, where.startsWith('look') ? 1500 : 700);
    });
    assert.deepEqual(found, []);
    await outside.context.close();
  });
}

/** Signs in whatever the language. */
async function colleagueIn(someone) {
  const { page } = someone;
  await page.locator('input[autocomplete=username]').fill('bea');
  await page.locator('input[type=password]').fill(process.env.PASSWORD);
  await page.keyboard.press('Enter');
  await page.locator('header nav').waitFor();
  return someone;
}

test('Spanish is Spanish on every page', async () => {
  const { page, context } = await colleague('bea');
  await page.getByLabel('Language').selectOption('es');
  await page.getByRole('heading', { name: 'Cola' }).waitFor();
  assert.equal(await page.evaluate(() => document.documentElement.lang), 'es');
  await page.reload();
  await page.getByRole('heading', { name: 'Cola' }).waitFor();
  for (const word of ['Mapa', 'Cifras', 'Relevo']) await page.getByRole('link', { name: word }).waitFor();
  await context.close();
});

test('a plume shows its map, its spectrum against the gas, and what the wind was', async () => {
  const { page, context } = await colleague('bea');
  const [plume] = (await ask(page, '/api/v1/queue?kind=finding')).items;
  await page.goto(`/#/look/finding/${plume.id}`);
  await stage(page).waitFor();
  await drawn(page);
  await page.getByText('χ² per band').waitFor();
  assert.ok((await page.locator('.uplot canvas').count()) >= 2, 'the curve and its residual');
  await page.getByRole('rowheader', { name: 'wind', exact: true }).waitFor();
  await page.getByText('Look-alike test').waitFor();
  const tile = page.waitForRequest(/significance\.ch4\.tif\/tiles/);
  await page.getByRole('button', { name: 'Significance' }).click();
  await tile;
  await page.getByLabel('Opacity').fill('0.3');
  await context.close();
});

test('a site shows its ledger, whose sum is its probability', async () => {
  const { page, context } = await colleague('bea');
  const [site] = (await ask(page, '/api/v1/queue?kind=site')).items;
  await page.goto(`/#/look/site/${site.id}`);
  await page.getByRole('heading', { name: 'Ledger' }).waitFor();
  const told = await ask(page, `/api/v1/evidence/site/${site.id}`);
  const sum = told.site.ledger.reduce((all, term) => all + term.ln_odds, 0);
  assert.ok(Math.abs(1 / (1 + Math.exp(-sum)) - told.site.probability) < 1e-9);
  assert.equal(await page.locator('section:has(h2:text-is("Ledger")) tr').count(), told.site.ledger.length);
  await context.close();
});

test('the map shows where flights may go, and which did not keep to it', async () => {
  const { page, context } = await colleague('bea');
  await page.goto('/#/map');
  await drawn(page);
  const astray = page.locator('details', { hasText: 'astray' });
  await astray.locator('summary').getByText('broken').waitFor();
  await astray.locator('summary').click();
  await astray.getByText('2026-114/2 forbids it').first().waitFor();
  await astray.getByRole('button').click();
  await page.waitForFunction(() => {
    const map = window.cathartesMap;
    return map.isStyleLoaded() && map.queryRenderedFeatures({ layers: ['sorties-flown'] }).length > 0;
  });
  const rules = await page.evaluate(() => window.cathartesMap.queryRenderedFeatures({ layers: ['airspace-area'] }).map((one) => one.properties.rule));
  assert.ok(rules.includes('permit') && rules.includes('forbid'), String(rules));
  await drawn(page);
  // It moves in steps that are coarse; a second later it is sharp.
  await page.waitForTimeout(1500);
  await shot(page, 'workbench-flights');
  await page.getByLabel('Sorties').uncheck();
  await page.waitForFunction(() => window.cathartesMap.queryRenderedFeatures({ layers: ['sorties-flown'] }).length === 0);
  await context.close();
});

test('the map measures, goes where it is told, and narrows its time', async () => {
  const { page, context } = await colleague('bea');
  await page.goto('/#/map');
  await drawn(page);
  await page.getByLabel(/Go to/).fill('45°30′00.0″N 7°00′00.0″E');
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => Math.abs(window.cathartesMap.getCenter().lat - 45.5) < 1e-6);
  await page.getByRole('button', { name: 'Measure' }).click();
  const box = await page.locator('.map canvas').boundingBox();
  await page.mouse.click(box.x + 300, box.y + 300);
  await page.mouse.click(box.x + 600, box.y + 300);
  await page.getByText(/2 points, [\d.]+ k?m, last leg (89|90|91)°/).waitFor();
  await page.keyboard.press('Escape');
  await page.getByText('2 points').waitFor({ state: 'detached' });
  const [plume] = (await ask(page, '/api/v1/queue?kind=finding')).items;
  await page.getByLabel(/Go to/).fill(`${plume.place.latitude_deg}, ${plume.place.longitude_deg}`);
  await page.keyboard.press('Enter');
  const enhancement = page.waitForRequest(/enhancement\.ch4\.tif\/tiles/);
  await page.getByLabel('Enhancement').check();
  await enhancement;
  await page.evaluate(() => window.cathartesMap.jumpTo({ zoom: 15.7 }));
  await drawn(page);
  await shot(page, 'workbench-map');
  const narrowed = page.waitForRequest(/sites\/points.*datetime=/);
  await page.getByLabel(/^From/).fill('300');
  await narrowed;
  await context.close();
});

test('an assessment is linted while it is written, kept through a reload, and sent', async () => {
  const { page, context } = await colleague('bea');
  const [site] = (await ask(page, '/api/v1/queue?kind=site')).items;
  await page.goto(`/#/look/site/${site.id}`);
  const text = page.getByLabel('Text');
  await text.fill('We have high confidence that it is likely that several tanks leak.');
  const marks = page.getByTestId('marks');
  for (const words of ['is vague', 'stand in one sentence', 'cites nothing']) await marks.getByText(words).waitFor();
  await drawn(page);
  await shot(page, 'workbench-writing');
  await page.reload();
  assert.match(await text.inputValue(), /several tanks/);
  await page.getByRole('group', { name: 'Sources' }).getByRole('checkbox').first().check();
  await text.fill('It is likely that gas comes from here [1].');
  await marks.getByText('Nothing to mark').waitFor();
  await page.getByRole('button', { name: 'Keep the assessment' }).click();
  await page.getByText('It is likely that gas comes from here [1].').waitFor();
  const kept = await ask(page, `/api/v1/assessments?kind=site&id=${site.id}`);
  assert.equal(kept.length, 1);
  assert.equal(kept[0].likelihood, 'likely');
  await context.close();
});
