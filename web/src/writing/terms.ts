/** The words that a judgement is made of, and those that only sound like it. */

import type { Language } from '../lib/kept.svelte.ts';
import type { Likelihood } from '../lib/types.ts';

export interface Terms {
  /** How each likelihood term may be written (ICD 203 has two columns). */
  likelihood: [Likelihood, string[]][];
  /** Said in place of a likelihood term, and no such term. */
  unlike: string[];
  /** Says less than it seems to. */
  vague: string[];
  confidence: RegExp;
}

const en: Terms = {
  likelihood: [
    ['almost no chance', ['almost no chance', 'remote']],
    ['very unlikely', ['very unlikely', 'highly improbable']],
    ['unlikely', ['unlikely', 'improbable']],
    ['roughly even chance', ['roughly even chance', 'roughly even odds']],
    ['likely', ['likely', 'probable', 'probably']],
    ['very likely', ['very likely', 'highly probable']],
    ['almost certain', ['almost certain', 'almost certainly', 'nearly certain']],
  ],
  unlike: [
    'possible', 'possibly', 'might', 'could be', 'may be', 'may have', 'perhaps', 'maybe', 'conceivable', 'conceivably', 'plausible',
    'certain', 'certainly', 'definitely', 'undoubtedly', 'without doubt', 'cannot rule out', 'cannot be ruled out', 'good chance', 'fair chance',
  ],
  vague: [
    'some', 'several', 'many', 'few', 'a number of', 'significant', 'significantly', 'substantial', 'considerable', 'considerably', 'large',
    'small', 'recently', 'soon', 'often', 'sometimes', 'regularly', 'frequently', 'nearby', 'seems', 'seem', 'appears', 'appear', 'apparently',
    'reportedly', 'allegedly', 'suspicious', 'unusual', 'clearly', 'obviously', 'of course', 'various', 'approximately',
  ],
  confidence: /\b(?:high|moderate|low|medium)\s+confidence\b|\bconfident(?:ly)?\b|\bconfidence\s+(?:is|in|level)\b/i,
};

const es: Terms = {
  likelihood: [
    ['almost no chance', ['casi ninguna posibilidad', 'remoto', 'remota']],
    ['very unlikely', ['muy improbable', 'sumamente improbable']],
    ['unlikely', ['improbable', 'poco probable']],
    ['roughly even chance', ['tan probable como improbable', 'tan probable como no']],
    ['likely', ['probable', 'probablemente']],
    ['very likely', ['muy probable', 'muy probablemente']],
    ['almost certain', ['casi seguro', 'casi segura', 'casi con seguridad', 'casi con certeza']],
  ],
  unlike: [
    'posible', 'posiblemente', 'podría', 'podrían', 'pudiera', 'quizá', 'quizás', 'tal vez', 'a lo mejor', 'acaso', 'verosímil', 'seguramente',
    'sin duda', 'ciertamente', 'con certeza', 'con seguridad', 'no se descarta', 'no se puede descartar',
  ],
  vague: [
    'algunos', 'algunas', 'varios', 'varias', 'muchos', 'muchas', 'pocos', 'pocas', 'significativo', 'significativa', 'considerable', 'importante',
    'grande', 'pequeño', 'pequeña', 'recientemente', 'pronto', 'a menudo', 'a veces', 'frecuentemente', 'cerca', 'parece', 'parecen',
    'aparentemente', 'al parecer', 'supuestamente', 'presuntamente', 'sospechoso', 'sospechosa', 'inusual', 'claramente', 'obviamente',
    'aproximadamente', 'diversos', 'diversas',
  ],
  confidence: /\bconfianza\s+(?:alta|moderada|media|baja)\b|\b(?:alta|moderada|media|baja)\s+confianza\b/i,
};

export const TERMS: Record<Language, Terms> = { en, es };
