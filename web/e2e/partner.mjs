/** A partner's telephone: small, slow, without scripts, in Spanish. */

import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { barriers, person } from './browser.mjs';

const { LINK, PIN, CODES, OUT, SHOTS } = process.env;
const [FIRST, , THIRD] = CODES.split(',');
/** A network of the year 2000: 50 kbit/s, and half a second there and back. */
const SLOW = { offline: false, latency: 500, downloadThroughput: 50_000 / 8, uploadThroughput: 20_000 / 8 };
const MOST_BYTES = 60_000;

async function telephone(options = {}) {
  return person({
    viewport: { width: 360, height: 640 },
    isMobile: true,
    hasTouch: true,
    // An office's telephone is set to whatever it came with: the page is in Spanish all the same.
    locale: 'de-DE',
    javaScriptEnabled: false,
    ...options,
  });
}

async function network(page, conditions) {
  const session = await page.context().newCDPSession(page);
  await session.send('Network.enable');
  const counted = { bytes: 0 };
  session.on('Network.loadingFinished', ({ encodedDataLength }) => (counted.bytes += encodedDataLength));
  await session.send('Network.emulateNetworkConditions', conditions);
  return { session, counted };
}

async function picture(page, name) {
  if (!SHOTS) return;
  mkdirSync(SHOTS, { recursive: true });
  await page.screenshot({ path: join(SHOTS, `${name}.png`), fullPage: true });
}

async function enter(page) {
  await page.locator('#pin').fill(PIN);
  await page.getByRole('button', { name: 'Abrir' }).tap();
}

test('from the code to the outcome on a slow network, scripts off', async () => {
  const { page, context, trouble } = await telephone();
  const { counted } = await network(page, SLOW);
  const begun = Date.now();
  await page.goto(`/c/${FIRST}`);
  await picture(page, 'partner-door');
  await enter(page);
  await page.getByText('Queda registrado que lo recibió').waitFor();
  const opened = { bytes: counted.bytes, ms: Date.now() - begun };
  assert.ok(opened.bytes < MOST_BYTES, `${opened.bytes} bytes`);
  assert.equal(await page.locator('html').getAttribute('lang'), 'es');
  await picture(page, 'partner-release');
  await page.getByRole('button', { name: 'En camino' }).tap();
  await page.getByText('Registrado: En camino').waitFor();
  await page.locator('summary', { hasText: 'Resultado' }).tap();
  await page.locator('summary', { hasText: 'Desmantelado' }).tap();
  await page.locator('#a1').fill('120,5');
  await page.locator('#goods1').selectOption('chemicals');
  await page.locator('#arrests').fill('2');
  await picture(page, 'partner-outcome');
  await page.getByRole('button', { name: 'Desmantelado' }).tap();
  await page.getByText('Registrado: Desmantelado; Sustancias químicas: 120.5 kg; detenciones: 2').waitFor();
  console.log(`measured: release open after ${opened.bytes} bytes and ${opened.ms} ms; outcome after ${counted.bytes} bytes and ${Date.now() - begun} ms`);
  assert.deepEqual(trouble, []);
  await context.close();
});

test('a cut cable, a second tap and the way back are one answer', async () => {
  const { page, context } = await telephone();
  await page.goto(`/c/${THIRD}`);
  await enter(page);
  await page.locator('summary', { hasText: 'Resultado' }).tap();
  // The form arrives, its answer does not.
  let cuts = 0;
  await page.route('**/answer', async (route) => {
    if (cuts++ > 0) return route.continue();
    await route.fetch({ maxRedirects: 0 });
    return route.abort('connectionreset');
  });
  const button = page.getByRole('button', { name: 'No se encontró nada' });
  await button.tap();
  await page.waitForTimeout(1000);
  await page.goBack();
  await page.locator('summary', { hasText: 'Resultado' }).tap();
  await button.tap();
  await page.getByText('Registrado: No se encontró nada').waitFor();
  assert.equal(cuts, 2);
  await context.close();
});

test('the form that is kept on the telephone writes a file that we take', async () => {
  const { page, context, trouble } = await telephone({ javaScriptEnabled: true });
  await page.goto(`/p/${LINK}`);
  await enter(page);
  await page.getByRole('heading', { name: 'Avisos' }).waitFor();
  const kept = await context.request.get('/p/r/AVISO-004/offline');
  assert.equal(kept.status(), 200);
  const text = await kept.text();
  await page.setContent(text);
  await context.setOffline(true);
  const found = await barriers(page, 'offline');
  await page.locator('#say').selectOption('seized');
  await page.locator('#amount').fill('mucho');
  await page.locator('#add').tap();
  await page.getByText('Escriba solo cifras').waitFor();
  await page.locator('#amount').fill('0,1');
  await page.locator('#arrests').fill('0');
  await page.locator('#note').fill('Llegó «tarde» — ñandú 𝄞 "x" \\ fin');
  await page.locator('#add').tap();
  await page.locator('#say').selectOption('cannot_act.no_means');
  await page.locator('#add').tap();
  await page.getByText('Respuestas en el archivo: 2').waitFor();
  writeFileSync(OUT, await page.locator('#file').inputValue());
  await context.setOffline(false);
  const took = [];
  for (let n = 0; n < 20; n++) {
    const begun = performance.now();
    await context.request.get('/p/r/AVISO-004');
    took.push(performance.now() - begun);
  }
  took.sort((a, b) => a - b);
  console.log(`measured: a page is opened from its dossier in ${took[10].toFixed(1)} ms (median of 20), ${took[19].toFixed(1)} ms at most`);
  console.log(`measured: the form without a network has ${Buffer.byteLength(text)} bytes`);
  assert.deepEqual(found, []);
  assert.deepEqual(trouble, []);
  await context.close();
});

for (const [name, options] of [
  ['light', { colorScheme: 'light' }],
  ['dark', { colorScheme: 'dark' }],
]) {
  test(`every page in ${name} is clean by axe and large enough to press`, async () => {
    const { page, context } = await telephone({ javaScriptEnabled: true, ...options });
    const found = [];
    const look = async (where) => found.push(...(await barriers(page, where)));
    await page.goto('/c');
    await look('code');
    await page.goto(`/p/${LINK}`);
    await look('door');
    await enter(page);
    await page.getByRole('heading', { name: 'Avisos' }).waitFor();
    await look('list');
    await picture(page, `partner-list-${name}`);
    await page.goto('/p/r/AVISO-001');
    for (const summary of await page.locator('summary').all()) await summary.evaluate((element) => (element.parentElement.open = true));
    await look('release');
    const small = await page.locator('button, summary, input:not([type=hidden]), select, textarea, nav a, .more a, .rows a').evaluateAll((all) =>
      all.filter((one) => one.getBoundingClientRect().height < 44).map((one) => one.outerHTML.slice(0, 80)));
    assert.deepEqual(small, []);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    assert.ok(wide <= 0, `${wide} pixels too wide`);
    if (name === 'dark') await picture(page, 'partner-release-dark');
    await page.goto('/p/r/AVISO-001/sheet');
    await look('sheet');
    await picture(page, `partner-sheet-${name}`);
    await page.goto('/p/r/AVISO-002');
    await look('superseded');
    await page.getByRole('link', { name: 'English' }).tap();
    await page.getByText('A corrected notice takes the place of this one').waitFor();
    assert.equal(await page.locator('html').getAttribute('lang'), 'en');
    await look('English');
    assert.deepEqual(found, []);
    await context.close();
  });
}
