//! What an overseer should look at, found in the log and the sorties by rules that anybody can read.
//!
//! Nothing here decides anything: a remark says what stands out and where in the log it stands.

use std::collections::BTreeMap;

use cathartes_core::{
    certificate::{Certificate, Verdict, least_margin},
    units::Metres,
};
use cathartes_store::{AuditEntry, KeptSortie};
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

/// From a draft to its release.
const LATE: SignedDuration = SignedDuration::from_hours(24);
/// From a recall until the recipient has seen it.
const UNREAD: SignedDuration = SignedDuration::from_hours(24);
/// Looks of one account in an hour of the clock.
const MANY_LOOKS: usize = 200;
/// Wrong tries at one door in a day.
const MANY_TRIES: usize = 5;
/// A sortie is close to a line when so little is left once its allowances are taken off.
const CLOSE: Metres = Metres(200.0);
const HOUR_S: i64 = 3_600;

/// What stands out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Kind {
    /// A draft that waited long for its release.
    ReleaseLate,
    /// A release that two different people did not approve.
    ApprovalMissing,
    /// A recall that its recipient has not seen.
    RecallUnread,
    /// A sortie that came close to where it may not be, or was there.
    CloseToALine,
    /// A sortie that was flown for something else than it was planned for.
    PurposeDrift,
    /// A file that was refused for what it is about.
    ImportRefused,
    /// One account that looked at very much.
    ManyLooks,
    /// Many wrong tries at one door.
    ManyTries,
}

/// Something that stands out.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub(crate) struct Remark {
    /// What.
    pub(crate) kind: Kind,
    /// Of what or whom.
    pub(crate) subject: String,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub(crate) at: Timestamp,
    /// Where in the log; none: among the sorties.
    pub(crate) seq: Option<i64>,
    /// How much: hours, looks, tries or metres, as its kind has it.
    pub(crate) amount: Option<f64>,
    /// What was said of it at the time.
    pub(crate) said: Vec<String>,
}

impl Remark {
    fn of(kind: Kind, entry: &AuditEntry) -> Self {
        let AuditEntry { seq, at, subject, .. } = entry;
        let (amount, said) = (None, Vec::new());
        Self { kind, subject: subject.clone(), at: *at, seq: Some(*seq), amount, said }
    }

    fn with(self, amount: f64) -> Self {
        Self { amount: Some(amount), ..self }
    }
}

/// A sortie, and what its certificate claims.
pub(crate) struct Flown {
    pub(crate) sortie: KeptSortie,
    pub(crate) certificate: Option<Certificate>,
}

/// What stands out in entries, as of a moment.
pub(crate) fn of_log(entries: &[AuditEntry], now: Timestamp) -> Vec<Remark> {
    let mut remarks = refused_imports(entries);
    remarks.extend(late_releases(entries, now));
    remarks.extend(approvals_missing(entries));
    remarks.extend(unread_recalls(entries, now));
    remarks.extend(many_looks(entries));
    remarks.extend(many_tries(entries));
    remarks.extend(locked_doors(entries));
    remarks.sort_by_key(|remark| remark.at);
    remarks
}

fn of_action<'e>(
    entries: &'e [AuditEntry],
    action: &'static str,
) -> impl Iterator<Item = &'e AuditEntry> {
    entries.iter().filter(move |entry| entry.action == action)
}

fn text<'e>(entry: &'e AuditEntry, name: &str) -> &'e str {
    entry.detail[name].as_str().unwrap_or_default()
}

fn hours(time: SignedDuration) -> f64 {
    (time.as_secs_f64() / 36.0).round() / 100.0
}

/// Drafts that are older than they should be, until they are released or refused.
fn late_releases(entries: &[AuditEntry], now: Timestamp) -> Vec<Remark> {
    let ended = |draft: &str| {
        let sealed =
            of_action(entries, "release.sealed").find(|entry| text(entry, "draft") == draft);
        let refused = || of_action(entries, "draft.refused").find(|entry| entry.subject == draft);
        sealed.or_else(refused).map(|entry| entry.at)
    };
    let late = |draft: &AuditEntry| {
        let waited = ended(&draft.subject).unwrap_or(now).duration_since(draft.at);
        (waited > LATE).then(|| Remark::of(Kind::ReleaseLate, draft).with(hours(waited)))
    };
    of_action(entries, "draft.made").filter_map(late).collect()
}

/// Releases whose approvals are of fewer than two people.
fn approvals_missing(entries: &[AuditEntry]) -> Vec<Remark> {
    let missing = |release: &&AuditEntry| {
        let named = release.detail["approved_by"].as_array();
        let mut people: Vec<&str> = named.into_iter().flatten().filter_map(Value::as_str).collect();
        people.sort_unstable();
        people.dedup();
        people.len() < 2
    };
    let remark = |entry: &AuditEntry| {
        let named = entry.detail["approved_by"].as_array();
        let said = named.into_iter().flatten().filter_map(Value::as_str).map(str::to_owned);
        Remark { said: said.collect(), ..Remark::of(Kind::ApprovalMissing, entry) }
    };
    of_action(entries, "release.sealed").filter(missing).map(remark).collect()
}

