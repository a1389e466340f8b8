/** Products, drafts and releases in the words that people read. */

import { said, t } from '../words/index.ts';
import { shown } from './kept.svelte.ts';
import { figures, moment, percent } from './numbers.ts';
import { written } from './place.ts';
import type { Classification, Difference, FieldValue, LatLon, Marking } from './release-types.ts';

const place = ({ latitude, longitude }: LatLon): string => written({ latitude_deg: latitude, longitude_deg: longitude }, shown.grid);
const metres = (length_m: number): string => `${figures(length_m)} m`;

/** What a field holds, in a line; a picture is shown, not told. */
export function told(value: FieldValue): string {
  switch (value.is) {
    case 'place':
      return t('placeWithin', { place: place(value.place), long: metres(2 * value.ellipse.semi_major), short: metres(2 * value.ellipse.semi_minor) });
    case 'circle':
      return t('circleOf', { place: place(value.middle), radius: metres(value.radius) });
    case 'cell':
      return t('cellOf', { corners: value.corners.map(place).join(' · ') });
    case 'observed':
      return value.from === value.to ? moment(value.from) : `${moment(value.from)} – ${moment(value.to)}`;
    case 'at':
      return moment(value.at);
    case 'rate':
      return t('rateBetween', { low: figures(value.low), high: figures(value.high) });
    case 'probability':
      return percent(value.probability);
    case 'name':
      return value.name;
    case 'names':
      return value.names.join(', ');
    case 'words':
      return value.words;
    case 'id':
      return value.id;
    case 'alias':
      return value.alias;
    case 'picture':
      return t('pictureOf', { width: value.width_px, height: value.height_px });
  }
}

/** What became of a field. */
export function fate({ before, after }: Difference): 'stays' | 'lessened' | 'whole' {
  if (after === null) return 'stays';
  // A picture says where it is, which differs; its size tells whether it was made smaller.
  const plain = (value: FieldValue): string => JSON.stringify(value.is === 'picture' ? { ...value, href: '' } : value);
  return plain(before) === plain(after) ? 'whole' : 'lessened';
}

/** A marking as a banner has it. */
export function banner(marking: Marking | null): string {
  if (!marking) return t('unmarked');
  const level = said('class', marking.classification satisfies Classification);
  const to = marking.releasable_to.length > 0 ? `REL TO ${marking.releasable_to.join(', ')}` : t('relToNobody');
  return [level.toUpperCase(), ...(marking.caveats ?? []), to].join('//');
}

/** A digest as people compare it: groups of eight, enough of them that nobody finds another with the same. */
export function groups(digest: string): string {
  return (digest.match(/.{1,8}/g) ?? []).slice(0, 4).join(' ');
}

/** SHA-256 of bytes, where the browser computes one: over HTTPS, or on this machine. */
export async function sha256(bytes: ArrayBuffer): Promise<string | null> {
  if (!globalThis.crypto?.subtle) return null;
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
