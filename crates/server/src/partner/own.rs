//! What a recipient gets of its own: how many notices, how quickly it opened them, what came of them.

use std::fmt::Write as _;

use cathartes_release::{
    answer::{OutcomeCode, words as say},
    recipient::Language,
};
use cathartes_store::Release;
use jiff::{SignedDuration, Timestamp};

use super::html::t;

/// What is told of how quick somebody was is told of those that had this long.
const QUICK: SignedDuration = SignedDuration::from_hours(24);

/// Counts over the releases of one recipient.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Own {
    sent: usize,
    opened: usize,
    answered: usize,
    /// Of so many that were sent a day ago or longer, so many were opened within a day: never a mean of those that were.
    had_a_day: usize,
    within_a_day: usize,
    /// Outcome and how many.
    outcomes: Vec<(OutcomeCode, usize)>,
}

/// What is counted of one release.
#[derive(Debug, Clone, Copy)]
struct Fact {
    sent: Timestamp,
    opened: Option<Timestamp>,
    answered: bool,
    outcome: Option<OutcomeCode>,
}

impl Fact {
    fn of(release: &Release) -> Self {
        let kept = release.answer.as_ref().and_then(|answer| answer.outcome);
        let outcome = kept
            .and_then(|kept| OutcomeCode::ALL.into_iter().find(|code| code.word() == kept.word()));
        let (opened, answered) = (release.opened, release.answer.is_some());
        Self { sent: release.at, opened, answered, outcome }
    }
}

impl Own {
    pub(super) fn of(releases: &[Release], now: Timestamp) -> Self {
        Self::counted(&releases.iter().map(Fact::of).collect::<Vec<_>>(), now)
    }

    fn counted(facts: &[Fact], now: Timestamp) -> Self {
        let count = |which: &dyn Fn(&Fact) -> bool| facts.iter().filter(|fact| which(fact)).count();
        let within = |from: Timestamp, to: Timestamp| to.duration_since(from) <= QUICK;
        let quick = |fact: &Fact| fact.opened.is_some_and(|at| within(fact.sent, at));
        let came = |code| count(&|fact| fact.outcome == Some(code));
        let outcomes = OutcomeCode::ALL.into_iter().map(|code| (code, came(code)));
        Self {
            sent: facts.len(),
            opened: count(&|fact| fact.opened.is_some()),
            answered: count(&|fact| fact.answered),
            had_a_day: count(&|fact| quick(fact) || !within(fact.sent, now)),
            within_a_day: count(&quick),
            outcomes: outcomes.filter(|(_, n)| *n > 0).collect(),
        }
    }
}

/// In words, for below the list.
pub(super) fn figures(language: Language, own: &Own) -> String {
    if own.sent == 0 {
        return String::new();
    }
    let Own { sent, opened, answered, had_a_day, within_a_day, outcomes } = own;
    let of = t(language, "de", "of");
    let mut body = format!(
        "<details><summary>{}</summary><dl><dt>{}</dt><dd>{sent}</dd><dt>{}</dt><dd>{opened} {of} {sent}</dd>\
         <dt>{}</dt><dd>{within_a_day} {of} {had_a_day}</dd><dt>{}</dt><dd>{answered} {of} {sent}</dd>",
        t(language, "Sus cifras", "Your figures"),
        t(language, "Avisos que recibió", "Notices sent to you"),
        t(language, "Abiertos", "Opened"),
        t(language, "Abiertos en un día o menos", "Opened within a day"),
        t(language, "Con respuesta", "Answered"),
    );
    for (code, n) in outcomes {
        let _ = write!(body, "<dt>{}</dt><dd>{n}</dd>", say::outcome(*code, language));
    }
    body.push_str("</dl></details>");
    body
}

#[cfg(test)]
mod tests;