/// Recalls whose release nobody has opened or answered since.
fn unread_recalls(entries: &[AuditEntry], now: Timestamp) -> Vec<Remark> {
    let seen = |recall: &AuditEntry| {
        let after = entries.iter().filter(|entry| entry.seq > recall.seq);
        let mut about = after.filter(|entry| entry.subject == recall.subject);
        about.any(|entry| matches!(entry.action.as_str(), "release.opened" | "answer.received"))
    };
    let waited = |recall: &AuditEntry| now.duration_since(recall.at);
    let unread = of_action(entries, "release.recalled");
    let unread = unread.filter(|recall| waited(recall) > UNREAD && !seen(recall));
    unread
        .map(|recall| Remark::of(Kind::RecallUnread, recall).with(hours(waited(recall))))
        .collect()
}

fn refused_imports(entries: &[AuditEntry]) -> Vec<Remark> {
    let remark = |entry| {
        let said = vec![text(entry, "why").to_owned()];
        Remark { said, ..Remark::of(Kind::ImportRefused, entry) }
    };
    of_action(entries, "import.refused").map(remark).collect()
}

/// Accounts that looked at more than anybody reads, by hours of the clock.
fn many_looks(entries: &[AuditEntry]) -> Vec<Remark> {
    let mut looks: BTreeMap<(i64, &str), Vec<&AuditEntry>> = BTreeMap::new();
    for entry in entries.iter().filter(|entry| entry.is_look()) {
        let hour = entry.at.as_second().div_euclid(HOUR_S);
        looks.entry((hour, &entry.actor)).or_default().push(entry);
    }
    let many = looks.into_iter().filter(|(_, looks)| looks.len() > MANY_LOOKS);
    let remark = |((_, actor), looks): ((i64, &str), Vec<&AuditEntry>)| {
        let last = looks.last()?;
        let remark = Remark::of(Kind::ManyLooks, last).with(looks.len() as f64);
        Some(Remark { subject: actor.to_owned(), ..remark })
    };
    many.filter_map(remark).collect()
}

/// Names, links and addresses at which somebody tried in vain again and again.
fn many_tries(entries: &[AuditEntry]) -> Vec<Remark> {
    let mut tries: BTreeMap<(&str, &str), Vec<&AuditEntry>> = BTreeMap::new();
    let vain = ["session.refused", "request.refused"];
    for entry in entries.iter().filter(|entry| vain.contains(&entry.action.as_str())) {
        let who = if entry.action == "request.refused" { &entry.actor } else { &entry.subject };
        tries.entry((&entry.action, who)).or_default().push(entry);
    }
    let many = tries.into_iter().filter(|(_, tries)| tries.len() >= MANY_TRIES);
    let remark = |((_, who), tries): ((&str, &str), Vec<&AuditEntry>)| {
        let last = tries.last()?;
        let remark = Remark::of(Kind::ManyTries, last).with(tries.len() as f64);
        Some(Remark { subject: who.to_owned(), ..remark })
    };
    many.filter_map(remark).collect()
}

/// Links that were closed because somebody tried their PIN too often.
fn locked_doors(entries: &[AuditEntry]) -> Vec<Remark> {
    let remark = |entry: &AuditEntry| {
        let amount = entry.detail["count"].as_f64();
        Remark { amount, ..Remark::of(Kind::ManyTries, entry) }
    };
    of_action(entries, "door.locked").map(remark).collect()
}

/// What stands out among sorties.
pub(crate) fn of_sorties(sorties: &[Flown]) -> Vec<Remark> {
    let close = sorties.iter().filter_map(close_to_a_line);
    close.chain(drifts(sorties)).collect()
}

fn remark_of(kind: Kind, kept: &KeptSortie) -> Remark {
    let (subject, at) = (kept.sortie.name.clone(), kept.sortie.begins);
    Remark { kind, subject, at, seq: None, amount: None, said: Vec::new() }
}

/// A sortie that was not certainly where it may be, or only just.
fn close_to_a_line(flown: &Flown) -> Option<Remark> {
    let certificate = flown.certificate.as_ref();
    let margin = certificate.and_then(|claims| least_margin(&claims.legs, claims.allowances));
    let kept = flown.sortie.sortie.verdict == Verdict::Kept;
    let close = margin.as_ref().is_some_and(|(margin, _)| margin.0 < CLOSE.0);
    if kept && !close {
        return None;
    }
    let mut said = flown.sortie.sortie.why.clone();
    said.extend(margin.as_ref().map(|(_, clause)| clause.clone()));
    let amount = margin.map(|(margin, _)| margin.0.floor());
    Some(Remark { amount, said, ..remark_of(Kind::CloseToALine, &flown.sortie) })
}

/// Sorties that were flown for another purpose than they were planned for.
fn drifts(sorties: &[Flown]) -> Vec<Remark> {
    let of_kind =
        |kind: &'static str| sorties.iter().filter(move |flown| flown.sortie.sortie.kind == kind);
    let drift = |flown: &Flown| {
        let (name, purpose) = (&flown.sortie.sortie.name, &flown.sortie.sortie.purpose);
        let mut plans = of_kind("plan").filter(|plan| plan.sortie.sortie.name == *name);
        let other = plans.find(|plan| plan.sortie.sortie.purpose != *purpose)?;
        let said = vec![other.sortie.sortie.purpose.clone(), purpose.clone()];
        Some(Remark { said, ..remark_of(Kind::PurposeDrift, &flown.sortie) })
    };
    of_kind("flown").filter_map(drift).collect()
}

#[cfg(test)]
mod tests;
