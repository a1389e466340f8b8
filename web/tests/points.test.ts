import { describe, expect, test } from 'vitest';
import { aroundMiddle, colour, Picture } from '../src/map/point-picture.ts';
import { across, around, down, EACH, HIGH, idOf, latitude_deg, longitude_deg, merged, NOTHING, type Points, read, WIDE } from '../src/map/points.ts';

interface Said {
  flags?: number;
  fold?: number;
  sites?: [id: number, longitude_deg: number, latitude_deg: number, chance: number][];
  gone?: number[];
}

/** An answer as the server writes it. */
function answer({ flags = 1, fold = 1, sites = [], gone = [] }: Said): ArrayBuffer {
  const bytes = new DataView(new ArrayBuffer(24 + 25 * sites.length + 16 * gone.length));
  [...'pts1'].forEach((letter, at) => bytes.setUint8(at, letter.charCodeAt(0)));
  [flags, sites.length, gone.length].forEach((number, at) => bytes.setUint32(4 + 4 * at, number, true));
  bytes.setBigInt64(16, BigInt(fold), true);
  const ids = 24 + 8 * sites.length;
  sites.forEach(([, longitude, latitude], at) => {
    bytes.setInt32(24 + 4 * at, Math.round(longitude * 1e7), true);
    bytes.setInt32(24 + 4 * (sites.length + at), Math.round(latitude * 1e7), true);
  });
  [...sites.map(([id]) => id), ...gone].forEach((id, at) => bytes.setUint32(ids + 16 * at + 12, id));
  sites.forEach(([, , , chance], at) => bytes.setUint8(bytes.byteLength - sites.length + at, chance));
  return bytes.buffer;
}

const last = (points: Points): number[] => Array.from({ length: points.count }, (_, at) => points.ids[16 * at + 15] ?? -1);
const whole = (sites: Said['sites']): Points => read(answer({ sites: sites ?? [] }));

describe('points', () => {
  test('an answer is read to the centimetre', () => {
    const told = read(answer({ fold: 7, sites: [[3, -106.1234567, 32.7654321, 200]], gone: [9] }));
    expect([told.fold, told.count, told.whole, told.more, told.gone.length]).toEqual([7, 1, true, false, 16]);
    const [x = 0, y = 0, chance] = told.numbers;
    expect(chance).toBe(200);
    expect(longitude_deg(x)).toBeCloseTo(-106.1234567, 6);
    expect(latitude_deg(y)).toBeCloseTo(32.7654321, 6);
    expect(idOf(told, 0)).toBe('00000000-0000-0000-0000-000000000003');
  });

  test('an answer that is cut short or none is refused', () => {
    const one = answer({ sites: [[1, 0, 0, 0]] });
    expect(() => read(one.slice(0, -1))).toThrow('cut short');
    expect(() => read(new TextEncoder().encode('{"detail":"no such page at all"}').buffer as ArrayBuffer)).toThrow('no points');
    expect(() => read(new ArrayBuffer(0))).toThrow('no points');
  });

  test('what is new takes its place by number, and what is gone is left out', () => {
    const before = whole([[2, 1, 1, 20], [4, 2, 2, 40], [6, 3, 3, 60], [8, 4, 4, 80]]);
    const told = read(answer({ flags: 0, fold: 5, sites: [[1, 9, 9, 10], [4, 9, 9, 41], [9, 9, 9, 90]], gone: [3, 6, 8] }));
    const after = merged(before, told);
    expect([after.fold, ...last(after)]).toEqual([5, 1, 2, 4, 9]);
    expect([0, 1, 2, 3].map((at) => after.numbers[EACH * at + 2])).toEqual([10, 20, 41, 90]);
    expect(last(merged(after, read(answer({ flags: 0, gone: [1, 2, 4, 9] }))))).toEqual([]);
    expect(last(merged(NOTHING, told))).toEqual([1, 4, 9]);
    expect(last(merged(after, read(answer({ sites: [[5, 0, 0, 0]] }))))).toEqual([5]);
  });

  test('places beside the antimeridian are near to each other', () => {
    const points = whole([[1, 179.9999, 10, 0], [2, -179.9999, 10, 0], [3, 0, 10, 0]]);
    const reach = (0.001 / 360) * WIDE;
    for (const here of [180, -180, 179.9999, -179.9999]) {
      expect([...around(points, [across(here), down(10)], [reach, reach])]).toEqual([0, 1]);
    }
  });
});

