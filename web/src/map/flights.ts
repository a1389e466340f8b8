/** Where flights may go and where they went: volumes of the authorities that hold, and sorties by their verdict. */

import type { ExpressionSpecification, GeoJSONSource, LayerSpecification, Map } from 'maplibre-gl';
import { get, query } from '../lib/api.ts';
import type { Authority, Sortie } from '../lib/types.ts';

export const FLIGHTS = ['airspace', 'sorties'] as const;
export type Flights = (typeof FLIGHTS)[number];

/** Sorties drawn at a time: the last. */
const MOST_SORTIES = 500;
/** Verdicts are told apart by dashes too. */
const VERDICT: ExpressionSpecification = ['match', ['get', 'verdict'], 'kept', '#1f7a4d', 'broken', '#b3123c', '#b07a00'];
const RULE: ExpressionSpecification = ['match', ['get', 'rule'], 'permit', '#1f7a4d', '#b3123c'];
const EMPTY = { type: 'FeatureCollection' as const, features: [] };

function marks(layer: Flights): LayerSpecification[] {
  const source = { source: layer };
  if (layer === 'airspace') {
    return [
      { id: 'airspace-area', type: 'fill', ...source, paint: { 'fill-color': RULE, 'fill-opacity': 0.06 } },
      { id: 'airspace-edge', type: 'line', ...source, paint: { 'line-color': RULE, 'line-width': 1.5, 'line-dasharray': [4, 2] } },
    ];
  }
  const of = (plan: boolean): ExpressionSpecification => [plan ? '==' : '!=', ['get', 'kind'], 'plan'];
  return [
    { id: 'sorties-flown', type: 'line', ...source, filter: of(false), paint: { 'line-color': VERDICT, 'line-width': 2 } },
    { id: 'sorties-plan', type: 'line', ...source, filter: of(true), paint: { 'line-color': VERDICT, 'line-width': 2, 'line-dasharray': [1.5, 1] } },
  ];
}

/** Makes room for them, over the ground and under what was found. */
export function lay(map: Map, before: string): void {
  for (const layer of FLIGHTS) {
    map.addSource(layer, { type: 'geojson', data: EMPTY });
    for (const mark of marks(layer)) map.addLayer(mark, before);
  }
}

/** Draws those of a time; gives the sorties for whoever lists them. */
export async function draw(map: Map, time: string): Promise<Sortie[]> {
  const [authorities, sorties] = await Promise.all([
    get<Authority[]>('/api/v1/authorities'),
    get<Sortie[]>(`/api/v1/sorties${query({ limit: MOST_SORTIES, datetime: time })}`),
  ]);
  put(map, 'airspace', authorities.flatMap((one) => one.volumes.features));
  put(map, 'sorties', sorties.map(({ geometry, id, kind, verdict }) => ({ type: 'Feature', geometry, properties: { id, kind, verdict } })));
  return sorties;
}

function put(map: Map, layer: Flights, features: GeoJSON.Feature[]): void {
  (map.getSource(layer) as GeoJSONSource | undefined)?.setData({ type: 'FeatureCollection', features });
}

export function visible(map: Map, layer: Flights, seen: boolean): void {
  for (const mark of marks(layer)) map.setLayoutProperty(mark.id, 'visibility', seen ? 'visible' : 'none');
}
