/** Measuring on the map: a line of points, how long it is and which way it went. */

import type { GeoJSONSource, Map, MapMouseEvent } from 'maplibre-gl';
import { bearing_deg, distance_m } from '../lib/place.ts';

export interface Measured {
  points: number;
  length_m: number;
  bearing_deg: number | null;
}

const EMPTY: GeoJSON.FeatureCollection = { type: 'FeatureCollection', features: [] };

/** Begins to measure; gives what ends it and takes the line away. */
export function measure(map: Map, tell: (measured: Measured) => void): () => void {
  const points: [number, number][] = [];
  map.addSource('measure', { type: 'geojson', data: EMPTY });
  map.addLayer({ id: 'measure-line', type: 'line', source: 'measure', paint: { 'line-color': '#0b7a75', 'line-width': 3 } });
  map.addLayer({
    id: 'measure-points', type: 'circle', source: 'measure', filter: ['==', ['geometry-type'], 'Point'],
    paint: { 'circle-radius': 5, 'circle-color': '#0b7a75', 'circle-stroke-color': '#ffffff', 'circle-stroke-width': 2 },
  });
  const add = ({ lngLat }: MapMouseEvent): void => {
    points.push([lngLat.lng, lngLat.lat]);
    (map.getSource('measure') as GeoJSONSource).setData(drawn(points));
    tell(measured(points));
  };
  map.on('click', add);
  map.getCanvas().style.cursor = 'crosshair';
  return () => {
    map.off('click', add);
    map.getCanvas().style.cursor = '';
    for (const layer of ['measure-line', 'measure-points']) map.removeLayer(layer);
    map.removeSource('measure');
  };
}

function drawn(points: [number, number][]): GeoJSON.FeatureCollection {
  const shape = (geometry: GeoJSON.Geometry): GeoJSON.Feature => ({ type: 'Feature', properties: {}, geometry });
  const dots = points.map((coordinates) => shape({ type: 'Point', coordinates }));
  const line = points.length > 1 ? [shape({ type: 'LineString', coordinates: points })] : [];
  return { type: 'FeatureCollection', features: [...line, ...dots] };
}

export function measured(points: [number, number][]): Measured {
  const legs = points.slice(1).map((point, at) => [points[at], point] as [[number, number], [number, number]]);
  const last = legs.at(-1);
  return {
    points: points.length,
    length_m: legs.reduce((sum, [from, to]) => sum + distance_m(from, to), 0),
    bearing_deg: last ? bearing_deg(...last) : null,
  };
}
