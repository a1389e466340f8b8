/**
 * A picture of points, drawn by the processor: a hundred thousand discs of a few pixels are a million numbers to write, which a
 * page does in milliseconds, and where no graphics processor is there drawing them as shapes takes a hundred times as long.
 */

import { EACH, HIGH, type Points, WIDE } from './points.ts';

/** Grey where a site is unlikely, yellow where it is even, red where it is likely: told apart by lightness, too. */
const COLOURS = [[125, 138, 150], [224, 161, 0], [194, 24, 91]] as const;
const MOST = 255;
const MOST_STAMPS = 16;

/** A disc as it is stamped: pixels from its middle, and how much of each is covered and of that is rim. */
interface Stamp {
  reach: number;
  across: number[];
  down: number[];
  covers: number[];
  rims: number[];
  /** By chance, as they are needed. */
  inks: (Uint32Array | undefined)[];
}

/** Radii of the disc and of its rim, in pixels of the picture; whether its edges are soft. */
export interface Look {
  radius: number;
  outside: number;
  soft: boolean;
}

export function colour(chance: number): [number, number, number] {
  const part = (2 * chance) / MOST;
  const [from, to] = part < 1 ? [COLOURS[0], COLOURS[1]] : [COLOURS[1], COLOURS[2]];
  const share = part < 1 ? part : part - 1;
  return [0, 1, 2].map((at) => Math.round((from[at] ?? 0) + share * ((to[at] ?? 0) - (from[at] ?? 0)))) as [number, number, number];
}

const within = (value: number): number => Math.max(0, Math.min(1, value));

function stamp({ radius, outside, soft }: Look): Stamp {
  const reach = Math.ceil(outside + 0.5);
  const [across, down, covers, rims]: [number[], number[], number[], number[]] = [[], [], [], []];
  for (let y = -reach; y <= reach; y += 1) {
    for (let x = -reach; x <= reach; x += 1) {
      const from = Math.hypot(x, y);
      const cover = within(outside - from + 0.5);
      if (soft ? cover === 0 : cover < 0.5) continue;
      across.push(x);
      down.push(y);
      covers.push(soft ? cover : 1);
      rims.push(soft ? within(from - radius + 0.5) : Number(from > radius && radius > 2));
    }
  }
  return { reach, across, down, covers, rims, inks: Array.from({ length: MOST + 1 }) };
}

function inked({ covers, rims }: Stamp, chance: number): Uint32Array {
  const own = colour(chance);
  return Uint32Array.from(covers, (cover, at) => {
    const rim = rims[at] ?? 0;
    const [red, green, blue] = own.map((one) => Math.round(cover * (one + rim * (MOST - one)))) as [number, number, number];
    return ((Math.round(cover * MOST) << 24) | (blue << 16) | (green << 8) | red) >>> 0;
  });
}

/** One ink over another, both multiplied by their cover. */
function over(ink: number, under: number): number {
  const left = MOST - (ink >>> 24);
  const channel = (shift: number): number => Math.min(MOST, ((ink >>> shift) & MOST) + Math.round((((under >>> shift) & MOST) * left) / MOST)) << shift;
  return (channel(0) | channel(8) | channel(16) | channel(24)) >>> 0;
}

export class Picture {
  width = 0;
  height = 0;
  /** So many pixels more on every side, so that a disc at the edge needs no care. */
  margin = 0;
  pixels = new Uint32Array(0);
  #stamp = stamp({ radius: 1, outside: 1, soft: false });
  /** By look: a map that moves and rests has two, one that comes closer some more. */
  readonly #stamps = new Map<string, Stamp>();
  #offsets = new Int32Array(0);

  /** Makes it empty, of a size and for discs of a look. */
  begin(width: number, height: number, look: Look): void {
    const name = `${look.radius} ${look.outside} ${look.soft}`;
    this.#stamp = this.#stamps.get(name) ?? stamp(look);
    if (this.#stamps.size >= MOST_STAMPS) this.#stamps.clear();
    this.#stamps.set(name, this.#stamp);
    const { reach, across, down } = this.#stamp;
    const wide = width + 2 * reach;
    [this.width, this.height, this.margin] = [width, height, reach];
    const size = wide * (height + 2 * reach);
    if (this.pixels.length === size) this.pixels.fill(0);
    else this.pixels = new Uint32Array(size);
    this.#offsets = Int32Array.from(across, (x, at) => x + (down[at] ?? 0) * wide);
  }

  /**
   * Draws points through a matrix, by columns, from parts of the world around a middle to clip space; gives how many are on the
   * picture. The first row is the southern one.
   */
  draw({ count, numbers }: Points, [x, y]: [number, number], matrix: Float64Array): number {
    const of = (at: number): number => matrix[at] ?? 0;
    const [a, b, c, d, e, f, g, h, i] = [of(0), of(4), of(12), of(1), of(5), of(13), of(3), of(7), of(15)];
    const [reach, halfWide, halfHigh] = [this.margin, this.width / 2, this.height / 2];
    const [wide, high] = [this.width + 2 * reach, this.height + 2 * reach];
    let drawn = 0;
    for (let at = 0; at < EACH * count; at += EACH) {
      const east = ((numbers[at] as number) - x) | 0;
      const south = ((numbers[at + 1] as number) - y) | 0;
      const depth = g * east + h * south + i;
      const across = Math.floor(halfWide + (halfWide * (a * east + b * south + c)) / depth) + reach;
      const up = Math.floor(halfHigh + (halfHigh * (d * east + e * south + f)) / depth) + reach;
      if (depth > 0 && across >= 0 && across < wide && up >= 0 && up < high) {
        this.#put(across + up * wide, numbers[at + 2] as number);
        drawn += 1;
      }
    }
    return drawn;
  }

  #put(middle: number, chance: number): void {
    const pixels = this.pixels;
    const offsets = this.#offsets;
    const inks = (this.#stamp.inks[chance] ??= inked(this.#stamp, chance));
    for (let at = 0; at < offsets.length; at += 1) {
      const there = middle + (offsets[at] as number);
      const ink = inks[at] as number;
      pixels[there] = ink >= 0xff000000 ? ink : over(ink, pixels[there] as number);
    }
  }
}

/** A matrix for numbers that begin at a middle: in it what is large is taken off before anything is rounded. */
export function aroundMiddle(matrix: ArrayLike<number>, x: number, y: number): Float64Array {
  const of = (at: number): number => matrix[at] ?? 0;
  const column = [0, 1, 2, 3].map((row) => of(row) * x + of(4 + row) * y + of(12 + row));
  const scaled = (first: number, parts: number): number[] => [0, 1, 2, 3].map((row) => of(first + row) / parts);
  return new Float64Array([...scaled(0, WIDE), ...scaled(4, HIGH), ...scaled(8, 1), ...column]);
}
