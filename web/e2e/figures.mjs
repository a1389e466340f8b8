/** How fast the workbench is and whether it grows: figures, not tests. */

import { chromium } from 'playwright-core';
import { alike, inkOf, inks, onPage } from './pixels.mjs';

const { BASE, FIRST, MINUTES } = process.env;
/** Where the record of `cargo xtask bench web` lies: the whole of it on the screen, and a sixth of it. */
const WHOLE = { center: [-103.6, 34.1], zoom: 5.4, span_deg: 0.6 };
const NEAR = { center: [-106, 32.5], zoom: 7.4, span_deg: 0.8 };
const RUNS = 5;
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

/** Moves a map of everything for ten seconds and counts frames; the same without any site, several times in turn. */
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
  await page.locator('[data-points]').waitFor();
  say('every site on it, ms', (performance.now() - begun).toFixed(0));
  say('sent until then, kB', (sent / 1000).toFixed(0));
  for (const [where, view] of [['all of them in view', WHOLE], ['from closer by', NEAR]]) await panned(page, where, view);
  await context.close();
}

/** One view: what is drawn there, and how fluently. */
async function panned(page, where, view) {
  const rest = async () => {
    await page.evaluate(({ center, zoom }) => {
      window.cathartesMap.jumpTo({ center, zoom });
      // Where nothing changed it would not be idle once more.
      return new Promise((done) => window.cathartesMap.once('idle', done).triggerRepaint());
    }, view);
    await page.waitForTimeout(1_000);
  };
  const seen = (wanted) => page.getByRole('checkbox', { name: 'Sites' }).setChecked(wanted);
  await rest();
  say(`${where}: sites drawn on the screen`, await page.evaluate(() => window.cathartesMap.getLayer('points').implementation.drawn));
  say(`${where}: of a hundred sites so many are marks, and so many of their own colour`, (await found(page, seen)).join(', '));
  const [all, none] = [[], []];
  for (let run = 0; run < RUNS; run += 1) {
    for (const [told, wanted] of [[all, true], [none, false]]) {
      await seen(wanted);
      await rest();
      told.push(await moved(page, view));
    }
  }
  await seen(true);
  await rest();
  const of = (told, what) => told.map((one) => one[what]);
  const best = (told) => Math.max(...of(told, 'frames'));
  const usual = (told) => middle(of(told, 'frames'));
  say(`${where}: frames a second, best and middle of ${RUNS} (asked 30)`, `${best(all).toFixed(1)}, ${usual(all).toFixed(1)}`);
  say(`${where}: the same without any site`, `${best(none).toFixed(1)}, ${usual(none).toFixed(1)}`);
  say(`${where}: ratio of the middles`, (usual(all) / usual(none)).toFixed(2));
  say(`${where}: longest frame after the first second, ms`, `${Math.min(...of(all, 'longest')).toFixed(0)}, ${middle(of(all, 'longest')).toFixed(0)}`);
  say(`${where}: fewest sites of any frame`, Math.min(...of(all, 'fewest')));
  say(`${where}: pixels of a side while it moves`, `${[...new Set(of(all, 'share'))].sort()}`);
  say(`${where}: a wheel that is turned is answered after, ms`, (await wheel(page)).toFixed(0));
}

/** Pans and zooms for ten seconds. */
function moved(page, view) {
  return page.evaluate(async ({ center: [longitude, latitude], zoom, span_deg }) => {
    const map = window.cathartesMap;
    const canvas = map.getCanvas();
    let [frames, longest, last] = [0, 0, performance.now()];
    const [begun, end] = [last, last + 10_000];
    let fewest = Infinity;
    const drawn = () => {
      frames += 1;
      fewest = Math.min(fewest, map.getLayer('points').implementation.drawn);
    };
    map.on('render', drawn);
    const count = (now) => {
      // In the first second it finds out how many pixels it can afford.
      if (now > begun + 1_000) longest = Math.max(longest, now - last);
      last = now;
      if (now < end) requestAnimationFrame(count);
    };
    requestAnimationFrame(count);
    for (let step = 0; performance.now() < end; step += 1) {
      const [x, y] = [Math.sin(step / 3), Math.cos(step / 3)];
      const to = [longitude + span_deg * x, latitude + 0.75 * span_deg * y];
      map.easeTo({ center: to, zoom: zoom + 0.4 * Math.sin(step / 5), duration: 400, easing: (t) => t });
      await new Promise((done) => setTimeout(done, 400));
    }
    map.off('render', drawn);
    return { frames: frames / 10, longest, fewest, share: (canvas.width / canvas.clientWidth).toFixed(2) };
  }, view);
}

/**
 * Of a hundred sites of those in view, at how many places the page looks otherwise than without any site, and how many have the
 * colour of their probability: where marks lie over each other the rim of one covers another.
 */
async function found(page, seen) {
  const bounds = await page.evaluate(() => window.cathartesMap.getBounds().toArray().flat());
  const inner = bounds.map((side, at) => side + (at < 2 ? 0.02 : -0.02) * Math.abs(bounds[2 + (at % 2)] - bounds[at % 2]));
  const asked = `/ogc/collections/sites/items?limit=10000&bbox=${inner.map((side) => side.toFixed(6))}`;
  const { features } = await page.evaluate(async (asked) => (await fetch(asked)).json(), asked);
  const picked = Array.from({ length: 100 }, () => features[Math.floor(Math.random() * features.length)]);
  const places = await onPage(page, picked.map((site) => site.geometry.coordinates));
  const drawn = await inks(page, places);
  await seen(false);
  await page.waitForTimeout(1_000);
  const bare = await inks(page, places);
  const marks = drawn.filter((ink, at) => !alike(ink, bare[at], 20)).length;
  return [marks, picked.filter((site, at) => alike(drawn[at], inkOf(site.properties.probability))).length];
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