/** What MapLibre gives for a map whose middle lies there and whose world is so wide. */
function flat(longitude: number, latitude: number, world_px: number, [width, height]: [number, number]): number[] {
  const [x, y] = [(longitude + 180) / 360, down(latitude) / HIGH];
  const [wide, high] = [(2 * world_px) / width, (2 * world_px) / height];
  return [wide, 0, 0, 0, 0, -high, 0, 0, 0, 0, 1, 0, -wide * x, high * y, 0, 1];
}

function picture(points: Points, longitude: number, world_px: number, soft = false): { drawn: number; at: (x: number, y: number) => number } {
  const [width, height] = [101, 51];
  const [x, y] = [across(longitude), down(10)];
  const made = new Picture();
  made.begin(width, height, { radius: 2, outside: 2.5, soft });
  const turns = Math.round((longitude + 180) / 360 - x / WIDE);
  const drawn = made.draw(points, [x, y], aroundMiddle(flat(longitude, 10, world_px, [width, height]), x / WIDE + turns, y / HIGH));
  const row = width + 2 * made.margin;
  return { drawn, at: (right, up) => made.pixels[50 + right + made.margin + (25 + up + made.margin) * row] ?? 0 };
}

const ink = (chance: number): number => {
  const [red, green, blue] = colour(chance);
  return ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0;
};

describe('a picture of points', () => {
  test('has a disc of the colour of its chance where the site is, and nothing beside it', () => {
    const step = (360 * 20) / 1e6;
    const told = picture(whole([[1, 7, 10, 255], [2, 7 + step, 10, 0]]), 7, 1e6);
    expect(told.drawn).toBe(2);
    expect([told.at(0, 0), told.at(1, 1), told.at(20, 0)]).toEqual([ink(255), ink(255), ink(0)]);
    expect([told.at(4, 0), told.at(0, 4), told.at(10, 0)]).toEqual([0, 0, 0]);
  });

  test('keeps pixels apart that lie centimetres from each other at the other end of the world', () => {
    const world_px = 512 * 2 ** 20;
    const step = (360 * 20) / world_px;
    const told = picture(whole([[1, 179.9, 10, 255], [2, 179.9 + step, 10, 128]]), 179.9, world_px);
    expect([told.at(0, 0), told.at(20, 0)]).toEqual([ink(255), ink(128)]);
  });

  test('goes on over the antimeridian, whichever way round its middle is said', () => {
    const step = (360 * 20) / 1e6;
    const sites = whole([[1, 180 - step, 10, 255], [2, -180 + step, 10, 128]]);
    for (const middle of [180, -180, 540, -540]) {
      const told = picture(sites, middle, 1e6);
      expect([told.at(-20, 0), told.at(20, 0)]).toEqual([ink(255), ink(128)]);
    }
  });

  test('has soft edges where it rests, and the later lies over the earlier', () => {
    const told = picture(whole([[1, 7, 10, 0], [2, 7, 10, 255]]), 7, 1e6, true);
    expect(told.at(0, 0)).toBe(ink(255));
    const edge = told.at(2, 2) >>> 24;
    expect(edge).toBeGreaterThan(0);
    expect(edge).toBeLessThan(255);
  });

  test('leaves out what is behind its edge, and cuts what is on it', () => {
    const px = 360 / 1e6;
    const told = picture(whole([[1, 7 + 51.5 * px, 10, 255], [2, 7 + 60 * px, 10, 255]]), 7, 1e6);
    expect(told.drawn).toBe(1);
    expect(told.at(50, 0)).toBe(ink(255));
  });
});
