import assert from 'node:assert/strict';
import { test } from 'node:test';
import { colleague, drawn } from './browser.mjs';
import { alike, inks, onPage } from './pixels.mjs';

/** Where the lake of the file is, and where nothing is: both far out at sea. */
const [LAKE, SEA] = [[-30, 0], [-30, 40]];
/** Of the picture; of the sea in light colours. */
const [PICTURE, PLAIN_SEA] = [[200, 30, 90], [223, 233, 239]];

test(`a file of PMTiles is drawn: ${process.env.KIND}`, async () => {
  const { page, context, trouble } = await colleague('ana');
  const asked = [];
  page.on('response', (one) => one.url().includes('/basemap.pmtiles') && asked.push(one.status()));
  await page.goto('/#/map');
  await drawn(page);
  await page.waitForFunction(() => window.cathartesMap.getSource('own') && window.cathartesMap.isSourceLoaded('own'));
  await page.evaluate(() => window.cathartesMap.jumpTo({ center: [-30, 20], zoom: 3 }));
  await page.evaluate(() => new Promise((done) => window.cathartesMap.once('idle', done)));
  await page.waitForTimeout(1_000);
  const [lake, sea] = await inks(page, await onPage(page, [LAKE, SEA]));
  if (process.env.KIND === 'picture') {
    assert.ok(alike(lake, PICTURE) && alike(sea, PICTURE), `${lake} and ${sea}`);
  } else {
    // Half of the blue of water over the sea.
    assert.ok(alike(lake, [0x5b, 0x8f, 0xb0].map((one, at) => (one + PLAIN_SEA[at]) / 2)), String(lake));
    assert.ok(alike(sea, PLAIN_SEA), String(sea));
  }
  assert.ok(asked.length > 0 && asked.every((status) => status === 206), `in stretches: ${asked}`);
  assert.deepEqual(trouble.filter((one) => !one.includes('ERR_ABORTED')), []);
  await context.close();
});
