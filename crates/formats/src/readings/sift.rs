//! The rules that take rows out, one after the other, each on what the one before left.

use std::collections::{BTreeMap, HashMap};

use cathartes_core::units::Seconds;

use super::{AROUND_ZERO, At, Gap, Kind, LeftOut, MOVED, ONE_IN, PILED, Reason, Row, Table};

/// Silence of so many usual intervals is a gap.
const GAP: f64 = 10.0;

/// What one rule says of a series: for each row, whether it goes and why.
type Verdict = Vec<Option<Reason>>;

pub(super) fn sift(table: &mut Table) -> Vec<Gap> {
    let mut series: BTreeMap<(usize, usize), Vec<Row>> = BTreeMap::new();
    for row in std::mem::take(&mut table.rows) {
        series.entry((row.gas, row.sensor)).or_default().push(row);
    }
    let mut gaps = Vec::new();
    for ((_, sensor), mut rows) in series {
        let fixed = table.sensors.get(sensor).is_some_and(|head| head.kind != Kind::Mobile);
        apply(&mut rows, &mut table.left_out, &in_order);
        if fixed {
            apply(&mut rows, &mut table.left_out, &moved);
        }
        for rule in [&stuck as &dyn Fn(&[Row]) -> Verdict, &saturated, &below_zero] {
            apply(&mut rows, &mut table.left_out, rule);
        }
        gaps.extend(silent(&rows));
        table.rows.extend(rows);
    }
    table.rows.sort_by(|a, b| a.time.0.total_cmp(&b.time.0).then(a.row.cmp(&b.row)));
    table.left_out.sort_by_key(|left| (left.row, left.reason));
    gaps
}

fn apply(rows: &mut Vec<Row>, left_out: &mut Vec<LeftOut>, rule: &dyn Fn(&[Row]) -> Verdict) {
    let verdict = rule(rows);
    let mut verdicts = verdict.into_iter();
    rows.retain(|row| match verdicts.next().flatten() {
        Some(reason) => {
            left_out.push(LeftOut { row: row.row, reason });
            false
        }
        None => true,
    });
}

/// All but the longest run of rising times (patience sorting; of equal runs the earlier rows).
fn in_order(rows: &[Row]) -> Verdict {
    let mut tops: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = Vec::with_capacity(rows.len());
    for (i, row) in rows.iter().enumerate() {
        let pile = tops.partition_point(|&top| rows[top].time < row.time);
        before.push(pile.checked_sub(1).and_then(|below| tops.get(below).copied()));
        match tops.get_mut(pile) {
            Some(top) if rows[*top].time == row.time => {}
            Some(top) => *top = i,
            None => tops.push(i),
        }
    }
    let mut kept = vec![false; rows.len()];
    let mut at = tops.last().copied();
    while let Some(i) = at {
        kept[i] = true;
        at = before[i];
    }
    let staying: HashMap<u64, &Row> = rows
        .iter()
        .zip(&kept)
        .filter(|(_, kept)| **kept)
        .map(|(row, _)| (row.time.0.to_bits(), row))
        .collect();
    let why = |row: &Row| match staying.get(&row.time.0.to_bits()) {
        Some(other) if other.value == row.value && other.near == row.near => Reason::Repeated,
        Some(_) => Reason::SecondAtOnce,
        None => Reason::TimeGoesBack,
    };
    rows.iter().zip(&kept).map(|(row, kept)| (!kept).then(|| why(row))).collect()
}

fn moved(rows: &[Row]) -> Verdict {
    let mut places: HashMap<[u64; 6], (usize, usize)> = HashMap::new();
    for (i, row) in rows.iter().enumerate() {
        places.entry(key(row)).or_insert((0, i)).0 += 1;
    }
    // Of places as common as each other, the first.
    let usual = places.values().max_by_key(|(count, first)| (*count, std::cmp::Reverse(*first)));
    let Some(&usual) = usual.and_then(|(_, first)| rows.get(*first)) else { return Vec::new() };
    let far = |row: &Row| {
        apart(row.near, usual.near) > MOVED.0
            || row.far.zip(usual.far).is_some_and(|(a, b)| apart(a, b) > MOVED.0)
    };
    rows.iter().map(|row| far(row).then_some(Reason::Moved)).collect()
}

