use cathartes_core::marking::Classification;
use proptest::prelude::*;

use super::*;
use crate::{
    gate::Terms,
    recipient::{Recipient, Tlp},
};

/// A Monday, 9 o'clock where clocks are six hours behind.
const SENT: &str = "2026-10-05T15:00:00Z";

fn time(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn after_h(hours: i64) -> Timestamp {
    time(SENT) + SignedDuration::from_hours(hours)
}

fn sent() -> Facts {
    Facts {
        release: "A-7".to_owned(),
        recipient: "MX-1".to_owned(),
        priority: 3,
        sent: Some(time(SENT)),
        opened: None,
        assigned: None,
        outcome: None,
        dispute_open: None,
        recalled: None,
        recall_opened: None,
        superseded: None,
        expires: after_h(24 * 180),
        made: BTreeSet::new(),
    }
}

fn names(facts: &Facts, now: Timestamp) -> Vec<String> {
    let due = due(facts, &builtin().unwrap(), now);
    due.into_iter().map(|due| format!("{} {}", due.rule, due.number)).collect()
}

fn terms() -> Terms {
    Terms {
        release: "A-7".to_owned(),
        recipient: Recipient {
            code: "MX-1".to_owned(),
            name: "Unidad Uno".to_owned(),
            language: Language::Es,
            ceiling: Classification::Restricted,
            tlp: Tlp::Amber,
            rules: "partner".to_owned(),
        },
        tlp: Tlp::Amber,
        made: time(SENT),
        expires: after_h(24 * 180),
        supersedes: None,
        answer_link: "https://example.org/p/k".to_owned(),
        answer_code: "ABCD".to_owned(),
    }
}

#[test]
fn what_nobody_opened_is_asked_about_after_two_days_in_hours_of_work() {
    assert!(names(&sent(), after_h(47)).is_empty());
    assert_eq!(names(&sent(), after_h(48)), ["opened-officer 1"]);
}

#[test]
fn what_falls_due_at_night_or_on_sunday_waits_for_the_morning() {
    let facts = Facts { sent: Some(time("2026-10-02T03:00:00Z")), ..sent() };

    // Due on Saturday at 21 o'clock there, which is work on Monday at 8.
    assert!(names(&facts, time("2026-10-05T13:59:59Z")).is_empty());
    assert_eq!(names(&facts, time("2026-10-05T14:00:00Z")), ["opened-officer 1"]);
}

#[test]
fn what_is_urgent_waits_for_no_morning() {
    let sent_at = time("2026-10-03T03:00:00Z");
    let facts = Facts { priority: 1, sent: Some(sent_at), ..sent() };

    assert_eq!(names(&facts, sent_at + SignedDuration::from_hours(4)), ["opened-urgent 1"]);
}

#[test]
fn gaps_grow_and_an_escalation_waits_for_approval() {
    let due = due(&sent(), &builtin().unwrap(), after_h(24 * 12));

    let told: Vec<_> =
        due.iter().map(|due| (due.rule.as_str(), due.number, due.needs_approval)).collect();
    assert_eq!(told, [("opened-officer", 3, false), ("opened-head", 1, true)]);
    let rules = builtin().unwrap();
    let ages = [1, 2, 3].map(|number| rules.rule("opened-officer").unwrap().age_h(number));
    assert_eq!(ages, [48.0, 120.0, 228.0]);
}

#[test]
fn each_step_of_the_other_side_changes_what_it_is_asked() {
    let opened = Facts { opened: Some(after_h(1)), ..sent() };
    let assigned = Facts { assigned: Some(after_h(2)), ..opened.clone() };
    let later = after_h(24 * 10);

    assert!(names(&opened, later).iter().all(|name| name.starts_with("assigned-")));
    assert_eq!(names(&assigned, later), ["outcome-officer 1"]);
    assert!(names(&Facts { outcome: Some(after_h(3)), ..assigned }, later).is_empty());
}

#[test]
fn while_a_dispute_waits_for_us_only_we_are_reminded() {
    let facts = Facts { opened: Some(after_h(1)), dispute_open: Some(after_h(2)), ..sent() };

    let due = due(&facts, &builtin().unwrap(), after_h(24 * 20));

    assert!(!due.is_empty() && due.iter().all(|due| due.to == Level::Ours));
}

#[test]
fn what_was_recalled_is_asked_about_until_the_recall_is_opened() {
    let recalled = Facts { recalled: Some(after_h(10)), ..sent() };

    assert_eq!(names(&recalled, after_h(34)), ["recall-officer 1"]);
    assert!(names(&Facts { recall_opened: Some(after_h(12)), ..recalled }, after_h(34)).is_empty());
}

#[test]
fn what_has_expired_or_was_replaced_is_asked_about_no_more() {
    let expired = Facts { expires: after_h(48), ..sent() };
    let replaced = Facts { superseded: Some(after_h(40)), ..sent() };

    assert!(names(&expired, after_h(48)).is_empty());
    assert!(names(&replaced, after_h(72)).is_empty());
}

#[test]
fn messages_that_were_missed_do_not_come_in_a_row() {
    assert_eq!(names(&sent(), after_h(239)), ["opened-officer 3"]);
    let made = BTreeSet::from(["A-7/opened-officer/3".to_owned()]);
    assert!(names(&Facts { made, ..sent() }, after_h(239)).is_empty());
}

#[test]
fn a_message_is_in_both_languages_the_recipients_first_and_says_what_it_costs() {
    let rules = builtin().unwrap();
    let due = &due(&sent(), &rules, after_h(48))[0];

    let letter = letter(due, rules.rule(&due.rule).unwrap(), &Mention::from(&terms()), after_h(48));

    assert_eq!(
        (letter.tlp.as_str(), letter.subject.as_str()),
        ("TLP:AMBER", "Aviso A-7: aún sin abrir")
    );
    let link = "https://example.org/p/k";
    let es = "El 2026-10-05 les enviamos el aviso A-7. Todavía no se ha abierto. Abrirlo basta para acusar recibo: un toque.";
    let en = "On 2026-10-05 we sent you the notice A-7. It has not been opened yet. To open it is to acknowledge it: one tap.";
    assert_eq!(letter.text, format!("{es} {link}\n\n{en} {link}\n"));
}

#[test]
fn all_words_that_come_with_the_program_are_filled_to_the_last() {
    let rules = builtin().unwrap();
    for rule in &rules.rules {
        let due = Due {
            key: String::new(),
            release: "A-7".to_owned(),
            rule: rule.name.clone(),
            number: 1,
            at: after_h(1),
            silence: rule.silence,
            since: after_h(0),
            to: rule.to,
            needs_approval: false,
        };
        let letter = letter(&due, rule, &Mention::from(&terms()), after_h(72));
        assert!(!letter.text.contains(['{', '}']) && !letter.subject.contains(['{', '}']));
        assert!(letter.text.len() < 1_000, "{} is too long to be read", rule.name);
    }
}

#[test]
fn rules_that_cannot_be_are_refused_by_name() {
    let text = include_str!("../../rules/reminders.toml");
    let wrong = |from: &str, to: &str| {
        Reminders::read(&text.replacen(from, to, 1)).unwrap_err().to_string()
    };

    assert_eq!(
        wrong("gap_h = 72", "gap_h = 0"),
        "rule `opened-officer` of the reminders: first_h is from 0 and gap_h from 1, both up to 100000"
    );
    assert!(wrong("opened-urgent", "opened-officer").contains("two rules share this name"));
    assert!(wrong("{sent} les", "{place} les").contains("`{` begins none of {release}"));
    assert!(wrong("to_h = 18", "to_h = 8").starts_with("hours 1 of the reminders"));
    assert!(wrong("to = \"officer\"", "to = \"minister\"").contains("minister"));
}

fn moment() -> impl Strategy<Value = Option<Timestamp>> {
    prop::option::of((0_i64..2_000).prop_map(after_h))
}

fn facts() -> impl Strategy<Value = Facts> {
    let events = (moment(), moment(), moment(), moment(), moment(), moment(), moment());
    let priority = 1_u8..=5;
    (events, priority, 1_i64..4_000).prop_map(|(events, priority, expires)| {
        let (opened, assigned, outcome, dispute_open, recalled, recall_opened, superseded) = events;
        let expires = after_h(expires);
        Facts {
            priority,
            opened,
            assigned,
            outcome,
            dispute_open,
            recalled,
            recall_opened,
            superseded,
            expires,
            ..sent()
        }
    })
}

proptest! {
    #[test]
    fn nothing_is_asked_of_them_after_an_outcome(facts in facts(), hours in 0_i64..5_000) {
        let facts = Facts { outcome: Some(after_h(1)), ..facts };
        for due in due(&facts, &builtin().unwrap(), after_h(hours)) {
            prop_assert_eq!(due.to, Level::Ours);
        }
    }

    #[test]
    fn nothing_is_due_before_its_age_and_no_key_twice(facts in facts(), hours in 0_i64..5_000) {
        let (rules, now) = (builtin().unwrap(), after_h(hours));
        let due = due(&facts, &rules, now);
        for one in &due {
            let rule = rules.rule(&one.rule).unwrap();
            let age_h = now.duration_since(one.since).as_secs_f64() / 3600.0;
            prop_assert!(rule.age_h(one.number) <= age_h + 1e-9);
            prop_assert!(one.at <= now);
            prop_assert_eq!(one.needs_approval, matches!(one.to, Level::Head | Level::Liaison));
        }
        let keys: BTreeSet<_> = due.iter().map(|one| &one.key).collect();
        prop_assert_eq!(keys.len(), due.len());
    }

    #[test]
    fn what_was_made_is_not_due_again_however_often_it_is_asked_for(facts in facts(), steps in prop::collection::vec(1_i64..400, 1..12)) {
        let rules = builtin().unwrap();
        let (mut facts, mut hours, mut all) = (facts, 0, BTreeSet::new());
        for step in steps {
            hours += step;
            for one in due(&facts, &rules, after_h(hours)) {
                prop_assert!(all.insert(one.key.clone()), "{} twice", one.key);
                facts.made.insert(one.key);
            }
            prop_assert!(due(&facts, &rules, after_h(hours)).is_empty());
        }
    }

    #[test]
    fn while_nothing_happens_numbers_only_rise(hours in 0_i64..2_000, later in 0_i64..500) {
        let rules = builtin().unwrap();
        let (before, after) = (due(&sent(), &rules, after_h(hours)), due(&sent(), &rules, after_h(hours + later)));
        for one in before {
            let same = after.iter().find(|other| other.rule == one.rule);
            prop_assert!(same.is_some_and(|other| other.number >= one.number && other.at >= one.at));
        }
    }

    #[test]
    fn hours_of_work_are_found_within_a_week_and_found_again(second in 0_i64..4_000_000_000, offset in -840_i32..840, from in 0_u8..23, day in 0_usize..7) {
        let hours = Hours { recipient: None, utc_offset_min: offset, from_h: from, to_h: from + 1, days: vec![Weekday::of(day as i64)] };
        let at = Timestamp::from_second(second).unwrap();
        let next = hours.next(at).unwrap();
        prop_assert!(next >= at && next.duration_since(at) <= SignedDuration::from_hours(7 * 24));
        prop_assert_eq!(hours.next(next), Some(next));
    }
}
