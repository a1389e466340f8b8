/** Places on the Earth as people write them, and how far apart they are. */

import { forward, toPoint } from 'mgrs';
import type { Grid } from './kept.svelte.ts';
import type { Place } from './types.ts';

/** Mean radius of the Earth, m (IUGG). */
const RADIUS_M = 6_371_008.8;
/** MGRS covers the Earth from 80 S to 84 N. */
const MGRS_SOUTH_DEG = -80;
const MGRS_NORTH_DEG = 84;
/** Digits of a decimal degree: 1 m. */
const DIGITS = 5;

export function written(place: Place, grid: Grid): string {
  const { latitude_deg: latitude, longitude_deg: longitude } = place;
  if (grid === 'mgrs' && latitude >= MGRS_SOUTH_DEG && latitude <= MGRS_NORTH_DEG) {
    const square = forward([longitude, latitude], 5);
    return square.replace(/^(\d+[A-Z])([A-Z]{2})(\d{5})(\d{5})$/, '$1 $2 $3 $4');
  }
  if (grid === 'dms') return `${sexagesimal(latitude, 'N', 'S')} ${sexagesimal(longitude, 'E', 'W')}`;
  return `${latitude.toFixed(DIGITS)}, ${longitude.toFixed(DIGITS)}`;
}

function sexagesimal(degrees: number, plus: string, minus: string): string {
  const tenths = Math.round(Math.abs(degrees) * 36_000);
  const [whole, rest] = [Math.floor(tenths / 36_000), tenths % 36_000];
  const [minutes, seconds] = [Math.floor(rest / 600), (rest % 600) / 10];
  const padded = seconds.toFixed(1).padStart(4, '0');
  return `${whole}°${String(minutes).padStart(2, '0')}′${padded}″${degrees < 0 ? minus : plus}`;
}

/** Along a great circle of the sphere, m: within 0.6 % of the ellipsoid's. */
export function distance_m(from: [number, number], to: [number, number]): number {
  const [lon1, lat1, lon2, lat2] = [...from, ...to].map((degrees) => (degrees * Math.PI) / 180) as [number, number, number, number];
  const h = Math.sin((lat2 - lat1) / 2) ** 2 + Math.cos(lat1) * Math.cos(lat2) * Math.sin((lon2 - lon1) / 2) ** 2;
  return 2 * RADIUS_M * Math.asin(Math.min(1, Math.sqrt(h)));
}

/** From true north, clockwise, degrees. */
export function bearing_deg(from: [number, number], to: [number, number]): number {
  const [lon1, lat1, lon2, lat2] = [...from, ...to].map((degrees) => (degrees * Math.PI) / 180) as [number, number, number, number];
  const east = Math.sin(lon2 - lon1) * Math.cos(lat2);
  const north = Math.cos(lat1) * Math.sin(lat2) - Math.sin(lat1) * Math.cos(lat2) * Math.cos(lon2 - lon1);
  return ((Math.atan2(east, north) * 180) / Math.PI + 360) % 360;
}

export function metres(value: number): string {
  if (value >= 10_000) return `${(value / 1000).toFixed(0)} km`;
  if (value >= 1000) return `${(value / 1000).toFixed(2)} km`;
  return `${value.toFixed(0)} m`;
}

/** The outline of an ellipse around a place, as a ring of longitude and latitude. */
export function ellipse(place: Place, major_m: number, minor_m: number, bearing: number): [number, number][] {
  const { latitude_deg: latitude, longitude_deg: longitude } = place;
  const metre_deg = 180 / (Math.PI * RADIUS_M);
  const along = metre_deg / Math.max(Math.cos((latitude * Math.PI) / 180), 1e-6);
  const turn = (bearing * Math.PI) / 180;
  const points = Array.from({ length: 65 }, (_, i): [number, number] => {
    const t = (i * Math.PI) / 32;
    const [a, b] = [major_m * Math.cos(t), minor_m * Math.sin(t)];
    const north = a * Math.cos(turn) - b * Math.sin(turn);
    const east = a * Math.sin(turn) + b * Math.cos(turn);
    return [longitude + east * along, latitude + north * metre_deg];
  });
  return points;
}

/** A place that somebody wrote in any of the three ways; null when it is none. */
export function understood(text: string): Place | null {
  const grid = text.replace(/\s+/g, '').toUpperCase();
  if (/^\d{1,2}[C-X][A-Z]{2}(\d{2}|\d{4}|\d{6}|\d{8}|\d{10})$/.test(grid)) {
    const [longitude, latitude] = toPoint(grid);
    return { latitude_deg: latitude, longitude_deg: longitude };
  }
  return decimal(text) ?? dms(text);
}

function onEarth(latitude: number, longitude: number): Place | null {
  const there = Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180;
  return there ? { latitude_deg: latitude, longitude_deg: longitude } : null;
}

function decimal(text: string): Place | null {
  const [, latitude, longitude] = text.match(/^\s*(-?\d+(?:\.\d+)?)\s*[,; ]\s*(-?\d+(?:\.\d+)?)\s*$/) ?? [];
  return latitude && longitude ? onEarth(Number(latitude), Number(longitude)) : null;
}

function dms(text: string): Place | null {
  const one = String.raw`(\d+)\D+?(\d+)\D+?(\d+(?:\.\d+)?)\D*?`;
  const parts = text.toUpperCase().match(new RegExp(String.raw`^\s*${one}([NS])\W+${one}([EWO])\s*$`));
  if (!parts) return null;
  const degrees = (at: number): number => Number(parts[at]) + Number(parts[at + 1]) / 60 + Number(parts[at + 2]) / 3600;
  const latitude = degrees(1) * (parts[4] === 'S' ? -1 : 1);
  // In Spanish west is O.
  return onEarth(latitude, degrees(5) * (parts[8] === 'E' ? 1 : -1));
}
