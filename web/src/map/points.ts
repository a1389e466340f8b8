/**
 * Sites as points of a map: read from the form that `crates/server/src/point_routes.rs` describes, kept by number, and brought
 * up to date by what is new.
 *
 * A place is two whole numbers: the world is 2^32 wide and 2^31 high, in the projection of the map. The width is that of the
 * numbers themselves, so a difference that overflows has gone round the Earth the short way; and a part is a centimetre, which a
 * number of a graphics processor would not keep.
 */

export const WIDE = 2 ** 32;
export const HIGH = 2 ** 31;
/** The projection ends here. */
const MOST_LATITUDE_DEG = 85.051128779806;
const PARTS_OF_A_DEGREE = 1e7;
const HEAD_BYTES = 24;
const ID_BYTES = 16;
const BEGINS = 'pts1';
const WHOLE = 1;
const MORE = 2;
/** Numbers of a point: its place and how likely it is, of 255. */
export const EACH = 3;

/** Sites by number. */
export interface Points {
  /** The fold that left them. */
  fold: number;
  count: number;
  ids: Uint8Array;
  /** `EACH` of each. */
  numbers: Uint32Array<ArrayBuffer>;
}

/** An answer of the server. */
export interface Told extends Points {
  whole: boolean;
  /** There are too many for points. */
  more: boolean;
  gone: Uint8Array;
}

export const NOTHING: Points = { fold: 0, count: 0, ids: new Uint8Array(0), numbers: new Uint32Array(0) };

export function across(longitude_deg: number): number {
  return Math.round(((longitude_deg + 180) / 360) * WIDE) >>> 0;
}

export function down(latitude_deg: number): number {
  const within = Math.max(-MOST_LATITUDE_DEG, Math.min(MOST_LATITUDE_DEG, latitude_deg));
  const part = 0.5 - Math.log(Math.tan(Math.PI / 4 + (within * Math.PI) / 360)) / (2 * Math.PI);
  return Math.min(HIGH - 1, Math.max(0, Math.round(part * HIGH)));
}

export function longitude_deg(across: number): number {
  return (across / WIDE) * 360 - 180;
}

export function latitude_deg(down: number): number {
  return (Math.atan(Math.exp((0.5 - down / HIGH) * 2 * Math.PI)) * 360) / Math.PI - 90;
}

/** Reads an answer; throws where it is none. */
export function read(answer: ArrayBuffer): Told {
  const view = new DataView(answer);
  const begins = String.fromCharCode(...new Uint8Array(answer, 0, Math.min(BEGINS.length, answer.byteLength)));
  if (begins !== BEGINS || answer.byteLength < HEAD_BYTES) throw new Error('no points');
  const [flags, count, gone] = [4, 8, 12].map((at) => view.getUint32(at, true)) as [number, number, number];
  const [longitudes, latitudes, ids] = [HEAD_BYTES, HEAD_BYTES + 4 * count, HEAD_BYTES + 8 * count];
  const chances = ids + ID_BYTES * (count + gone);
  if (answer.byteLength !== chances + count) throw new Error('points are cut short');
  const numbers = new Uint32Array(EACH * count);
  for (let at = 0; at < count; at += 1) {
    numbers[EACH * at] = across(view.getInt32(longitudes + 4 * at, true) / PARTS_OF_A_DEGREE);
    numbers[EACH * at + 1] = down(view.getInt32(latitudes + 4 * at, true) / PARTS_OF_A_DEGREE);
    numbers[EACH * at + 2] = view.getUint8(chances + at);
  }
  return {
    fold: Number(view.getBigInt64(16, true)),
    whole: (flags & WHOLE) !== 0,
    more: (flags & MORE) !== 0,
    count,
    ids: new Uint8Array(answer, ids, ID_BYTES * count),
    gone: new Uint8Array(answer, ids + ID_BYTES * count, ID_BYTES * gone),
    numbers,
  };
}

/** Which of two ids comes first; below 0 where the first does. */
function compared(one: Uint8Array, at: number, other: Uint8Array, there: number): number {
  for (let byte = 0; byte < ID_BYTES; byte += 1) {
    const apart = (one[ID_BYTES * at + byte] ?? 0) - (other[ID_BYTES * there + byte] ?? 0);
    if (apart !== 0) return apart;
  }
  return 0;
}

/** What was there, with what is new in it and without what is gone. */
export function merged(before: Points, told: Told): Points {
  if (told.whole) return told;
  const most = before.count + told.count;
  const [ids, numbers] = [new Uint8Array(ID_BYTES * most), new Uint32Array(EACH * most)];
  let count = 0;
  const take = (from: Points, at: number): void => {
    ids.set(from.ids.subarray(ID_BYTES * at, ID_BYTES * (at + 1)), ID_BYTES * count);
    numbers.set(from.numbers.subarray(EACH * at, EACH * (at + 1)), EACH * count);
    count += 1;
  };
  let [old, fresh, gone] = [0, 0, 0];
  while (old < before.count || fresh < told.count) {
    const order = old >= before.count ? 1 : fresh >= told.count ? -1 : compared(before.ids, old, told.ids, fresh);
    if (order >= 0) {
      take(told, fresh);
      fresh += 1;
      if (order === 0) old += 1;
      continue;
    }
    while (ID_BYTES * gone < told.gone.length && compared(told.gone, gone, before.ids, old) < 0) gone += 1;
    const leaves = ID_BYTES * gone < told.gone.length && compared(told.gone, gone, before.ids, old) === 0;
    if (!leaves) take(before, old);
    old += 1;
  }
  return { fold: told.fold, count, ids: ids.slice(0, ID_BYTES * count), numbers: numbers.slice(0, EACH * count) };
}

/** The id of a point, as it is written everywhere else. */
export function idOf({ ids }: Points, at: number): string {
  const hex = Array.from(ids.subarray(ID_BYTES * at, ID_BYTES * (at + 1)), (byte) => byte.toString(16).padStart(2, '0')).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** Points within a box around a place, which reaches so many parts to each side. */
export function* around({ count, numbers }: Points, [x, y]: [number, number], [wide, high]: [number, number]): Generator<number> {
  for (let at = 0; at < count; at += 1) {
    const east = ((numbers[EACH * at] ?? 0) - x) | 0;
    const south = (numbers[EACH * at + 1] ?? 0) - y;
    if (Math.abs(east) <= wide && Math.abs(south) <= high) yield at;
  }
}
