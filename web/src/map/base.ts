/** The ground under everything: countries of Natural Earth, or the tiles of a file that the server was given. */

import countriesFar from 'world-atlas/countries-110m.json?url';
import countriesNear from 'world-atlas/countries-50m.json?url';
import worker from 'maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url';
import 'maplibre-gl/dist/maplibre-gl.css';
import { addProtocol, type LayerSpecification, Map, type MapOptions, setWorkerUrl, type StyleSpecification } from 'maplibre-gl';
import { feature } from 'topojson-client';
import type { Topology } from 'topojson-specification';
import { get } from '../lib/api.ts';
import { pace } from './pace.ts';
import { unwound } from './antimeridian.ts';
import { dark } from '../lib/kept.svelte.ts';
import type { Workbench } from '../lib/types.ts';

setWorkerUrl(worker);

/** From this zoom on borders are drawn as they are known at 1:50 million. */
const NEAR_ZOOM = 4;
/** Fonts of the machine: nothing is fetched for a label. */
const FONT = ['DejaVu Sans', 'Arial', 'sans-serif'];

export interface Colours {
  sea: string;
  land: string;
  border: string;
  label: string;
  halo: string;
}

export function colours(): Colours {
  return dark()
    ? { sea: '#0d151c', land: '#1c2831', border: '#4d5d6a', label: '#c4d0da', halo: '#10161c' }
    : { sea: '#dfe9ef', land: '#f7f5ef', border: '#a9a394', label: '#3d4a55', halo: '#ffffff' };
}

async function countries(url: string): Promise<GeoJSON.FeatureCollection> {
  const topology = (await (await fetch(url)).json()) as Topology;
  const shapes = topology.objects.countries;
  const made = shapes ? feature(topology, shapes) : { type: 'FeatureCollection' as const, features: [] };
  return unwound(made.type === 'FeatureCollection' ? made : { type: 'FeatureCollection', features: [made] });
}

function style(): StyleSpecification {
  const { sea, land, border, label, halo } = colours();
  return {
    version: 8,
    sources: { countries: { type: 'geojson', data: { type: 'FeatureCollection', features: [] } } },
    layers: [
      { id: 'sea', type: 'background', paint: { 'background-color': sea } },
      { id: 'land', type: 'fill', source: 'countries', paint: { 'fill-color': land, 'fill-antialias': false } },
      { id: 'borders', type: 'line', source: 'countries', paint: { 'line-color': border, 'line-width': 1 } },
      {
        id: 'names',
        type: 'symbol',
        source: 'countries',
        minzoom: 2,
        maxzoom: 8,
        layout: { 'text-field': ['get', 'name'], 'text-font': FONT, 'text-size': 11, 'text-max-width': 8 },
        paint: { 'text-color': label, 'text-halo-color': halo, 'text-halo-width': 1.2 },
      },
    ],
  };
}

/** A map with its ground; what is shown on it is the caller's. */
export function ground(container: HTMLElement, options: Partial<MapOptions> = {}): Map {
  const map = new Map({ container, style: style(), attributionControl: false, maxZoom: 20, fadeDuration: 0, ...options });
  pace(map);
  let near = false;
  const draw = async (url: string): Promise<void> => {
    const data = await countries(url);
    const source = map.getSource('countries');
    if (source && 'setData' in source) (source as { setData(data: unknown): void }).setData(data);
  };
  const closer = (): void => {
    if (near || map.getZoom() < NEAR_ZOOM) return;
    near = true;
    draw(countriesNear).catch(() => (near = false));
  };
  map.once('load', () => {
    if (map.getZoom() < NEAR_ZOOM) void draw(countriesFar);
    closer();
    void own(map);
  });
  map.on('zoomend', closer);
  return map;
}

/** Paints the ground anew when light turns to dark. */
export function paint(map: Map): void {
  const { sea, land, border, label, halo } = colours();
  map.setPaintProperty('sea', 'background-color', sea);
  map.setPaintProperty('land', 'fill-color', land);
  map.setPaintProperty('borders', 'line-color', border);
  map.setPaintProperty('names', 'text-color', label);
  map.setPaintProperty('names', 'text-halo-color', halo);
}

let known = false;

/** Lays the map of the file under everything that was found, when there is one. */
async function own(map: Map): Promise<void> {
  const { basemap } = await get<Workbench>('/api/v1/workbench');
  if (!basemap) return;
  const { PMTiles, Protocol } = await import('pmtiles');
  const url = `${location.origin}/basemap.pmtiles`;
  const file = new PMTiles(url);
  if (!known) addProtocol('pmtiles', new Protocol().tile);
  known = true;
  const { tileType, minZoom, maxZoom } = await file.getHeader();
  const common = { url: `pmtiles://${url}`, minzoom: minZoom, maxzoom: maxZoom };
  const before = map.getLayer('names') ? 'names' : undefined;
  if (tileType !== 1) {
    map.addSource('own', { type: 'raster', tileSize: 256, ...common });
    map.addLayer({ id: 'own', type: 'raster', source: 'own' }, before);
    return;
  }
  map.addSource('own', { type: 'vector', ...common });
  const { vector_layers: layers = [] } = (await file.getMetadata()) as { vector_layers?: { id: string }[] };
  for (const { id } of layers) for (const layer of drawn(id)) map.addLayer(layer, before);
}

/** Areas and lines of a layer whose meaning nobody has told us. */
function drawn(id: string): LayerSpecification[] {
  const { border } = colours();
  const common = { source: 'own', 'source-layer': id };
  const water = /water|ocean|sea|river|lake/.test(id);
  return [
    {
      id: `own-${id}-areas`,
      type: 'fill',
      ...common,
      filter: ['==', ['geometry-type'], 'Polygon'],
      paint: { 'fill-color': water ? '#5b8fb0' : border, 'fill-opacity': water ? 0.5 : 0.12 },
    },
    {
      id: `own-${id}-lines`,
      type: 'line',
      ...common,
      filter: ['==', ['geometry-type'], 'LineString'],
      paint: { 'line-color': water ? '#5b8fb0' : border, 'line-width': 1 },
    },
  ];
}

export { FONT };
