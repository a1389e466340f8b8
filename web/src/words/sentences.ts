/**
 * Sentences that the record keeps in English, in Spanish: lines of a ledger, what a thing of the queue is, and why a flight is not kept. Each pair is a
 * whole sentence or one of its parts, tried in order; what none knows is shown as it came.
 */

import type { Language } from '../lib/kept.svelte.ts';

export type Pair = readonly [RegExp, string];

const LEDGER: readonly Pair[] = [
  [/^beforehand: one hidden source in (\S+) km2$/, 'de antemano: una fuente oculta en $1 km2'],
  [/^register: (\S+ k?m) from the licensed emitter (.+)$/, 'registro: a $1 del emisor autorizado $2'],
  [/^gases of 1 plume fit /, 'los gases de 1 penacho encajan con '],
  [/^gases of (\d+) plumes fit /, 'los gases de $1 penachos encajan con '],
  [/(con )innocent emitters (\S+) times as well as the others$/, '$1emisores inocentes $2 veces mejor que con los otros'],
  [/(con )emitters of interest (\S+) times as well as the others$/, '$1emisores de interés $2 veces mejor que con los otros'],
  [/^shares its origin with another of (.+): counts once$/, 'comparte su origen con otra de $1: cuenta una vez'],
  [/^age: (\d+) hours$/, 'antigüedad: $1 horas'],
  [/^age: (\d+) days$/, 'antigüedad: $1 días'],
  [/^clean: (.+) searched for by (\S+) \(/, 'limpio: $2 buscó $1 ('],
  [/^nothing there: told by (\S+), grade /, 'allí no hay nada: lo dice $1, grado '],
  [/^on a line of sight of (\S+), grade /, 'en una línea de vista de $1, grado '],
  [/^(.+) seen by (\S+) \(/, '$2 vio $1 ('],
  [/^(.+) told by (\S+), grade /, '$1: lo dice $2, grado '],
  [/\(sees (\d+) % of what emits, one false alarm in (\S+) km2\)/, '(ve el $1 % de lo que emite, una falsa alarma en $2 km2)'],
  [/, (\d+) % of it looked at$/, ', visto en un $1 %'],
  [/, (\S+ k?m) from the rest$/, ', a $1 del resto'],
  [/: the site begins with this$/, ': con esto empieza el sitio'],
  [/^smell:/, 'olor:'],
  [/^waste:/, 'residuos:'],
  [/^seizure:/, 'incautación:'],
  [/^picture:/, 'imagen:'],
  [/^signals:/, 'señales:'],
  [/^other sign:/, 'otra señal:'],
  [/^nothing:/, 'nada:'],
];

const THING: readonly Pair[] = [
  [/^plume/, 'penacho'],
  [/^source/, 'fuente'],
  [/^site/, 'sitio'],
  [/ of /, ' de '],
  [/ and /, ' y '],
  [/, 1 observation$/, ', 1 observación'],
  [/, (\d+) observations$/, ', $1 observaciones'],
];

const FLIGHT: readonly Pair[] = [
  [/^leg (\d+) from (\S+) to (\S+) is /, 'tramo $1, de $2 a $3: '],
  [/^legs (\d+) to (\d+) from (\S+) to (\S+) are (kept|not proven|broken), leg (\d+) the worst: /, 'tramos $1 a $2, de $3 a $4: $5, el peor el $6; '],
  [/^and (\d+) stretches more$/, 'y $1 trechos más'],
  [/(^|: )not proven([:,])/, '$1no probado$2'],
  [/(^|: )broken([:,])/, '$1incumplido$2'],
  [/(\S+) forbids it, /, 'lo prohíbe $1, '],
  [/no clause permits it; the nearest is (\S+), /, 'ninguna cláusula lo permite; la más próxima es $1, '],
  [/no clause permits (.+) to a (.+) of (.+): ask its issuer for one$/, 'ninguna cláusula permite $1 a $2 de $3: pídala a quien la emite'],
  [/(\S+ m) (?:inside|within), where (\S+ m) is allowed for/, '$1 dentro, con un margen de $2'],
  [/(\S+ m) away, where (\S+ m) is allowed for/, 'a $1, con un margen de $2'],
  [/(\S+ m) outside, where (\S+ m) is allowed for/, '$1 fuera, con un margen de $2'],
  [/; the nearest change that is allowed: /, '; el cambio permitido más próximo: '],
  [/(\S+ m) farther from it/, '$1 más lejos'],
  [/(\S+ m) up or down out of it/, '$1 más arriba o más abajo, fuera de él'],
  [/(\S+ m) farther into it/, '$1 más adentro'],
  [/(\S+ m) farther between its limits/, '$1 más hacia el centro de sus límites de altura'],
  [/heights that its limits can be compared with/, 'alturas que se puedan comparar con sus límites'],
  [/a time at which it is in force/, 'una hora en que esté en vigor'],
  [/(\d+) min later/, '$1 min más tarde'],
  [/(\d+) min earlier/, '$1 min más temprano'],
  [/, or /g, ', o '],
  [/ and (?=\d|una|alturas)/g, ' y '],
  [/permite chemical survey a /, 'permite reconocimiento químico a '],
  [/permite imagery a /, 'permite imágenes a '],
  [/permite signals a /, 'permite escucha de señales a '],
  [/permite maritime a /, 'permite vigilancia marítima a '],
];

export const inWords = (pairs: readonly Pair[]) => (sentence: string, language: Language): string =>
  language === 'es' ? pairs.reduce((text, [from, to]) => text.replace(from, to), sentence) : sentence;

/** A line of a ledger. */
export const ledgerLine = inWords(LEDGER);

/** What a thing of the queue is; what begins as none is somebody's own words. */
export const thingLine = (words: string, language: Language): string =>
  /^(plume|source|site)( of |, |$)/.test(words) ? inWords(THING)(words, language) : words;

/** Why a flight is not kept. */
export const flightLine = inWords(FLIGHT);
