import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { flightLine, ledgerLine, thingLine } from '../src/words/sentences.ts';

const LINES: Record<string, string> = {
  'beforehand: one hidden source in 2000 km2': 'de antemano: una fuente oculta en 2000 km2',
  'register: 320 m from the licensed emitter Planta de Abonos': 'registro: a 320 m del emisor autorizado Planta de Abonos',
  'gases of 1 plume fit emitters of interest 2.4 times as well as the others': 'los gases de 1 penacho encajan con emisores de interés 2.4 veces mejor que con los otros',
  'gases of 3 plumes fit innocent emitters 1.2 times as well as the others': 'los gases de 3 penachos encajan con emisores inocentes 1.2 veces mejor que con los otros',
  'methane seen by demo-1 (sees 90 % of what emits, one false alarm in 3.2 km2): the site begins with this': 'demo-1 vio methane (ve el 90 % de lo que emite, una falsa alarma en 3.2 km2): con esto empieza el sitio',
  'smell told by patrol, grade C3, 1.2 km from the rest': 'olor: lo dice patrol, grado C3, a 1.2 km del resto',
  'shares its origin with another of patrol: counts once': 'comparte su origen con otra de patrol: cuenta una vez',
  'clean: methane searched for by demo-1 (sees 50 % of what emits, one false alarm in 12 km2), 40 % of it looked at': 'limpio: demo-1 buscó methane (ve el 50 % de lo que emite, una falsa alarma en 12 km2), visto en un 40 %',
  'nothing there: told by patrol, grade B2': 'allí no hay nada: lo dice patrol, grado B2',
  'on a line of sight of mast, grade A1': 'en una línea de vista de mast, grado A1',
  'age: 30 hours': 'antigüedad: 30 horas',
  'age: 12 days': 'antigüedad: 12 días',
};

const THINGS: Record<string, string> = {
  'plume of CH4, 410 kg/h': 'penacho de CH4, 410 kg/h',
  'site of CH4 and NH3, 5 observations': 'sitio de CH4 y NH3, 5 observaciones',
  'site, 1 observation': 'sitio, 1 observación',
  'a shed of tin and wood': 'a shed of tin and wood',
  'source of nobody-knows, 0.0123 kg/h': 'fuente de nobody-knows, 0.0123 kg/h',
};

const FLIGHTS: Record<string, string> = {
  'leg 0 from T1 to T2 is not proven: A/2 forbids it, 11.1 m away, where 20.0 m is allowed for; the nearest change that is allowed: 8.9 m farther from it, or 120.0 m up or down out of it':
    'tramo 0, de T1 a T2: no probado: lo prohíbe A/2, a 11.1 m, con un margen de 20.0 m; el cambio permitido más próximo: 8.9 m más lejos, o 120.0 m más arriba o más abajo, fuera de él',
  'legs 3 to 9 from T1 to T2 are broken, leg 4 the worst: no clause permits it; the nearest is A/1, 3.0 m outside, where 20.0 m is allowed for: 23.0 m farther into it and 15 min later':
    'tramos 3 a 9, de T1 a T2: incumplido, el peor el 4; ninguna cláusula lo permite; la más próxima es A/1, 3.0 m fuera, con un margen de 20.0 m: 23.0 m más adentro y 15 min más tarde',
  'leg 0 from T1 to T2 is broken: no clause permits chemical survey to a drone of South Wing: ask its issuer for one':
    'tramo 0, de T1 a T2: incumplido: ninguna cláusula permite reconocimiento químico a drone de South Wing: pídala a quien la emite',
  'and 4 stretches more': 'y 4 trechos más',
};

test('what the record says in English is shown in Spanish', () => {
  for (const [english, spanish] of Object.entries(LINES)) expect(ledgerLine(english, 'es')).toBe(spanish);
  for (const [english, spanish] of Object.entries(FLIGHTS)) expect(flightLine(english, 'es')).toBe(spanish);
  for (const [english, spanish] of Object.entries(THINGS)) expect(thingLine(english, 'es')).toBe(spanish);
  expect(ledgerLine('a sentence that is new', 'es')).toBe('a sentence that is new');
  for (const english of Object.keys(LINES)) expect(ledgerLine(english, 'en')).toBe(english);
});

test('every word that the record can say has its Spanish', () => {
  const pairs = readFileSync('src/words/sentences.ts', 'utf8');
  for (const [file, tried] of [['fusion/src/words.rs', LINES], ['tasking/src/why.rs', FLIGHTS]] as const) {
    const source = readFileSync(`../crates/${file}`, 'utf8').replace(/^\s*\/\/.*$/gm, '');
    const literals = [...source.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map((found) => (found[1] ?? '').replace(/\{[^}]*\}|\\\n/g, ' '));
    const words = new Set(literals.flatMap((literal) => literal.match(/[a-z]{4,}/g) ?? []));
    expect(words.size, file).toBeGreaterThan(20);
    for (const word of words) expect(pairs, `${word} of ${file}`).toContain(word);
    expect(Object.keys(tried).length).toBeGreaterThan(3);
  }
});
