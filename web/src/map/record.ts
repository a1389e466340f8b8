/** The record on a map: everything as vector tiles, so that a million things cost what is on the screen. */

import type { ExpressionSpecification, LayerSpecification, Map, VectorTileSource } from 'maplibre-gl';

export const LAYERS = ['scenes', 'plumes', 'sources', 'sites'] as const;
export type Layer = (typeof LAYERS)[number];

/** Smallest square that is asked for: deeper ones are drawn from it. */
const DEEPEST = 14;
/** By probability: told apart by lightness, too. */
const PROBABILITY: ExpressionSpecification = [
  'interpolate',
  ['linear'],
  ['coalesce', ['get', 'probability'], 0],
  0, '#7d8a96',
  0.5, '#e0a100',
  1, '#c2185b',
];

function address(layer: Layer, time: string): string {
  const when = time ? `?datetime=${encodeURIComponent(time)}` : '';
  return `${location.origin}/ogc/collections/${layer}/tiles/WebMercatorQuad/{z}/{y}/{x}${when}`;
}

function marks(layer: Layer): LayerSpecification[] {
  const points = { source: layer, 'source-layer': layer };
  const outlines = { source: layer, 'source-layer': `${layer}_outlines` };
  const size: ExpressionSpecification = ['interpolate', ['linear'], ['zoom'], 2, 1.5, 8, 4, 14, 7];
  switch (layer) {
    case 'scenes':
      return [
        { id: 'scenes-area', type: 'fill', ...outlines, paint: { 'fill-color': '#2f7fb5', 'fill-opacity': 0.08 } },
        { id: 'scenes-edge', type: 'line', ...outlines, paint: { 'line-color': '#2f7fb5', 'line-width': 1, 'line-dasharray': [3, 2] } },
      ];
    case 'plumes':
      return [
        { id: 'plumes-area', type: 'fill', ...outlines, minzoom: 9, paint: { 'fill-color': '#b3541e', 'fill-opacity': 0.15 } },
        { id: 'plumes-edge', type: 'line', ...outlines, minzoom: 9, paint: { 'line-color': '#b3541e', 'line-width': 1.5 } },
        { id: 'plumes', type: 'circle', ...points, paint: { 'circle-color': '#b3541e', 'circle-radius': size } },
      ];
    case 'sources':
      return [{
        id: 'sources', type: 'circle', ...points,
        paint: { 'circle-color': '#6a3fa0', 'circle-radius': size, 'circle-stroke-color': '#ffffff', 'circle-stroke-width': 1 },
      }];
    case 'sites':
      return [{
        id: 'sites', type: 'circle', ...points,
        paint: {
          'circle-color': PROBABILITY,
          'circle-radius': ['interpolate', ['linear'], ['zoom'], 2, 3, 7, 3, 10, 6, 14, 10],
          'circle-stroke-color': '#ffffff',
          'circle-stroke-width': ['step', ['zoom'], 0.5, 9, 1.5],
        },
      }];
  }
}

/** Puts the record on a map: searched areas below, sites on top. */
export function lay(map: Map, time: string): void {
  for (const layer of LAYERS) {
    map.addSource(layer, { type: 'vector', tiles: [address(layer, time)], maxzoom: DEEPEST, promoteId: 'id' });
    for (const mark of marks(layer)) map.addLayer(mark);
  }
}

/** Shows another time. */
export function narrow(map: Map, time: string): void {
  for (const layer of LAYERS) (map.getSource(layer) as VectorTileSource | undefined)?.setTiles([address(layer, time)]);
}

/** Takes no tiles of a layer that is not seen. */
export function visible(map: Map, layer: Layer, seen: boolean): void {
  for (const mark of marks(layer)) map.setLayoutProperty(mark.id, 'visibility', seen ? 'visible' : 'none');
}

/** What can be pressed. */
export const PRESSED = ['sites', 'sources', 'plumes', 'plumes-area'];
