/** What the server says, as its description at /api has it. */

export type Kind = 'finding' | 'site';
export type What = 'plume' | 'source' | 'site';
export type Stage = 'first' | 'second' | 'senior' | 'collecting' | 'decided';
export type Verdict = 'confirm' | 'reject' | 'cannot_tell' | 'second_look' | 'collect';
export type Confidence = 'low' | 'moderate' | 'high';

export const VERDICTS: Verdict[] = ['confirm', 'reject', 'cannot_tell', 'second_look', 'collect'];
export const STAGES: Stage[] = ['first', 'second', 'senior', 'collecting', 'decided'];
export const CONFIDENCES: Confidence[] = ['low', 'moderate', 'high'];
/** ICD 203, by rising probability. */
export const LIKELIHOODS = [
  'almost no chance',
  'very unlikely',
  'unlikely',
  'roughly even chance',
  'likely',
  'very likely',
  'almost certain',
] as const;
export type Likelihood = (typeof LIKELIHOODS)[number];

export interface Place {
  latitude_deg: number;
  longitude_deg: number;
}

export interface Subject {
  kind: Kind;
  id: string;
}

export interface SignedIn {
  name: string;
  role: string;
  expires: string;
  csrf?: string;
}

export interface Item extends Subject {
  what: What;
  stage: Stage;
  value: number;
  uncertainty: number;
  consequence: number;
  since: string;
  gas: string | null;
  place: Place | null;
  words: string;
  claimed_by: string | null;
  claimed_until: string | null;
}

export interface Queue {
  items: Item[];
  waiting: number;
  waiting_more?: boolean;
}

export interface Claim extends Subject {
  by: string;
  until: string;
}

export interface Review {
  id: string;
  kind: Kind;
  subject: string;
  at: string;
  hidden?: boolean;
  verdict?: Verdict;
  reason?: string;
  by?: string;
  supersedes?: string | null;
  superseded_by?: string | null;
}

export interface Source {
  kind: Kind | 'observation' | 'scene';
  id: string;
}

export interface Assessment {
  id: string;
  kind: Kind;
  subject: string;
  text: string;
  likelihood: Likelihood;
  confidence: Confidence;
  sources: Source[];
  at: string;
  by: string;
  supersedes: string | null;
  superseded_by: string | null;
}

export type Properties = Record<string, unknown>;

export interface Feature {
  type: 'Feature';
  id: string;
  geometry: GeoJSON.Geometry | null;
  properties: Properties;
  distance_m?: number;
}

export interface Term {
  ln_odds: number;
  words: string;
  at: string | null;
  observation: string | null;
}

export interface Site extends Properties {
  id: string;
  place: Place;
  probability: number;
  likelihood: Likelihood;
  ln_odds: number;
  gases: string[];
  ellipse_semi_major_m: number;
  ellipse_semi_minor_m: number;
  ellipse_bearing_deg: number;
  observations: unknown;
  ledger?: Term[];
  distance_m?: number;
}

export interface Scene {
  id: string;
  name: string;
  time: string | null;
  properties: Properties;
  assets: { name: string; media_type: string; size_bytes: number }[];
}

export interface Evidence extends Subject {
  what: What;
  words: string;
  gas: string | null;
  place: Place | null;
  standing: { stage: Stage; since: string; verdict: Verdict | null; round: string };
  claim: Claim | null;
  finding: Feature | null;
  site: Site | null;
  scene: Scene | null;
  nearby: { findings: Feature[]; sites: Site[]; observations: Properties[] };
  register: Properties[];
  reviews: Review[];
  assessments: Assessment[];
  history: { seq: number; at: string; action: string; by: string }[];
}

export interface Handover {
  id: string;
  at: string;
  by: string;
  to: string | null;
  text: string;
  items: Subject[];
  taken_at: string | null;
  taken_by: string | null;
}

export interface Statistics {
  days: {
    day: string;
    scenes: number;
    plumes: number;
    sources: number;
    observations: number;
    decided: { confirm: number; reject: number; cannot_tell: number };
  }[];
  waiting: { what: What; stage: Stage; count: number; oldest: string }[];
  waited_s: { median: number | null; p90: number | null; count: number };
  agreement: {
    pairs: number;
    kappa: number | null;
    interval: [number, number] | null;
    same: number;
    verdicts: Verdict[];
    table: number[][];
  };
  instruments: {
    instrument: string;
    confirmed: number;
    rejected: number;
    cannot_tell: number;
    precision: number | null;
    interval: [number, number] | null;
  }[];
  outcomes: {
    instrument: string;
    there: number;
    not_there: number;
    untold: number;
    precision: number | null;
    interval: [number, number] | null;
    few: boolean;
  }[];
}

export interface Workbench {
  basemap: boolean;
  second_look: 'never' | 'confirmed' | 'always';
  version: string;
}

export interface Spectrum {
  version: number;
  gas: string;
  quantity?: string;
  unit?: string;
  wavelength_nm: number[];
  curves: {
    of: string;
    line?: number;
    sample?: number;
    pixels: number;
    measured: number[];
    noise: number[];
    fitted: number[];
    residual: number[];
    /** What brightness and the like, which all bands share, make of it. */
    ground?: number[];
    gases: {
      gas: string;
      fitted: number[];
      column_ppm_m?: number;
      sigma_ppm_m?: number;
      column_times_contrast_ppm_m_k?: number;
      column_times_contrast_sigma_ppm_m_k?: number;
    }[];
    chi2_per_band: number;
  }[];
}

export interface Authority {
  id: string;
  number: string;
  issuer: string;
  volumes: GeoJSON.FeatureCollection;
}

export interface Sortie {
  id: string;
  name: string;
  kind: 'plan' | 'flown';
  operator: string;
  aircraft: string;
  purpose: string;
  begins: string;
  ends: string;
  verdict: 'kept' | 'not proven' | 'broken';
  why: string[];
  geometry: GeoJSON.LineString;
}

/** An entry of the audit log. */
export interface LogEntry {
  seq: number;
  at: string;
  actor: string;
  action: string;
  subject: string;
  detail: Record<string, unknown>;
}

export interface LogEntries {
  entries: LogEntry[];
  next: number | null;
  log_length: number;
  begins: string | null;
}

/** What stands out in a day. */
export interface Remark {
  kind: string;
  subject: string;
  at: string;
  seq: number | null;
  amount: number | null;
  said: string[];
}

/** A checkpoint as it was signed. */
export interface SignedLog {
  entries: number;
  root: string;
  short: string;
  at: string;
  by: string;
}

/** What was found of the whole log. */
export interface WholeLog {
  entries: number;
  root: string;
  checkpoints: number;
  damages: string[];
}
