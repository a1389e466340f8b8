/** How fast the workbench is and whether it grows: figures, not tests. */

import { chromium } from 'playwright-core';

const { BASE, FIRST, MINUTES } = process.env;
const PASSWORD = 'a sentence that is long';
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-dev-shm-usage'] });
const say = (name, value) => console.log(`${name.padEnd(58)} ${value}`);
const middle = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

const account = { token: new URL(FIRST).searchParams.get('token'), name: 'ana', password: PASSWORD };
await fetch(`${BASE}/api/v1/accounts`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(account) });
const signed = await browser.newContext({ baseURL: BASE, viewport: { width: 1440, height: 900 } });
const entry = await signed.newPage();
await entry.goto('/');
await entry.locator('input[autocomplete=username]').fill('ana');
await entry.locator('input[type=password]').fill(PASSWORD);
await entry.keyboard.press('Enter');
await entry.getByTestId('queue').waitFor();
const state = await signed.storageState();
await signed.close();

await paint();
await map();
await growth();
await browser.close();

/** From a cold cache, five times: each has a context of its own. */
async function paint() {
  const [first, ready, bytes] = [[], [], []];
  for (let run = 0; run < 5; run += 1) {
    const context = await browser.newContext({ baseURL: BASE, viewport: { width: 1440, height: 900 }, storageState: state });
    const page = await context.newPage();
    let sent = 0;
    const session = await context.newCDPSession(page);
    await session.send('Network.enable');
    session.on('Network.loadingFinished', ({ encodedDataLength }) => (sent += encodedDataLength));
    const begun = performance.now();
    await page.goto('/', { waitUntil: 'commit' });
    await page.getByTestId('queue').locator('li').first().waitFor();
    ready.push(performance.now() - begun);
    first.push(await page.evaluate(() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? NaN));
    bytes.push(sent);
    await context.close();
  }
  say('first paint, cold cache, ms (middle and most of 5; asked 1000)', `${middle(first).toFixed(0)}, ${Math.max(...first).toFixed(0)}`);
  say('queue there and keys heard, ms (asked 2000)', `${middle(ready).toFixed(0)}, ${Math.max(...ready).toFixed(0)}`);
  say('sent until then, kB', (middle(bytes) / 1000).toFixed(0));
}

/** Moves a map of everything for ten seconds and counts frames. */
async function map() {
  const context = await browser.newContext({ baseURL: BASE, viewport: { width: 1440, height: 900 }, storageState: state });
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  let sent = 0;
  await session.send('Network.enable');
  session.on('Network.loadingFinished', ({ encodedDataLength }) => (sent += encodedDataLength));
  const begun = performance.now();
  await page.goto('/#/map');
  await page.locator('[data-drawn=true]').waitFor();
  say('map drawn from a cold cache, ms', (performance.now() - begun).toFixed(0));
  say('sent until then, kB', (sent / 1000).toFixed(0));
  await page.evaluate(() => window.cathartesMap.jumpTo({ center: [-106, 32.5], zoom: 7.4 }));
  await page.evaluate(() => new Promise((done) => window.cathartesMap.once('idle', done)));
  const told = await page.evaluate(async () => {
    const map = window.cathartesMap;
    const shown = new Set(map.queryRenderedFeatures({ layers: ['sites'] }).map((one) => one.properties.id)).size;
    let frames = 0;
    let longest = 0;
    let last = performance.now();
    const end = last + 10_000;
    const count = (now) => {
      frames += 1;
      longest = Math.max(longest, now - last);
      last = now;
      if (now < end) requestAnimationFrame(count);
    };
    requestAnimationFrame(count);
    for (let step = 0; performance.now() < end; step += 1) {
      const [x, y] = [Math.sin(step / 3), Math.cos(step / 3)];
      map.easeTo({ center: [-106 + 0.8 * x, 32.5 + 0.6 * y], zoom: 7.4 + 0.4 * Math.sin(step / 5), duration: 400, easing: (t) => t });
      await new Promise((done) => setTimeout(done, 400));
    }
    return { shown, frames, longest };
  });
  say('sites on the screen', told.shown);
  say('frames a second while it is panned and zoomed (asked 30)', (told.frames / 10).toFixed(1));
  say('longest frame, ms', told.longest.toFixed(0));
  say('a wheel that is turned is answered after, ms', (await wheel(page)).toFixed(0));
  await context.close();
}

/** Time from a turn of the wheel to the map's own word that it moves, the longest of ten. */
async function wheel(page) {
  const waits = [];
  await page.mouse.move(500, 400);
  for (let turn = 0; turn < 10; turn += 1) {
    const moved = page.evaluate(() => new Promise((done) => window.cathartesMap.once('move', () => done(performance.timeOrigin + performance.now()))));
    await page.waitForTimeout(50);
    const begun = performance.timeOrigin + performance.now();
    await page.mouse.wheel(0, turn % 2 ? 120 : -120);
    waits.push((await moved) - begun);
    await page.waitForTimeout(300);
  }
  return Math.max(...waits);
}

/** Leaves the queue open while somebody takes and gives back, and looks at its memory. */
async function growth() {
  const context = await browser.newContext({ baseURL: BASE, storageState: state });
  const [page, other] = [await context.newPage(), await context.newPage()];
  await page.goto('/#/queue');
  await page.getByTestId('queue').waitFor();
  await other.goto('/#/account');
  const session = await context.newCDPSession(page);
  await session.send('Performance.enable');
  const heap = async () => {
    await session.send('HeapProfiler.collectGarbage');
    const { metrics } = await session.send('Performance.getMetrics');
    const of = (name) => metrics.find((one) => one.name === name)?.value ?? NaN;
    return { mb: of('JSHeapUsedSize') / 1e6, nodes: of('Nodes'), listeners: of('JSEventListeners') };
  };
  await changes(other, 30_000);
  const before = await heap();
  const made = await changes(other, 60_000 * Number(MINUTES));
  const after = await heap();
  say('changes while a page was left open', `${made} in ${MINUTES} min`);
  say('its memory before and after, MB', `${before.mb.toFixed(2)}, ${after.mb.toFixed(2)}`);
  say('its nodes and listeners before', `${before.nodes}, ${before.listeners}`);
  say('its nodes and listeners after', `${after.nodes}, ${after.listeners}`);
  await context.close();
}

/** Takes things and gives them back for so long; how many changes that were. */
function changes(page, span_ms) {
  return page.evaluate(async (span_ms) => {
    const { csrf } = await (await fetch('/api/v1/session')).json();
    const { items } = await (await fetch('/api/v1/queue?limit=50')).json();
    const headers = { 'content-type': 'application/json', 'x-csrf-token': csrf };
    const end = performance.now() + span_ms;
    let made = 0;
    for (let at = 0; performance.now() < end; at += 1) {
      const { kind, id } = items[at % items.length];
      const taken = await fetch('/api/v1/claims', { method: 'POST', headers, body: JSON.stringify({ kind, id }) });
      if (taken.ok) made += 1;
      const given = await fetch(`/api/v1/claims/${kind}/${id}`, { method: 'DELETE', headers });
      if (given.ok) made += 1;
      await new Promise((done) => setTimeout(done, 40));
    }
    return made;
  }, span_ms);
}
