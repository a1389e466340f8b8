//! What a statement says, part by part.

use cathartes_core::certificate::Verdict;
use cathartes_release::{
    figures::{By, History, Stretch, counts, grouped, waits},
    recipient::Language,
    survival::Curve,
};
use jiff::Timestamp;

use super::{
    Chart, DAY_S, Line, Section, Statement, Table, median_days,
    told::{reliability, truth},
    words::{by, days, say, share, stretch},
};

/// What is waited for longer than this is named among what is missing.
const LONG_DAYS: f64 = 90.0;
/// So many are named one by one.
const MOST_NAMED: usize = 40;
/// So many groups have a curve of their own.
const MOST_CURVES: usize = 4;

/// All parts, in their order.
pub(super) fn all(statement: &Statement, language: Language) -> Vec<Section> {
    let parts: [fn(&Statement, Language) -> Section; 8] =
        [basis, month, times, groups, truth, reliability, flights, missing];
    parts.into_iter().map(|part| part(statement, language)).collect()
}

pub(super) fn section(title: &str, lines: Vec<String>, table: Option<Table>) -> Section {
    Section { title: title.to_owned(), lines, table, charts: Vec::new() }
}

pub(super) fn texts<const N: usize>(language: Language, pairs: [(&str, &str); N]) -> Vec<String> {
    pairs.map(|(en, es)| say(language, en, es).to_owned()).to_vec()
}

fn moment(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d %H:%M UTC").to_string()
}

fn basis(statement: &Statement, language: Language) -> Section {
    let title = say(language, "What this rests on", "En qué se basa");
    let made = say(language, "Made", "Hecho");
    let entries = say(language, "entries in the audit log", "asientos en el registro de auditoría");
    let releases = say(language, "releases in the record", "avisos en el registro");
    let mut lines = vec![
        format!("{made}: {}. Cathartes {}.", moment(statement.made), env!("CARGO_PKG_VERSION")),
        format!("{} {entries}; {} {releases}.", statement.audit_entries, statement.histories.len()),
    ];
    match &statement.checkpoint {
        Some(text) => {
            let name = say(language, "Last checkpoint of the log", "Último punto de control");
            lines.push(format!("{name}: {}", text.split_whitespace().collect::<Vec<_>>().join(" ")));
        }
        None => lines.push(say(
            language,
            "There is no signed checkpoint of the log: this statement cannot be tied to what the log held when it was made.",
            "No hay punto de control firmado del registro: este informe no puede atarse a lo que el registro contenía al hacerse.",
        ).to_owned()),
    }
    lines.extend(texts(
        language,
        [(
            "Ranges in brackets hold the truth nine times in ten. What has not happened yet counts as waiting, never as absent.",
            "Los intervalos entre paréntesis contienen la verdad nueve de cada diez veces. Lo que aún no ha ocurrido cuenta como espera, nunca como ausente.",
        )],
    ));
    section(title, lines, None)
}

fn month(statement: &Statement, language: Language) -> Section {
    let title = say(language, "The month", "El mes");
    let of_month = statement.of_month();
    let counts = counts(of_month.iter().copied(), statement.made);
    let line = |en, es, what: String| format!("{}: {what}.", say(language, en, es));
    let [reminders, escalations] = statement.asked;
    let lines = vec![
        line("Sealed", "Sellados", of_month.len().to_string()),
        line("Opened, of those sent", "Abiertos, de los enviados", share(language, counts.receipt)),
        line("Answered", "Respondidos", share(language, counts.response)),
        line("With an outcome", "Con resultado", share(language, counts.outcome)),
        line(
            "Not there, of outcomes that tell",
            "Inexistentes, de los resultados que lo dicen",
            share(language, counts.false_alarm),
        ),
        line("Outcomes that tell neither", "Resultados que no lo dicen", counts.untold.to_string()),
        line("Reminders sent", "Recordatorios enviados", reminders.to_string()),
        line("Escalations sent", "Escalamientos enviados", escalations.to_string()),
    ];
    section(title, lines, None)
}

