//! One aircraft with what it can do for each requirement, and the ways between.
//!
//! A node is the base (0) or a requirement (its number and 1). A piece is what is flown at a requirement, or the way from
//! one node to another. Whether a piece keeps to the authorities is asked of [`Airspace::certify`] and depends on the
//! time only where a clause begins or ends: between two such moments the answer is kept.

use std::{cell::RefCell, collections::HashMap, rc::Rc};

use cathartes_core::{
    airspace::{Purpose, Rule},
    certificate::Verdict,
    sortie::Pattern,
    track::Track,
};
use jiff::Timestamp;

use crate::{airspace::Airspace, when};

use super::{
    changes,
    craft::Craft,
    level::{Ground, Level},
    plane::{Plane, Point},
    room::{Room, Setting},
    steps::{Layer, Step, duration_s, fixes, later},
};

/// It may take off every half hour, and whenever something begins or ends to be in force.
const STEP_S: f64 = 1_800.0;
const MOST_DEPARTURES: u32 = 96;
/// Times at which a piece is tried before it is given up.
const MOST_TRIES: usize = 8;

/// What an aircraft does for a requirement.
#[derive(Debug, Clone)]
pub(crate) struct Task {
    pub(crate) sensor: usize,
    pub(crate) pattern: Pattern,
    pub(crate) purpose: Purpose,
    pub(crate) level: Level,
    pub(crate) entry: Point,
    pub(crate) exit: Point,
    pub(crate) steps: Vec<Step>,
    pub(crate) detection_probability: f64,
    pub(crate) daylight: bool,
}

/// Something that is flown without a choice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Piece {
    /// At a node.
    Task(usize),
    /// From one node to another.
    Way(usize, usize),
}

type Steps = Option<Rc<Vec<Step>>>;
/// By purpose and level.
type Rooms = HashMap<(Purpose, (bool, u64)), Rc<Room>>;

/// One aircraft made ready.
#[derive(Debug)]
pub(crate) struct Crew<'a> {
    pub(crate) craft: Craft<'a>,
    pub(crate) airspace: &'a Airspace,
    pub(crate) ground: Ground<'a>,
    pub(crate) plane: Plane,
    pub(crate) known: Option<[f64; 2]>,
    pub(crate) base: Point,
    /// By node; the base does nothing.
    pub(crate) tasks: Vec<Option<Task>>,
    /// When anything begins or ends to be in force, seconds since 1970.
    changes_s: Vec<f64>,
    rooms: RefCell<Rooms>,
    ways: RefCell<HashMap<Piece, Steps>>,
    kept: RefCell<HashMap<(Piece, i64), bool>>,
}

impl<'a> Crew<'a> {
    pub(crate) fn new(
        airspace: &'a Airspace,
        craft: Craft<'a>,
        ground: Ground<'a>,
        (plane, known): (Plane, Option<[f64; 2]>),
    ) -> Self {
        let clauses: Vec<_> = Purpose::ALL
            .into_iter()
            .flat_map(|purpose| {
                let track = craft.track(purpose);
                [Rule::Permit, Rule::Forbid].map(|rule| airspace.of(&track, rule))
            })
            .flatten()
            .collect();
        let changes_s = changes::moments(&clauses, craft.aircraft.ready);
        let base = plane.of(craft.aircraft.base);
        let (rooms, ways, kept) = Default::default();
        Self {
            craft,
            airspace,
            ground,
            plane,
            known,
            base,
            tasks: vec![None],
            changes_s,
            rooms,
            ways,
            kept,
        }
    }

