import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ask, colleague, drawn } from './browser.mjs';
import { alike, inkOf, inks, onPage } from './pixels.mjs';

const MIDDLE = [-106.2, 31.91];
const POINTS = /\/api\/v1\/sites\/points/;

/** Every site of the record. */
async function sitesOf(page) {
  const { sites } = await ask(page, '/api/v1/sites?limit=100');
  return sites;
}

const place = ({ place: { longitude_deg, latitude_deg } }) => [longitude_deg, latitude_deg];

/** Those that are on the screen and touch no other. */
async function apart(page, sites) {
  const places = await onPage(page, sites.map(place));
  const { width, height, x, y } = await page.locator('.map canvas').boundingBox();
  const inside = ([across, down]) => across > x && down > y && across < x + width && down < y + height;
  const near = (one, other) => Math.hypot(one[0] - other[0], one[1] - other[1]) < 25;
  const alone = sites.map((site, at) => ({ site, at: places[at] })).filter(({ at }) => inside(at) && places.filter((other) => near(at, other)).length === 1);
  assert.ok(alone.length >= 10, `${alone.length} of ${sites.length}`);
  return alone;
}

/** The map, sharp and at rest with all sites on it. */
async function resting(page, zoom) {
  await page.goto('/#/map');
  await page.locator('[data-points]').waitFor();
  await page.evaluate(([center, zoom]) => window.cathartesMap.jumpTo({ center, zoom }), [MIDDLE, zoom]);
  await drawn(page);
  await page.waitForTimeout(1_000);
}

test('every site is a mark of the colour of its probability, and none is there once it is not to be seen', async () => {
  const { page, context, trouble } = await colleague('bea');
  const sites = await sitesOf(page);
  await resting(page, 10);
  assert.equal(await page.locator('[data-points]').getAttribute('data-points'), String(sites.length));
  const alone = await apart(page, sites);
  const places = alone.map((one) => one.at);
  const seen = await inks(page, places);
  alone.forEach(({ site }, at) => assert.ok(alike(seen[at], inkOf(site.probability)), `${site.id}: ${seen[at]}, not ${inkOf(site.probability)}`));
  await page.getByRole('checkbox', { name: 'Sites' }).uncheck();
  await page.waitForTimeout(500);
  const without = await inks(page, places);
  alone.forEach(({ site }, at) => assert.ok(!alike(without[at], inkOf(site.probability)), `${site.id} is still there`));
  assert.deepEqual(trouble.filter((one) => !one.includes('ERR_ABORTED')), []);
  await context.close();
});

test('a site is met by the pointer and opened by a click, also where the map is turned and tilted', async () => {
  const { page, context } = await colleague('bea');
  const sites = await sitesOf(page);
  for (const look of [{}, { bearing: 70, pitch: 50 }]) {
    await resting(page, 10);
    await page.evaluate((look) => window.cathartesMap.jumpTo(look), look);
    await page.waitForTimeout(500);
    const [{ site, at: [x, y] }] = await apart(page, sites);
    const [[aside]] = await onPage(page, [[MIDDLE[0] + 0.3, MIDDLE[1]]]);
    assert.ok(alike((await inks(page, [[x, y]]))[0], inkOf(site.probability)), JSON.stringify(look));
    const cursor = () => page.evaluate(() => window.cathartesMap.getCanvas().style.cursor);
    await page.mouse.move(aside, 200);
    assert.equal(await cursor(), '');
    await page.mouse.move(x, y);
    assert.equal(await cursor(), 'pointer');
    await page.mouse.click(x, y);
    await page.waitForURL(new RegExp(`#/look/site/${site.id}$`));
  }
  await context.close();
});

test('two sites that somebody merges become one on a map that is open, and no more is asked for than that', async () => {
  const { page, context } = await colleague('bea');
  const sites = await sitesOf(page);
  await resting(page, 10);
  const [into, from] = sites;
  const answered = page.waitForResponse((one) => POINTS.test(one.url()) && one.url().includes('since=') && one.ok());
  const status = await page.evaluate(
    async ([into, from]) => {
      const { csrf } = await (await fetch('/api/v1/session')).json();
      const headers = { 'content-type': 'application/json', 'x-csrf-token': csrf };
      return (await fetch('/api/v1/acts', { method: 'POST', headers, body: JSON.stringify({ do: 'merge', into, from }) })).status;
    },
    [into.id, from.id],
  );
  assert.equal(status, 202);
  await page.locator(`[data-points="${sites.length - 1}"]`).waitFor();
  const bytes = (await (await answered).body()).length;
  assert.ok(bytes < 24 + 25 * 4, `${bytes} bytes of what is new`);
  const [there] = await inks(page, await onPage(page, [place(from)]));
  assert.ok(!alike(there, inkOf(from.probability)), 'it is drawn no more');
  await context.close();
});

test('sites that are too many for points are drawn by tiles', async () => {
  const { page, context } = await colleague('bea');
  await page.route(POINTS, async (route) => {
    const head = Buffer.alloc(24);
    head.write('pts1');
    head.writeUInt32LE(3, 4);
    await route.fulfill({ body: head, contentType: 'application/octet-stream' });
  });
  await resting(page, 10);
  const alone = await apart(page, await sitesOf(page));
  const drawnByTiles = () => page.evaluate(() => window.cathartesMap.queryRenderedFeatures({ layers: ['sites'] }).map((one) => one.properties.id));
  await page.waitForFunction(() => window.cathartesMap.isSourceLoaded('sites') && window.cathartesMap.queryRenderedFeatures({ layers: ['sites'] }).length > 0);
  const ids = await drawnByTiles();
  assert.deepEqual(alone.filter(({ site }) => !ids.includes(site.id)), []);
  await page.mouse.click(...alone[0].at);
  await page.waitForURL(/#\/look\/site\//);
  await context.close();
});
