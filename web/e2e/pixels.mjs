/** What a screenshot shows at places of the page. */

/** Colours, as red, green and blue, at places given in pixels of the page. */
export async function inks(page, places) {
  const shot = (await page.screenshot()).toString('base64');
  return page.evaluate(
    async ({ shot, places }) => {
      const bytes = Uint8Array.from(atob(shot), (letter) => letter.charCodeAt(0));
      const image = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
      const canvas = new OffscreenCanvas(image.width, image.height);
      const context = canvas.getContext('2d');
      context.drawImage(image, 0, 0);
      const { data } = context.getImageData(0, 0, image.width, image.height);
      return places.map(([x, y]) => {
        const at = 4 * (Math.round(x) + Math.round(y) * image.width);
        return [...data.slice(at, at + 3)];
      });
    },
    { shot, places },
  );
}

/** Where places of the Earth lie on the page, once the map rests there. */
export async function onPage(page, places) {
  return page.evaluate((places) => {
    const { left, top } = window.cathartesMap.getCanvas().getBoundingClientRect();
    return places.map((place) => {
      const { x, y } = window.cathartesMap.project(place);
      return [left + Math.floor(x), top + Math.floor(y)];
    });
  }, places);
}

/** The colour of a site that is so probable, as `web/src/map/point-picture.ts` draws it. */
export function inkOf(probability) {
  const colours = [[125, 138, 150], [224, 161, 0], [194, 24, 91]];
  const [from, to] = probability < 0.5 ? colours : colours.slice(1);
  const share = probability < 0.5 ? 2 * probability : 2 * probability - 1;
  return from.map((one, at) => Math.round(one + share * (to[at] - one)));
}

/** Whether two colours are the same but for rounding. */
export function alike(one, other, most = 3) {
  return one.every((part, at) => Math.abs(part - other[at]) <= most);
}
