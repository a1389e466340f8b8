import { beforeAll, expect, test, vi } from 'vitest';

beforeAll(() => {
  vi.stubGlobal('$state', (value: unknown) => value);
  vi.stubGlobal('navigator', { language: 'en-GB' });
});

test('a quantity has its deviation or its range, and its unit', async () => {
  const { fact, facts, split } = await import('../src/lib/facts.ts');
  expect(split('rate_by_mass_kg_per_h')).toEqual({ base: 'rate_by_mass', end: '_kg_per_h', unit: 'kg/h' });
  expect(fact({ mass_kg: 12.345, mass_sigma_kg: 1.2 }, 'mass_kg')).toBe('12.3 ± 1.2 kg');
  const range = { rate_kg_per_h: 100, rate_low_90_percent_kg_per_h: 60, rate_high_90_percent_kg_per_h: 180 };
  expect(fact(range, 'rate_kg_per_h')).toBe('100 kg/h (60 – 180, 90 %)');
  expect(facts({ wind_from_deg: 250, gas: 'ch4', peak_ppm_m: 3 }).map((one) => one.name)).toEqual(['peak_ppm_m', 'wind_from_deg']);
});