    pub(crate) fn layer(&self) -> Layer<'_> {
        Layer { plane: self.plane, ground: self.ground, craft: &self.craft }
    }

    pub(crate) fn room(&self, purpose: Purpose, level: Level) -> Rc<Room> {
        let key = (purpose, level.key());
        if let Some(room) = self.rooms.borrow().get(&key) {
            return Rc::clone(room);
        }
        let setting = Setting {
            airspace: self.airspace,
            ground: self.ground,
            known: self.known,
            plane: self.plane,
        };
        let room = Rc::new(Room::new(&setting, &self.craft, purpose, level));
        self.rooms.borrow_mut().insert(key, Rc::clone(&room));
        room
    }

    /// Heights at which it may be worth flying, of those between two.
    pub(crate) fn beside_limits(&self, purpose: Purpose, [low, high]: [f64; 2]) -> Vec<f64> {
        let track = self.craft.track(purpose);
        let by_m = self.craft.allowances.height.0 + 1.0;
        let ground = self.known.unwrap_or([self.ground.base_m; 2]);
        let clauses = [Rule::Permit, Rule::Forbid].map(|rule| self.airspace.of(&track, rule));
        let volumes = clauses.iter().flatten().map(|one| &one.clause.volume);
        let limits = volumes.flat_map(|volume| [Some(volume.floor), volume.ceiling]);
        let heights = limits.flatten().flat_map(|limit| self.ground.beside(limit, ground, by_m));
        heights.filter(|height_m| (low..=high).contains(height_m)).collect()
    }

    /// The moments at which it may take off.
    pub(crate) fn departures(&self) -> impl Iterator<Item = Timestamp> + '_ {
        let ready = self.craft.aircraft.ready;
        let [from_s, to_s] = [ready.from, ready.to].map(when::seconds);
        let mut after_s: Vec<f64> = (0..MOST_DEPARTURES).map(|i| f64::from(i) * STEP_S).collect();
        let aside_s = self.craft.allowances.time.0 + 1.0;
        after_s.extend(self.changes_s.iter().map(|at_s| at_s + aside_s - from_s));
        after_s.retain(|after_s| (0.0..=to_s - from_s).contains(after_s));
        after_s.sort_by(f64::total_cmp);
        after_s.into_iter().filter_map(move |after_s| later(ready.from, after_s))
    }

    /// Whether steps are kept at any time at which something changes.
    pub(crate) fn ever_kept(&self, steps: &[Step], purpose: Purpose) -> bool {
        let mut epochs: Vec<i64> = Vec::new();
        let all = self.departures();
        all.filter(|start| {
            let epoch = self.epoch(steps, *start);
            let new = epoch < 0 || !epochs.contains(&epoch);
            epochs.push(epoch);
            new
        })
        .take(MOST_TRIES)
        .any(|start| self.certify(steps, purpose, start))
    }

    fn certify(&self, steps: &[Step], purpose: Purpose, start: Timestamp) -> bool {
        let fixes = fixes(steps, start, self.ground.pressure_m);
        let track = Track { fixes, ..self.craft.track(purpose) };
        self.airspace.certify(&track).verdict == Verdict::Kept
    }

    /// Between which changes steps lie that begin at a moment; -1 where they go over one.
    fn epoch(&self, steps: &[Step], start: Timestamp) -> i64 {
        let aside_s = self.craft.allowances.time.0 + 1.0;
        let from_s = when::seconds(start) - aside_s;
        let to_s = when::seconds(start) + duration_s(steps) + aside_s;
        let before = |at_s: f64| self.changes_s.partition_point(|change_s| *change_s <= at_s);
        if before(from_s) == before(to_s) { before(from_s) as i64 } else { -1 }
    }

    /// The way from one node to another, where there is one.
    pub(crate) fn way(&self, from: usize, to: usize, purpose: Purpose) -> Steps {
        let piece = Piece::Way(from, to);
        if let Some(way) = self.ways.borrow().get(&piece) {
            return way.clone();
        }
        let way = self.find_way(from, to, purpose).map(Rc::new);
        self.ways.borrow_mut().insert(piece, way.clone());
        way
    }

    fn find_way(&self, from: usize, to: usize, purpose: Purpose) -> Option<Vec<Step>> {
        let task = |node: usize| self.tasks.get(node).and_then(Option::as_ref);
        let start = task(from).map_or(self.base, |task| task.exit);
        let end = task(to).map_or(self.base, |task| task.entry);
        let height = |node: usize, at: Point| {
            task(node).map_or(self.craft.aircraft.base_height.0, |task| {
                self.layer().height_m(at, task.level)
            })
        };
        let heights = [height(from, start), height(to, end)];
        // At the level of what comes, else of what was.
        let levels = [task(to), task(from)].into_iter().flatten().map(|task| task.level);
        levels.into_iter().find_map(|level| {
            let line = self.room(purpose, level).way(start, end)?;
            let steps = self.joined(&line, level, heights);
            self.ever_kept(&steps, purpose).then_some(steps)
        })
    }

    /// A line with a spiral at both ends where it begins and ends at other heights.
    fn joined(&self, line: &[Point], level: Level, [from_m, to_m]: [f64; 2]) -> Vec<Step> {
        let mut steps = self.layer().steps(line, level);
        let craft = &self.craft;
        if let Some(first) = steps.first().copied().filter(|first| first.height_m != from_m) {
            let climb_s = craft.climb_s(from_m, first.height_m);
            for step in &mut steps {
                step.at_s += climb_s;
            }
            steps.insert(0, Step { height_m: from_m, ..first });
        }
        if let Some(last) = steps.last_mut() {
            // It turns to what comes.
            last.at_s +=
                std::f64::consts::PI * craft.aircraft.platform.turn_radius.0 / craft.speed_m_s;
        }
        if let Some(last) = steps.last().copied().filter(|last| last.height_m != to_m) {
            let at_s = last.at_s + craft.climb_s(last.height_m, to_m);
            steps.push(Step { height_m: to_m, at_s, ..last });
        }
        steps
    }

    /// Whether a piece keeps to the authorities when it begins at a moment.
    pub(crate) fn keeps(
        &self,
        piece: Piece,
        steps: &[Step],
        purpose: Purpose,
        start: Timestamp,
    ) -> bool {
        let epoch = self.epoch(steps, start);
        let key = (piece, if epoch < 0 { -start.as_millisecond() } else { epoch });
        if let Some(kept) = self.kept.borrow().get(&key) {
            return *kept;
        }
        let kept = self.certify(steps, purpose, start);
        self.kept.borrow_mut().insert(key, kept);
        kept
    }

    /// The node of a requirement.
    pub(crate) fn node(requirement: usize) -> usize {
        requirement + 1
    }

    pub(crate) fn task(&self, requirement: usize) -> Option<&Task> {
        self.tasks.get(Self::node(requirement)).and_then(Option::as_ref)
    }
}