fn key(row: &Row) -> [u64; 6] {
    let [a, b, c] = numbers(row.near).map(f64::to_bits);
    let [d, e, f] = row.far.map_or([f64::NAN; 3], numbers).map(f64::to_bits);
    [a, b, c, d, e, f]
}

fn numbers(at: At) -> [f64; 3] {
    match at {
        At::Local(place) => [place.east.0, place.north.0, place.up.0],
        At::Earth(place, up) => [place.longitude.0, place.latitude.0, up.0],
    }
}

/// In metres; of places on the Earth as on a sphere, which is right to one in a hundred.
fn apart(a: At, b: At) -> f64 {
    const METRES_PER_DEG: f64 = 111_195.0;
    let ([x, y, z], [u, v, w]) = (numbers(a), numbers(b));
    let (east, north) = match a {
        At::Local(_) => (1.0, 1.0),
        At::Earth(place, _) => {
            (METRES_PER_DEG * place.latitude.0.to_radians().cos(), METRES_PER_DEG)
        }
    };
    ((x - u) * east).hypot((y - v) * north).hypot(z - w)
}

/// The longest run goes, and then the next, until one is no surprise.
fn stuck(rows: &[Row]) -> Verdict {
    let mut runs: Vec<(usize, usize)> = Vec::new();
    for (i, row) in rows.iter().enumerate() {
        match runs.last_mut() {
            Some((first, length)) if rows[*first].value == row.value => *length += 1,
            _ => runs.push((i, 1)),
        }
    }
    let mut repeats: usize = runs.iter().map(|run| run.1 - 1).sum();
    let mut pairs = rows.len().saturating_sub(1);
    runs.sort_by_key(|run| std::cmp::Reverse(run.1));
    let mut verdict = vec![None; rows.len()];
    for (first, length) in runs {
        let inside = length - 1;
        let p = ((repeats - inside) as f64 + 1.0) / ((pairs - inside) as f64 + 2.0);
        let chance = rows.len() as f64 * p.powi(inside.try_into().unwrap_or(i32::MAX));
        if chance >= 1.0 / ONE_IN {
            break;
        }
        verdict[first..first + length].fill(Some(Reason::Stuck));
        (repeats, pairs) = (repeats - inside, pairs - inside);
    }
    verdict
}

fn saturated(rows: &[Row]) -> Verdict {
    let mut values: Vec<f64> = rows.iter().map(|row| row.value.0).collect();
    values.sort_by(f64::total_cmp);
    let upper = &values[values.len() / 2..];
    let mut counts: Vec<usize> = upper.chunk_by(|a, b| a == b).map(<[f64]>::len).collect();
    let piled = counts.pop().filter(|_| !counts.is_empty()).unwrap_or_default();
    let most = counts.into_iter().max().unwrap_or_default();
    let top = values.last().copied().filter(|_| piled >= PILED && piled > 3 * most);
    let at_top = |row: &Row| Some(row.value.0) == top;
    rows.iter().map(|row| at_top(row).then_some(Reason::Saturated)).collect()
}

fn below_zero(rows: &[Row]) -> Verdict {
    let below = rows.iter().filter(|row| row.value.0 < 0.0).count();
    let rare = below * AROUND_ZERO < rows.len();
    rows.iter().map(|row| (rare && row.value.0 < 0.0).then_some(Reason::BelowZero)).collect()
}

fn silent(rows: &[Row]) -> Vec<Gap> {
    let between = |pair: &[Row]| match pair {
        [a, b] => b.time.0 - a.time.0,
        _ => 0.0,
    };
    let mut intervals: Vec<f64> = rows.windows(2).map(between).collect();
    let middle = intervals.len() / 2;
    if intervals.is_empty() {
        return Vec::new();
    }
    let usual = *intervals.select_nth_unstable_by(middle, f64::total_cmp).1;
    rows.windows(2)
        .filter(|pair| between(pair) > GAP * usual)
        .filter_map(|pair| {
            let after = pair.last()?;
            Some(Gap { row: after.row, sensor: after.sensor, length: Seconds(between(pair)) })
        })
        .collect()
}
