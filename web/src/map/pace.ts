/**
 * Keeps a map fluent where no graphics processor draws it: while it moves and frames take too long, it is drawn with fewer
 * pixels, and sharply again when it rests.
 */

import type { Map } from 'maplibre-gl';

/** A frame that takes longer is seen as a jerk, ms. */
const SLOW_MS = 34;
/** So many frames make a judgement. */
const FRAMES = 4;
/** Shares of the pixels of a side. */
const LEVELS = [1, 0.5, 0.33, 0.25];
/** Resting begins so long after the last movement, ms. */
const RESTS_MS = 300;

const moving = new WeakSet<Map>();

/** Whether a map moves, or did a moment ago. */
export function moves(map: Map): boolean {
  return moving.has(map);
}

export function pace(map: Map): void {
  let level = 0;
  let turning = false;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const draw = (share: number): void => {
    // A change of pixels tells of a movement, which is none.
    turning = true;
    map.setPixelRatio(share * devicePixelRatio);
    turning = false;
  };
  const watch = (begun: number, frames: number): void => {
    if (!moving.has(map)) return;
    const now = performance.now();
    if (frames === FRAMES) {
      if ((now - begun) / FRAMES > SLOW_MS && level + 1 < LEVELS.length) {
        level += 1;
        draw(LEVELS[level] ?? 1);
      }
      requestAnimationFrame((next) => watch(next, 0));
    } else {
      requestAnimationFrame(() => watch(begun, frames + 1));
    }
  };
  const start = (): void => {
    clearTimeout(timer);
    if (turning || moving.has(map)) return;
    moving.add(map);
    if (level > 0) draw(LEVELS[level] ?? 1);
    requestAnimationFrame((now) => watch(now, 0));
  };
  const rest = (): void => {
    if (turning) return;
    clearTimeout(timer);
    timer = setTimeout(() => {
      moving.delete(map);
      if (level > 0) draw(1);
      else map.triggerRepaint();
    }, RESTS_MS);
  };
  map.on('movestart', start);
  map.on('moveend', rest);
  map.on('remove', () => clearTimeout(timer));
}
