import { expect, test } from 'vitest';
import { bearing_deg, distance_m, ellipse, understood, written } from '../src/lib/place.ts';

const statue = { latitude_deg: 40.68921, longitude_deg: -74.04447 };

test('a place is written in three ways', () => {
  expect(written(statue, 'decimal')).toBe('40.68921, -74.04447');
  expect(written(statue, 'dms')).toBe('40°41′21.2″N 74°02′40.1″W');
  expect(written(statue, 'mgrs')).toMatch(/^18T WL 80\d{3} 0\d{4}$/);
});

test('seconds that round up carry over', () => {
  expect(written({ latitude_deg: 9.9999999, longitude_deg: -0.9999999 }, 'dms')).toBe('10°00′00.0″N 1°00′00.0″W');
});

test('where MGRS ends, degrees go on', () => {
  expect(written({ latitude_deg: 89, longitude_deg: 10 }, 'mgrs')).toBe('89.00000, 10.00000');
});

test('what is written is understood again', () => {
  for (const grid of ['decimal', 'dms', 'mgrs'] as const) {
    for (const place of [statue, { latitude_deg: -33.5, longitude_deg: 151.25 }, { latitude_deg: 4.00001, longitude_deg: -0.00002 }]) {
      const again = understood(written(place, grid));
      expect(distance_m([place.longitude_deg, place.latitude_deg], [again!.longitude_deg, again!.latitude_deg])).toBeLessThan(5);
    }
  }
});

test('west is W, and O in Spanish', () => {
  expect(understood('40°41′21.2″N 74°02′40.1″O')?.longitude_deg).toBeCloseTo(-74.04447, 4);
});

test('what is no place on Earth is not understood', () => {
  for (const text of ['', 'here', '91, 0', '0, 181', '12', '18T WL 123']) expect(understood(text)).toBeNull();
});

// By GeographicLib's sphere-free value of the WGS 84 ellipsoid: 10,001,966 m from the equator to the pole.
test('distances are those of the ellipsoid within 0.6 %', () => {
  expect(distance_m([0, 0], [0, 90]) / 10_001_966).toBeCloseTo(1, 2);
  expect(distance_m([0, 0], [0, 0])).toBe(0);
});

test('bearings are clockwise from north', () => {
  expect(bearing_deg([0, 0], [0, 1])).toBeCloseTo(0);
  expect(bearing_deg([0, 0], [1, 0])).toBeCloseTo(90);
  expect(bearing_deg([0, 0], [-1, 0])).toBeCloseTo(270);
});

test('the outline of an ellipse lies at its axes, turned from north', () => {
  const ring = ellipse({ latitude_deg: 10, longitude_deg: 20 }, 100, 40, 90);
  expect(distance_m([20, 10], ring[0]!)).toBeCloseTo(100, 0);
  expect(bearing_deg([20, 10], ring[0]!)).toBeCloseTo(90, 0);
  expect(distance_m([20, 10], ring[16]!)).toBeCloseTo(40, 0);
  expect(ring[0]![0]).toBeCloseTo(ring[64]![0], 9);
});
