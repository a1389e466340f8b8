/** Maps of a scene: the enhancement or the significance, drawn by the server square by square. */

import type { Map } from 'maplibre-gl';
import type { Feature, Scene } from '../lib/types.ts';

export type Quantity = 'enhancement' | 'significance';

/** A scene as the list of all scenes has it. */
export function asScene({ id, properties }: Feature): Scene {
  const files = (Array.isArray(properties.files) ? properties.files : []) as string[];
  const assets = files.map((name) => ({ name, media_type: '', size_bytes: 0 }));
  return { id, name: String(properties.name ?? ''), time: null, properties, assets };
}

/** Maps of a scene that can be drawn, by quantity and gas. */
export function maps(scene: Scene): { name: string; quantity: Quantity; gas: string }[] {
  return scene.assets.flatMap(({ name }) => {
    const [, quantity, gas] = name.match(/^(enhancement|significance)\.(.+)\.tif$/) ?? [];
    return quantity && gas ? [{ name, quantity: quantity as Quantity, gas }] : [];
  });
}

function address(scene: string, name: string, top: number | undefined): string {
  const scale = top === undefined ? '' : `?top=${top}`;
  return `${location.origin}/api/v1/scenes/${scene}/assets/${encodeURIComponent(name)}/tiles/WebMercatorQuad/{z}/{y}/{x}${scale}`;
}

/** Lays one map of a scene, below the outlines; in place of what lay there before. */
export function overlay(map: Map, id: string, scene: string, look: { name: string; opacity: number; top?: number | undefined }): void {
  clear(map, id);
  const before = ['scenes-area', 'outline'].find((layer) => map.getLayer(layer));
  map.addSource(id, { type: 'raster', tiles: [address(scene, look.name, look.top)], tileSize: 256, maxzoom: 18 });
  map.addLayer({ id, type: 'raster', source: id, paint: { 'raster-opacity': look.opacity, 'raster-fade-duration': 0 } }, before);
}

export function clear(map: Map, id: string): void {
  if (map.getLayer(id)) map.removeLayer(id);
  if (map.getSource(id)) map.removeSource(id);
}
