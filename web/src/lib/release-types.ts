/** What the server says of recipients, markings, drafts and releases, as its description at /api has it. */

import type { Kind, Properties } from './types.ts';

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