fn times(statement: &Statement, language: Language) -> Section {
    let title = say(language, "How long it takes", "Cuánto tarda");
    let columns = texts(
        language,
        [
            ("from - to", "de - a"),
            ("begun", "iniciados"),
            ("ended", "fin"),
            ("median, days", "mediana, días"),
            ("from", "de"),
            ("to", "a"),
            ("waiting after 7 d", "en espera a 7 d"),
            ("after 30 d", "a 30 d"),
            ("after 90 d", "a 90 d"),
        ],
    );
    let row = |of: Stretch| {
        let curve = Curve::of(&waits(&statement.histories, of, statement.made));
        let [median, low, high] = median_days(&curve).map(|value| days(language, value));
        let mut row = vec![stretch(language, of).to_owned()];
        row.extend([curve.count().to_string(), curve.ended().to_string(), median, low, high]);
        row.extend([7.0, 30.0, 90.0].map(|after| waiting(&curve, after)));
        row
    };
    let rows = Stretch::ALL.map(row).to_vec();
    let lines = texts(
        language,
        [(
            "Of everything up to now (Kaplan and Meier): those who have not got there count as waiting. \"Not yet\": half have not.",
            "De todo hasta ahora (Kaplan y Meier): lo que no ha llegado cuenta como espera. «Aún no»: la mitad no ha llegado.",
        )],
    );
    let mut section = section(title, lines, Some(Table { name: "times", columns, rows }));
    section.charts = vec![
        chart(statement, language, Stretch::SentToReceipt),
        chart(statement, language, Stretch::SentToOutcome),
    ];
    section
}

/// The share that waits, unless nobody was watched that long.
fn waiting(curve: &Curve, after_days: f64) -> String {
    let after = cathartes_core::units::Seconds(after_days * DAY_S);
    let watched = curve.steps.last().is_some_and(|last| last.after.0 >= after.0);
    if watched { format!("{:.0} %", 100.0 * curve.waiting_share(after)) } else { String::new() }
}

/// A curve for each of the recipients with the most, and one for all.
fn chart(statement: &Statement, language: Language, of: Stretch) -> Chart {
    let made = statement.made;
    let curve = |some: &[&History]| Curve::of(&waits(some.iter().copied(), of, made));
    let all: Vec<&History> = statement.histories.iter().collect();
    let everybody = say(language, "all", "todos");
    let mut lines = vec![Line { name: format!("{everybody} ({})", all.len()), curve: curve(&all) }];
    let mut groups: Vec<_> = grouped(&statement.histories, By::Recipient).into_iter().collect();
    groups.sort_by_key(|(_, some)| std::cmp::Reverse(some.len()));
    if groups.len() > 1 {
        let named = groups.iter().take(MOST_CURVES - 1);
        lines.extend(named.map(|(name, some)| Line {
            name: format!("{name} ({})", some.len()),
            curve: curve(some),
        }));
    }
    let title =
        format!("{}: {}", stretch(language, of), say(language, "still waiting", "aún en espera"));
    Chart::of(&title, say(language, "days", "días"), lines)
}

fn groups(statement: &Statement, language: Language) -> Section {
    let title =
        say(language, "By recipient, priority and reason", "Por destinatario, prioridad y motivo");
    let columns = texts(
        language,
        [
            ("by", "por"),
            ("which", "cuál"),
            ("opened", "abiertos"),
            ("answered", "respondidos"),
            ("with an outcome", "con resultado"),
            ("median to outcome, days", "mediana a resultado, días"),
        ],
    );
    let row = |of: By, name: &str, some: &[&History]| {
        let counts = counts(some.iter().copied(), statement.made);
        let outcome = waits(some.iter().copied(), Stretch::SentToOutcome, statement.made);
        let [median, ..] = median_days(&Curve::of(&outcome));
        let mut row = vec![by(language, of).to_owned(), name.to_owned()];
        let shares = [counts.receipt, counts.response, counts.outcome];
        row.extend(shares.map(|one| share(language, one)));
        row.push(days(language, median));
        row
    };
    let mut rows = Vec::new();
    for of in [By::Recipient, By::Priority, By::Reason] {
        let groups = grouped(&statement.histories, of);
        rows.extend(groups.iter().map(|(name, some)| row(of, name, some)));
    }
    section(title, Vec::new(), Some(Table { name: "groups", columns, rows }))
}

