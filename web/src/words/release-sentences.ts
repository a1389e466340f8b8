/** Sentences of releases that the record keeps in English, in Spanish: rules and their reasons, what is outdated, what could be inferred. */

import { inWords, type Pair } from './sentences.ts';

const RULES: readonly Pair[] = [
  [/: nothing of it is left$/, ': no queda nada'],
  [/^keep/, 'tal cual'],
  [/^drop/, 'se omite'],
  [/^grid of (\S+ m)/, 'cuadrícula de $1'],
  [/^search area of (\S+ m)/, 'área de búsqueda de $1'],
  [/^hour/, 'hora'],
  [/^day/, 'día'],
  [/^band between (.+) kg\/h/, 'banda entre $1 kg/h'],
  [/^replace by (\d+) names/, 'se sustituye por uno de $1 nombres'],
  [/^reduce to (\d+) px/, 'se reduce a $1 px'],
  [/^steps of (\S+)/, 'pasos de $1'],
  [/^rename/, 'otro nombre'],
  [/^it has no marking$/, 'no tiene marca'],
  [/^it is not releasable to (.+)$/, 'no es comunicable a $1'],
  [/^the rules do not know the caveat (.+)$/, 'las reglas no conocen la advertencia $1'],
  [/^it holds what no such field holds$/, 'contiene lo que ningún campo así contiene'],
  [/^no rule speaks of it$/, 'ninguna regla lo menciona'],
  [/^it is held as (.+), and leaves up to (.+)$/, 'se guarda como $1 y sale hasta $2'],
  [/^it tells of (.+), which stays or is coarsened$/, 'habla de $1, que se queda o se reduce'],
];

const REASONS: readonly Pair[] = [
  [/^a region, not a place that somebody could go to$/, 'una región, no un lugar al que alguien pueda ir'],
  [/^half of the native resolution or less shows the ground and not the sensor$/, 'la mitad de la resolución propia o menos muestra el terreno y no el sensor'],
  [/^how far to rely on it$/, 'cuánto fiarse de ello'],
  [/^how it is spoken of$/, 'cómo se le nombra'],
  [/^how likely it was, roughly$/, 'cuán probable era, más o menos'],
  [/^how much to expect; how well we measure stays here$/, 'cuánto esperar; lo bien que medimos se queda aquí'],
  [/^how much to expect$/, 'cuánto esperar'],
  [/^it names sources of others, who were not asked$/, 'nombra fuentes de otros, a quienes no se preguntó'],
  [/^its class is enough to weigh it$/, 'su clase basta para valorarlo'],
  [/^its order of magnitude is what statistics need$/, 'para la estadística basta el orden de magnitud'],
  [/^means stay here$/, 'los medios se quedan aquí'],
  [/^more digits than the method has$/, 'más cifras de las que da el método'],
  [/^one name a recipient, so that two cannot be joined$/, 'un nombre por destinatario, para que no se puedan unir dos'],
  [/^the day is what statistics need$/, 'para la estadística basta el día'],
  [/^the hour and the place would tell which aircraft it was$/, 'la hora y el lugar dirían qué aeronave fue'],
  [/^the minute would tell which aircraft it was$/, 'el minuto diría qué aeronave fue'],
  [/^the release has a name of its own for it$/, 'el envío le da un nombre propio'],
  [/^they plan with it$/, 'planifican con ello'],
  [/^two findings of one flight can be known as such, the flight not$/, 'se puede saber que dos hallazgos son de un mismo vuelo, no de cuál'],
  [/^two findings of one scene can be known as such, the scene not$/, 'se puede saber que dos hallazgos son de una misma escena, no de cuál'],
  [/^until when to rely on it$/, 'hasta cuándo fiarse de ello'],
  [/^what is not known has to travel with what is$/, 'lo que no se sabe viaja con lo que se sabe'],
  [/^what it was$/, 'lo que era'],
  [/^what to protect those who go there against$/, 'de qué proteger a quienes vayan'],
  [/^what was found, in plain words$/, 'lo que se halló, en palabras sencillas'],
  [/^where to search; how well the sensor saw it stays here$/, 'dónde buscar; lo bien que lo vio el sensor se queda aquí'],
  [/^which aircraft flew is nobody else's$/, 'qué aeronave voló no es cosa de otros'],
  [/^who looked at it stays here$/, 'quién lo miró se queda aquí'],
  [/^why it is believed$/, 'por qué se cree'],
  [/^what is not known to be allowed stays$/, 'lo que no se sabe permitido se queda'],
  [/^(\S+) is another$/, '$1 es otro'],
  [/^(\S+) would stay$/, '$1 se quedaría'],
  [/^(\S+) would leave as well$/, '$1 también saldría'],
  [/^nothing would leave: /, 'no saldría nada: '],
];

const INFERRED: readonly Pair[] = [
  [/^time and place together leave one known sensor: (.+)$/, 'la hora y el lugar juntos dejan un solo sensor conocido: $1'],
  [/^time and place together leave (\d+) known sensors: (.+)$/, 'la hora y el lugar juntos dejan $1 sensores conocidos: $2'],
  [/^(\d+) known sensors pass in the time that leaves$/, 'en el tiempo que sale pasan $1 sensores conocidos'],
  [/^(\S+) leaves as finely as it was taken$/, '$1 sale tan fino como se tomó'],
  [/^(\S+) leaves (\S+) times coarser than it was taken \((\d+) px to (\d+) px\): its sensor sees at least as finely as that$/, '$1 sale $2 veces más grueso de como se tomó ($3 px a $4 px): su sensor ve al menos así de fino'],
  [/^(\d+) sources were told apart(?:, the nearest (\S+ m) from each other)?: the sensor is no coarser than that$/, 'se distinguieron $1 fuentes: el sensor no es más grueso que eso'],
  [/^(\d+) reasons leave: at least so many looks or reports there were$/, 'salen $1 motivos: al menos tantas miradas o informes hubo'],
  [/^(\S+) leaves with its ellipse of (\S+ m): how well the sensor places things$/, '$1 sale con su elipse de $2: lo bien que el sensor sitúa las cosas'],
  [/^(\S+) leaves to the second: when the sensor passed$/, '$1 sale al segundo: cuándo pasó el sensor'],
  [/^(\S+) leaves as it was measured: how well we measure$/, '$1 sale como se midió: lo bien que medimos'],
  [/^(\S+) leaves with more than two decimals$/, '$1 sale con más de dos decimales'],
  [/^(.+) leave as somebody wrote them; names and numbers that stay do not stand in them, other words may say the same$/, '$1 salen como alguien los escribió; no contienen nombres ni números que se quedan, otras palabras pueden decir lo mismo'],
  [/^the recipient has (\d+) earlier releases? of (\S+): what changed between them is to be seen$/, 'el destinatario tiene $1 envíos anteriores de $2: se ve lo que cambió entre ellos'],
  [/^it is of the same flight or scene as (.+)$/, 'es del mismo vuelo o escena que $1'],
  [/^it lies in the same circle or square as (.+)$/, 'está en el mismo círculo o cuadro que $1'],
  [/^(\S+) has another circle than before, (\d+) % of it in the old one: if the place did not move, it is in that part$/, '$1 tiene otro círculo que antes, un $2 % en el anterior: si el lugar no se movió, está en esa parte'],
];

/** What could be inferred. */
export const inferredLine = inWords(INFERRED);

/** What a rule did to a field, or why none did. */
export const ruleLine = inWords(RULES);

/** Why a rule does it, or what is outdated. */
export const reasonLine = inWords(REASONS);
