import { readFileSync } from 'node:fs';
import { feature } from 'topojson-client';
import type { Topology } from 'topojson-specification';
import { expect, test } from 'vitest';
import { unwound } from '../src/map/antimeridian.ts';

const polygon = (...points: [number, number][]): GeoJSON.FeatureCollection => ({
  type: 'FeatureCollection',
  features: [{ type: 'Feature', properties: {}, geometry: { type: 'Polygon', coordinates: [points] } }],
});
const rings = (world: GeoJSON.FeatureCollection): GeoJSON.Position[][] =>
  world.features.flatMap(({ geometry }) => (geometry.type === 'Polygon' ? geometry.coordinates : geometry.type === 'MultiPolygon' ? geometry.coordinates.flat() : []));

test('a ring over the antimeridian goes on beyond 180', () => {
  expect(rings(unwound(polygon([179, 0], [-179, 0], [-179, 1], [179, 1], [179, 0])))[0]).toEqual([[179, 0], [181, 0], [181, 1], [179, 1], [179, 0]]);
});

test('a ring around a pole takes the pole in', () => {
  const ring = rings(unwound(polygon([-120, -70], [0, -70], [120, -70], [-120, -70])))[0]!;
  expect(ring.slice(-3)).toEqual([[240, -90], [-120, -90], [-120, -70]]);
});

test('no country of the world has a side of half the world, but where it meets a pole', () => {
  const topology = JSON.parse(readFileSync('node_modules/world-atlas/countries-110m.json', 'utf8')) as Topology;
  const world = feature(topology, topology.objects.countries!) as GeoJSON.FeatureCollection;
  for (const ring of rings(unwound(world))) {
    for (let at = 1; at < ring.length; at += 1) {
      const [[a = 0, lat = 0], [b = 0]] = [ring[at - 1]!, ring[at]!];
      expect(Math.abs(b - a) <= 180 || Math.abs(lat) === 90).toBe(true);
    }
  }
});
