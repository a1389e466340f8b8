/** Sites on a map: as points as long as there are not too many for that, else as tiles. */

import type { Map, PointLike } from 'maplibre-gl';
import { bytes, query } from '../lib/api.ts';
import { PointLayer, radii_px } from './point-layer.ts';
import { across, around, down, EACH, HIGH, idOf, latitude_deg, longitude_deg, merged, NOTHING, read, WIDE } from './points.ts';

/** So far beside a site it is still met, px. */
const BESIDE_PX = 2;

export class Sites {
  readonly #map: Map;
  readonly #layer = new PointLayer();
  readonly #tell: (drawn: number, tiled: boolean) => void;
  #points = NOTHING;
  #tiled = false;
  #time = '';
  #asked = 0;
  #last: Promise<void> = Promise.resolve();

  constructor(map: Map, tell: (drawn: number, tiled: boolean) => void) {
    this.#map = map;
    this.#tell = tell;
    map.addLayer(this.#layer);
  }

  /** Draws those of a time. */
  show(time: string): Promise<void> {
    this.#time = time;
    this.#asked += 1;
    return this.#ask(undefined);
  }

  /** Draws what is new. */
  refresh(): Promise<void> {
    if (this.#tiled) return Promise.resolve();
    const [asked, before] = [this.#asked, this.#last];
    // One after the other: what is new is new since the last.
    this.#last = before.catch(() => undefined).then(() => (asked === this.#asked ? this.#ask(this.#points.fold) : undefined));
    return this.#last;
  }

  async #ask(since: number | undefined): Promise<void> {
    const asked = this.#asked;
    const told = read(await bytes(`/api/v1/sites/points${query({ datetime: this.#time, since })}`));
    if (asked !== this.#asked) return;
    this.#tiled = told.more;
    this.#points = told.more ? NOTHING : merged(this.#points, told);
    this.#layer.put(this.#points);
    this.#tell(this.#points.count, this.#tiled);
  }

  set seen(seen: boolean) {
    this.#layer.seen = seen;
    this.#map.triggerRepaint();
  }

  /** The site that is drawn nearest to a place on the screen, where one is there. */
  at(point: { x: number; y: number }): string | undefined {
    if (!this.#layer.seen || this.#points.count === 0) return undefined;
    const here = this.#map.unproject([point.x, point.y]);
    const [radius, rim] = radii_px(this.#map.getZoom());
    const reach = radius + rim + BESIDE_PX;
    let [nearest, least_px]: [number | undefined, number] = [undefined, reach];
    for (const at of around(this.#points, [across(here.lng), down(here.lat)], this.#parts(point, reach))) {
      const { x, y } = this.#map.project(this.#place(at, here.lng));
      const apart = Math.hypot(x - point.x, y - point.y);
      if (apart <= least_px) [nearest, least_px] = [at, apart];
    }
    return nearest === undefined ? undefined : idOf(this.#points, nearest);
  }

  /** Where one is, on the copy of the Earth that is looked at. */
  #place(at: number, beside_deg: number): [number, number] {
    const [x, y] = [this.#points.numbers[EACH * at] ?? 0, this.#points.numbers[EACH * at + 1] ?? 0];
    const longitude = longitude_deg(x);
    return [longitude + 360 * Math.round((beside_deg - longitude) / 360), latitude_deg(y)];
  }

  /** How many parts of the world so many pixels are here; more where the map is tilted. */
  #parts({ x, y }: { x: number; y: number }, reach_px: number): [number, number] {
    const corners: PointLike[] = [[x - reach_px, y - reach_px], [x + reach_px, y - reach_px], [x - reach_px, y + reach_px], [x + reach_px, y + reach_px]];
    const places = corners.map((corner) => this.#map.unproject(corner));
    const [lng, lat] = [places.map((one) => one.lng), places.map((one) => down(one.lat))];
    const wide = ((Math.max(...lng) - Math.min(...lng)) / 360) * WIDE;
    return [Math.min(wide, WIDE / 2), Math.min(Math.max(...lat) - Math.min(...lat), HIGH)];
  }
}
