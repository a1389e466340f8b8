/** What was measured, out of properties whose names carry their units. */

import type { Properties } from './types.ts';
import { figures, percent } from './numbers.ts';

export interface Fact {
  name: string;
  value: string;
}

/** How a unit at the end of a name is written; the longest end that fits is it. */
const UNITS: [string, string][] = [
  ['_kg_per_h', 'kg/h'],
  ['_m_per_s', 'm/s'],
  ['_ppm_m_k', 'ppm m K'],
  ['_ppm_m', 'ppm m'],
  ['_probability', ''],
  ['_deg', '°'],
  ['_m2', 'm²'],
  ['_kg', 'kg'],
  ['_px', 'px'],
  ['_m', 'm'],
];
/** Shown first, in this order; the rest stands under everything that is recorded. */
const FIRST = [
  'existence_probability',
  'probability',
  'false_alarm_probability',
  'rate_by_mass_kg_per_h',
  'rate_by_sections_kg_per_h',
  'rate_kg_per_h',
  'mass_kg',
  'peak_ppm_m',
  'length_m',
  'area_m2',
  'height_m',
  'wind_speed_m_per_s',
  'wind_from_deg',
  'ellipse_semi_major_m',
  'ellipse_semi_minor_m',
  'ellipse_bearing_deg',
];

/** Said as people say them. */
const PERCENT = ['probability', 'existence_probability'];

export function split(name: string): { base: string; end: string; unit: string } {
  const [end, unit] = UNITS.find(([end]) => name.endsWith(end)) ?? ['', ''];
  return { base: name.slice(0, name.length - end.length), end, unit };
}

/** A number with its deviation or its range, and its unit. */
export function fact(properties: Properties, name: string): string | null {
  const value = properties[name];
  if (typeof value !== 'number') return null;
  if (PERCENT.includes(name)) return percent(value);
  const { base, end, unit } = split(name);
  const sigma = properties[`${base}_sigma${end}`];
  const [low, high] = [`${base}_low_90_percent${end}`, `${base}_high_90_percent${end}`].map((part) => properties[part]);
  const range = typeof low === 'number' && typeof high === 'number' ? ` (${figures(low)} – ${figures(high)}, 90 %)` : '';
  const deviation = typeof sigma === 'number' && !range ? ` ± ${figures(sigma)}` : '';
  return `${figures(value)}${deviation}${unit ? ` ${unit}` : ''}${range}`;
}

/** The facts that decide. */
export function facts(properties: Properties): Fact[] {
  return FIRST.flatMap((name) => {
    const value = fact(properties, name);
    return value === null ? [] : [{ name, value }];
  });
}
