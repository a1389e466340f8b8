import { beforeAll, expect, test, vi } from 'vitest';
import type { Difference, FieldValue } from '../src/lib/release-types.ts';

type Released = typeof import('../src/lib/released.ts');
let { banner, fate, groups, sha256, told } = {} as Released;

beforeAll(async () => {
  vi.stubGlobal('$state', (value: unknown) => value);
  vi.stubGlobal('navigator', { language: 'en-GB' });
  ({ banner, fate, groups, sha256, told } = await import('../src/lib/released.ts'));
}, 30_000);

const name = (text: string): FieldValue => ({ is: 'name', name: text });
const picture = (width_px: number, href: string): FieldValue => ({ is: 'picture', width_px, height_px: width_px, href });
const of = (before: FieldValue, after: FieldValue | null): Difference => ({ path: 'x', before, after, rule: 'keep', why: 'tested' });

test('a field stays, is lessened, or leaves as it is', () => {
  expect(fate(of(name('HyTES'), null))).toBe('stays');
  expect(fate(of(name('HyTES'), name('thermal imager')))).toBe('lessened');
  expect(fate(of(name('high'), name('high')))).toBe('whole');
});

test('where a picture lies makes no difference, its size does', () => {
  expect(fate(of(picture(256, '/before'), picture(256, '/after')))).toBe('whole');
  expect(fate(of(picture(256, '/before'), picture(64, '/after')))).toBe('lessened');
});

test('every kind of value is told in words', () => {
  const place = { latitude: 31.5, longitude: -106.25 };
  const values: FieldValue[] = [
    { is: 'place', place, ellipse: { semi_major: 40, semi_minor: 20, bearing: 0 } },
    { is: 'circle', middle: place, radius: 500 },
    { is: 'cell', corners: [place, place, place, place] },
    { is: 'observed', from: '2026-11-20T18:00:00Z', to: '2026-11-20T19:00:00Z' },
    { is: 'at', at: '2026-11-20T18:00:00Z' },
    { is: 'rate', low: 10, high: 50 },
    { is: 'probability', probability: 0.8 },
    name('x'),
    { is: 'names', names: ['x', 'y'] },
    { is: 'words', words: 'x' },
    { is: 'id', id: 'x' },
    { is: 'alias', alias: 'x' },
    picture(10, ''),
  ];
  for (const value of values) expect(told(value), value.is).not.toMatch(/undefined|NaN|^$|\{/);
  expect(told(values[0]!)).toContain('80 m');
});

test('a banner names its level, its caveats and who may have it', () => {
  expect(banner({ classification: 'secret', caveats: ['ORCON'], releasable_to: ['andes', 'plata'] })).toBe('SECRET//ORCON//REL TO andes, plata');
  expect(banner({ classification: 'top_secret', releasable_to: [] })).toContain('TOP SECRET//');
  expect(banner(null)).not.toBe('');
});

test('a digest is that of the bytes, shown in groups', async () => {
  const digest = await sha256(new TextEncoder().encode('abc').buffer as ArrayBuffer);
  expect(digest).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  expect(groups(digest ?? '')).toBe('ba7816bf 8f01cfea 414140de 5dae2223');
});
