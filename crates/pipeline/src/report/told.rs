//! Whether what was told was there: false alarms, Brier's score and the reliability of each term.

use cathartes_release::{
    figures::{By, History, Reliability, counts, grouped, scores},
    recipient::Language,
    words::likelihood,
};

use super::{
    Section, Statement, Table,
    sections::{section, texts},
    words::{by, say, share, which},
};

/// Who or what told of something, as two columns of a table say it, and what became of what they told.
fn told_by(statement: &Statement, language: Language) -> Vec<(String, String, Vec<&History>)> {
    let of = |by_: By| {
        let groups = grouped(&statement.histories, by_).into_iter();
        groups.map(move |(name, some)| {
            (by(language, by_).to_owned(), which(language, by_, name), some)
        })
    };
    [By::Instrument, By::Source, By::Band].into_iter().flat_map(of).collect()
}

/// How much of what was told was there.
pub(super) fn truth(statement: &Statement, language: Language) -> Section {
    let title = say(language, "Whether it was there", "Si estaba");
    let columns = texts(
        language,
        [
            ("by", "por"),
            ("which", "cuál"),
            ("not there", "inexistentes"),
            ("tell neither", "no lo dicen"),
            ("Brier score", "índice de Brier"),
            ("its deviation", "su desviación"),
        ],
    );
    let mut rows = Vec::new();
    for (of, name, some) in told_by(statement, language) {
        let counts = counts(some.iter().copied(), statement.made);
        let scores = scores(some.iter().copied(), statement.made);
        let score = |value: Option<f64>| value.map_or_else(String::new, |v| format!("{v:.3}"));
        rows.push(vec![
            of,
            name,
            share(language, counts.false_alarm),
            counts.untold.to_string(),
            score(scores.as_ref().map(|scores| scores.brier_ratio.value)),
            score(scores.as_ref().map(|scores| scores.brier_ratio.std)),
        ]);
    }
    let lines = texts(
        language,
        [(
            "Of what recipients looked at, which nobody drew by lot. Brier's score is 0 for who is always right and sure.",
            "De lo que los destinatarios miraron, que nadie sorteó. El índice de Brier es 0 para quien acierta siempre y con certeza.",
        )],
    );
    section(title, lines, Some(Table { name: "truth", columns, rows }))
}

/// How often what was called likely was there.
pub(super) fn reliability(statement: &Statement, language: Language) -> Section {
    let title = say(language, "What was said, and what was", "Lo dicho y lo que fue");
    let Some(overall) = scores(&statement.histories, statement.made) else {
        let none = (
            "No release has both a probability and an outcome that tells.",
            "Ningún aviso tiene probabilidad y resultado que lo diga.",
        );
        return section(title, texts(language, [none]), None);
    };
    let columns = texts(
        language,
        [
            ("by", "por"),
            ("which", "cuál"),
            ("term", "término"),
            ("mean of what was said", "media de lo dicho"),
            ("was there", "estaba"),
        ],
    );
    let row = |by: &str, which: &str, one: &Reliability| {
        vec![
            by.to_owned(),
            which.to_owned(),
            likelihood(language, one.term).to_owned(),
            format!("{:.0} %", 100.0 * one.said_probability),
            share(language, one.was),
        ]
    };
    let all = say(language, "all", "todos");
    let mut rows: Vec<_> = overall.reliability.iter().map(|one| row(all, "", one)).collect();
    for (of, name, some) in told_by(statement, language) {
        let Some(its) = scores(some.iter().copied(), statement.made) else { continue };
        rows.extend(its.reliability.iter().map(|one| row(&of, &name, one)));
    }
    let text = say(
        language,
        "Brier's score of all; who always says the share that was there has",
        "Índice de Brier de todos; quien dice siempre la proporción que estaba tiene",
    );
    let brier = overall.brier_ratio;
    let lines = vec![format!(
        "{text} {:.3}: {:.3} ± {:.3} ({}).",
        overall.climate_ratio, brier.value, brier.std, overall.count
    )];
    section(title, lines, Some(Table { name: "reliability", columns, rows }))
}