fn flights(statement: &Statement, language: Language) -> Section {
    let title = say(language, "Flights", "Vuelos");
    let columns = texts(
        language,
        [
            ("sortie", "salida"),
            ("operator", "operador"),
            ("purpose", "fin"),
            ("from", "desde"),
            ("verdict", "veredicto"),
            ("why", "por qué"),
        ],
    );
    let row = |one: &cathartes_store::KeptSortie| {
        let sortie = &one.sortie;
        vec![
            sortie.name.clone(),
            sortie.operator.clone(),
            sortie.purpose.clone(),
            moment(sortie.begins),
            sortie.verdict.to_string(),
            sortie.why.first().cloned().unwrap_or_default(),
        ]
    };
    let rows = statement.flights.iter().map(row).collect();
    let count =
        |of: Verdict| statement.flights.iter().filter(|one| one.sortie.verdict == of).count();
    let flown = say(language, "flown", "realizados");
    let kept = say(language, "kept to what held", "cumplieron");
    let broken = say(language, "did not", "no cumplieron");
    let unproven =
        say(language, "could not be proven either way", "sin prueba en uno u otro sentido");
    let lines = vec![format!(
        "{} {flown}: {} {kept}, {} {broken}, {} {unproven}.",
        statement.flights.len(),
        count(Verdict::Kept),
        count(Verdict::Broken),
        count(Verdict::NotProven),
    )];
    section(title, lines, Some(Table { name: "flights", columns, rows }))
}

fn missing(statement: &Statement, language: Language) -> Section {
    let title = say(language, "What is missing", "Qué falta");
    let made = statement.made;
    let columns = texts(
        language,
        [("release", "aviso"), ("recipient", "destinatario"), ("what", "qué"), ("days", "días")],
    );
    let mut rows = Vec::new();
    for one in &statement.histories {
        let Some((what, since)) = lacks(one, language) else { continue };
        let waited = made.duration_since(since).as_secs_f64() / DAY_S;
        if waited >= LONG_DAYS {
            rows.push(vec![
                one.release.clone(),
                one.recipient.clone(),
                what.to_owned(),
                format!("{waited:.0}"),
            ]);
        }
    }
    let long = rows.len();
    rows.truncate(MOST_NAMED);
    let without =
        |of: fn(&History) -> bool| statement.histories.iter().filter(|one| of(one)).count();
    let named = |en: &str, es: &str, count: usize| format!("{}: {count}.", say(language, en, es));
    let mut lines = vec![
        named("Waiting for more than 90 days", "En espera más de 90 días", long),
        named(
            "Releases without an instrument",
            "Avisos sin instrumento",
            without(|one| one.instrument.is_none()),
        ),
        named(
            "Releases without a probability",
            "Avisos sin probabilidad",
            without(|one| one.probability.is_none()),
        ),
        named(
            "Releases without a time of detection",
            "Avisos sin hora de detección",
            without(|one| one.detected.is_none()),
        ),
        named(
            "Flights that did not keep or are not proven",
            "Vuelos que no cumplieron o sin prueba",
            statement.not_kept(),
        ),
    ];
    if statement.flights.is_empty() {
        lines.push(
            say(
                language,
                "The record has no flights of this month: nothing is said of them.",
                "El registro no tiene vuelos de este mes: nada se dice de ellos.",
            )
            .to_owned(),
        );
    }
    section(title, lines, Some(Table { name: "missing", columns, rows }))
}

/// What a release waits for that still holds.
fn lacks(one: &History, language: Language) -> Option<(&'static str, Timestamp)> {
    if one.closed.is_some_and(|closed| one.released.is_some_and(|at| closed <= at))
        || one.ending.is_some()
    {
        return None;
    }
    let (en, es, since) = match (one.sent, one.received, one.assigned) {
        (None, ..) => ("not sent", "sin enviar", one.released?),
        (Some(_), _, Some(at)) => ("no outcome", "sin resultado", at),
        (Some(_), Some(at), None) => ("not assigned", "sin asignar", at),
        (Some(at), None, None) => ("not opened", "sin abrir", at),
    };
    Some((say(language, en, es), since))
}
