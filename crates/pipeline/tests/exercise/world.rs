//! The other side of the exercise: the courier who takes files out of the outbox, links that lose and repeat, and officers who
//! answer or do not. What it knows of us it has from files alone.

use std::{
    collections::{BTreeMap, BTreeSet, BinaryHeap},
    fs,
    path::Path,
};

use cathartes_store::{Actor, AnswerState, NewAnswer, Opened, Outcome, Store, Via};
use jiff::{SignedDuration, Timestamp};
use rand::{RngExt, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::people::{self, Doing, Manner};

/// Days after which we have to reply.
const REPLY: SignedDuration = SignedDuration::from_hours(5 * 24);

#[derive(Debug, Clone)]
enum Event {
    /// A letter is on somebody's desk.
    Arrives { alias: String, above: bool, asks: bool },
    /// Somebody does something.
    Does { alias: String, doing: Doing },
    /// What they said is here.
    Said { alias: String, number: usize },
}

/// What an officer knows of one release.
#[derive(Debug, Default)]
struct Known {
    done: BTreeSet<u8>,
    /// That somebody is about to.
    doing: BTreeSet<u8>,
    letters: [u32; 3],
    said: Vec<NewAnswer>,
}

pub(crate) struct World {
    random: Xoshiro256PlusPlus,
    pub(crate) now: Timestamp,
    events: BinaryHeap<std::cmp::Reverse<(Timestamp, u64)>>,
    what: BTreeMap<u64, (usize, Event)>,
    events_made: u64,
    known: BTreeMap<String, Known>,
    /// Whether it is there, by what a recipient knows the release by.
    pub(crate) there: BTreeMap<String, bool>,
    /// Keys of messages that were taken, as often as they were.
    pub(crate) taken: Vec<String>,
    /// Letters that were lost, and answers.
    pub(crate) lost: [u64; 2],
}

impl World {
    pub(crate) fn new(seed: u64, now: Timestamp) -> Self {
        Self {
            random: Xoshiro256PlusPlus::seed_from_u64(seed),
            now,
            events: BinaryHeap::new(),
            what: BTreeMap::new(),
            events_made: 0,
            known: BTreeMap::new(),
            there: BTreeMap::new(),
            taken: Vec::new(),
            lost: [0; 2],
        }
    }

    pub(crate) fn chance(&mut self) -> f64 {
        self.random.random()
    }

    fn later(&mut self, after_h: f64, manner: usize, event: Event) {
        self.events_made += 1;
        let number = self.events_made;
        let at = self.now + SignedDuration::from_secs_f64(after_h * 3_600.0);
        self.events.push(std::cmp::Reverse((at, number)));
        self.what.insert(number, (manner, event));
    }

    /// Takes what is new in the outbox, and puts it on its way.
    pub(crate) fn collect(&mut self, outbox: &Path) {
        for (manner, of) in people::ALL.iter().enumerate() {
            let place = outbox.join(of.code);
            for (key, text) in new_files(&place) {
                self.taken.push(key.clone());
                let alias = text["body"]["release"].as_str().unwrap_or_default().to_owned();
                let kind = text["kind"].as_str().unwrap();
                let above = matches!(text["body"]["to"].as_str(), Some("head" | "liaison"));
                let asks = matches!(kind, "release" | "supersede" | "reminder" | "escalation");
                let arrivals = of.link.arrivals_h(&mut self.random);
                self.lost[0] += u64::from(arrivals.is_empty());
                for after_h in arrivals {
                    let event = Event::Arrives { alias: alias.clone(), above, asks };
                    self.later(after_h, manner, event);
                }
                fs::rename(place.join(&key), place.join("taken").join(&key)).unwrap();
            }
        }
    }

    /// Lets everything happen up to a moment.
    pub(crate) async fn until(&mut self, to: Timestamp, store: &Store) {
        while let Some(std::cmp::Reverse((at, number))) = self.events.peek().copied() {
            if at > to {
                break;
            }
            self.events.pop();
            self.now = at;
            let Some((manner, event)) = self.what.remove(&number) else { continue };
            match event {
                Event::Arrives { alias, above, asks } => {
                    if asks {
                        self.reads(manner, &alias, above);
                    }
                }
                Event::Does { alias, doing } => self.does(manner, &alias, doing),
                Event::Said { alias, number } => self.said(manner, &alias, number, store).await,
            }
        }
        self.now = to;
    }

    /// A letter is one chance for the next step; one that is noticed also has what was said before sent again.
    fn reads(&mut self, manner: usize, alias: &str, above: bool) {
        let of: &Manner = &people::ALL[manner];
        let known = self.known.entry(alias.to_owned()).or_default();
        let next = next(known);
        let Some(next) = next else {
            self.again(manner, alias);
            return;
        };
        known.letters[next as usize] += 1;
        let letters = known.letters[next as usize];
        let busy = known.doing.contains(&(next as u8));
        let acts = of.acts(&mut self.random, (next, letters), above);
        if let Some(after_h) = acts {
            self.again(manner, alias);
            if !busy {
                self.begin(manner, alias, next, after_h);
            }
        }
    }

    fn begin(&mut self, manner: usize, alias: &str, doing: Doing, after_h: f64) {
        let known = self.known.entry(alias.to_owned()).or_default();
        known.doing.insert(doing as u8);
        self.later(after_h, manner, Event::Does { alias: alias.to_owned(), doing });
    }

    fn again(&mut self, manner: usize, alias: &str) {
        let said = self.known.get(alias).map_or(0, |known| known.said.len());
        for number in 0..said {
            self.send(manner, alias, number);
        }
    }

    fn send(&mut self, manner: usize, alias: &str, number: usize) {
        let arrivals = people::ALL[manner].link.arrivals_h(&mut self.random);
        self.lost[1] += u64::from(arrivals.is_empty());
        for after_h in arrivals {
            let event = Event::Said { alias: alias.to_owned(), number };
            self.later(after_h, manner, event);
        }
    }

    fn does(&mut self, manner: usize, alias: &str, doing: Doing) {
        let of: &Manner = &people::ALL[manner];
        let disputes = doing == Doing::Open && self.chance() < of.disputes_share;
        let there = self.there.get(alias).copied().unwrap_or(true);
        let outcome = people::outcome(&mut self.random, there);
        let known = self.known.entry(alias.to_owned()).or_default();
        known.done.insert(doing as u8);
        known.doing.remove(&(doing as u8));
        let at = self.now;
        let mut add = |state, outcome: Option<&str>| {
            let number = known.said.len();
            known.said.push(answer(alias, (state, outcome), number, at));
            number
        };
        let mut numbers = vec![match doing {
            Doing::Open => add(AnswerState::Received, None),
            Doing::Assign => add(AnswerState::Assigned, None),
            Doing::End => add(AnswerState::Outcome, Some(outcome)),
        }];
        if disputes {
            numbers.push(add(AnswerState::Dispute, None));
        }
        for number in numbers {
            self.send(manner, alias, number);
        }
        // A step that was taken is one chance for the next, without a letter.
        let next = self.known.get(alias).and_then(next);
        if let Some(next) = next {
            let known = self.known.entry(alias.to_owned()).or_default();
            known.letters[next as usize] += 1;
            if let Some(after_h) = of.acts(&mut self.random, (next, 1), false) {
                self.begin(manner, alias, next, after_h);
            }
        }
    }

    /// What they said arrives here, on the page or in a file.
    async fn said(&mut self, manner: usize, alias: &str, number: usize, store: &Store) {
        let of: &Manner = &people::ALL[manner];
        let mut answer = self.known[alias].said[number].clone();
        let release = store.release_by_alias(of.code, alias).await.unwrap().unwrap();
        answer.release = release.id;
        tell(store, of.code, &answer, self.now).await;
    }
}

/// Keeps what a recipient says, as the page and the file do: having it is a receipt, anything else an answer.
pub(crate) async fn tell(store: &Store, code: &str, answer: &NewAnswer, now: Timestamp) {
    let by = Actor::Recipient(code.to_owned());
    store.add_receipt(&by, (answer.release, Opened::Release), answer.via, now).await.unwrap();
    if answer.state != AnswerState::Received {
        store.add_answer(&by, answer, now).await.unwrap();
    }
}

fn next(known: &Known) -> Option<Doing> {
    [Doing::Open, Doing::Assign, Doing::End]
        .into_iter()
        .find(|doing| !known.done.contains(&(*doing as u8)))
}

pub(crate) fn answer(
    alias: &str,
    (state, outcome): (AnswerState, Option<&str>),
    number: usize,
    at: Timestamp,
) -> NewAnswer {
    let outcome: Option<Outcome> = outcome.map(|word| word.parse().unwrap());
    let cannot = outcome == Some(Outcome::CannotAct);
    NewAnswer {
        release: Uuid::nil(),
        key: format!("{alias}/{number}"),
        state,
        outcome,
        details: json!({}),
        reason: cannot.then(|| "no_means".to_owned()),
        note: String::new(),
        via: Via::File,
        at,
        due: (state == AnswerState::Dispute).then(|| at + REPLY),
    }
}

/// Messages that nobody took, by the names of their files.
pub(crate) fn new_files(place: &Path) -> Vec<(String, Value)> {
    let Ok(all) = fs::read_dir(place) else { return Vec::new() };
    let names = all.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let is_message = |name: &String| Path::new(name).extension().is_some_and(|end| end == "json");
    let mut names: Vec<String> = names.filter(is_message).collect();
    names.sort();
    let read = |name: String| {
        let text = fs::read_to_string(place.join(&name)).unwrap();
        (name, serde_json::from_str(&text).unwrap())
    };
    names.into_iter().map(read).collect()
}
