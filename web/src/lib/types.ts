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
  log_entries: number;
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

/** Partner bodies, as those who release see them. */
export interface Recipient {
  code: string;
  name: string;
  language: 'es' | 'en';
  ceiling: Classification;
  tlp: string;
  rules: string;
  active: boolean;
}

export const CLASSIFICATIONS = ['unclassified', 'restricted', 'confidential', 'secret', 'top_secret'] as const;
export type Classification = (typeof CLASSIFICATIONS)[number];

export interface Marking {
  classification: Classification;
  caveats?: string[];
  releasable_to: string[];
}

export interface Marked {
  id: string | null;
  marking: Marking | null;
  overrides: Record<string, Marking>;
  why: string;
  at: string | null;
  by: string | null;
  /** What follows from the markings of its observations, where nobody said otherwise. */
  derived: Marking | null;
}

/** What a field of a product holds. */
export type FieldValue =
  | { is: 'place'; place: LatLon; ellipse: { semi_major: number; semi_minor: number; bearing: number } }
  | { is: 'circle'; middle: LatLon; radius: number }
  | { is: 'cell'; corners: LatLon[] }
  | { is: 'observed'; from: string; to: string }
  | { is: 'at'; at: string }
  | { is: 'rate'; low: number; high: number }
  | { is: 'probability'; probability: number }
  | { is: 'name'; name: string }
  | { is: 'names'; names: string[] }
  | { is: 'words'; words: string }
  | { is: 'id'; id: string }
  | { is: 'alias'; alias: string }
  | { is: 'picture'; width_px: number; height_px: number; href: string };

export interface LatLon {
  latitude: number;
  longitude: number;
}

export interface Difference {
  path: string;
  before: FieldValue;
  after: FieldValue | null;
  rule: string;
  why: string;
}

export interface Inferred {
  words: string;
  strength: string;
}

export type DraftState = 'open' | 'approved_once' | 'approved' | 'sealed' | 'refused' | 'stale';

export interface Decision {
  at: string;
  by: string;
}

export interface Draft {
  id: string;
  number: number;
  kind: Kind;
  subject: string;
  recipient: string;
  alias: string;
  state: DraftState;
  digest: string;
  rules: string;
  priority: number;
  reason: string;
  gas: string | null;
  at: string;
  by: string;
  approvals: Decision[];
  refusal: (Decision & { reason: string }) | null;
  release: string | null;
}

export interface DraftWhole extends Draft {
  differences: Difference[];
  residual: Inferred[];
  banner: string;
  /** Why what is shown is no longer what would leave. */
  outdated: string[];
  files: { name: string; size_bytes: number }[];
}

export interface Answer {
  id: string;
  state: 'received' | 'assigned' | 'on_the_way' | 'outcome' | 'dispute';
  outcome: string | null;
  details: Properties;
  reason: string | null;
  note: string;
  via: string;
  at: string;
  due: string | null;
  received: string;
}

export interface Release {
  id: string;
  draft: string;
  kind: Kind;
  subject: string;
  recipient: string;
  alias: string;
  gas: string | null;
  priority: number;
  at: string;
  by: string;
  expires: string;
  sent: string | null;
  opened: string | null;
  recalled: (Decision & { reason: string }) | null;
  superseded_by: string | null;
  answer: Answer | null;
  state: ReleaseState;
  /** Since when nothing was heard, while something is waited for. */
  silent_since: string | null;
}

export const RELEASE_STATES = ['waiting', 'sent', 'opened', 'assigned', 'on_the_way', 'outcome', 'dispute', 'recalled', 'superseded', 'expired'] as const;
export type ReleaseState = (typeof RELEASE_STATES)[number];

export interface ReleaseWhole extends Release {
  timeline: { at: string; kind: string; by: string; detail: Properties }[];
  disputes: { answer: Answer; reply: (Decision & { text: string }) | null }[];
}
