//! Drafts and releases in lines.

use cathartes_server::{Draft, FieldValue, Release, Told, desk::Prepared};
use serde_json::json;

/// What is said where usual words will not do.
#[derive(Debug, Clone, clap::Args)]
pub(super) struct Words {
    /// A heading
    #[arg(long, value_name = "TEXT")]
    title: Option<String>,
    /// What was found, in Spanish
    #[arg(long, value_name = "TEXT")]
    what_es: Option<String>,
    /// What was found, in English
    #[arg(long, value_name = "TEXT")]
    what_en: Option<String>,
    /// What is not known, in Spanish
    #[arg(long, value_name = "TEXT")]
    unknown_es: Option<String>,
    /// What is not known, in English
    #[arg(long, value_name = "TEXT")]
    unknown_en: Option<String>,
}

impl From<Words> for Told {
    fn from(Words { title, what_es, what_en, unknown_es, unknown_en }: Words) -> Self {
        Self { title, what_en, what_es, unknown_en, unknown_es }
    }
}

/// Both sides, field by field.
pub(super) fn prepared(prepared: &Prepared) -> String {
    let mut lines = vec![format!(
        "by the rules {}, {}",
        prepared.rules.name,
        prepared.cleared.marking.banner()
    )];
    for one in &prepared.cleared.differences {
        let leaves = match &one.after {
            None => "stays".to_owned(),
            Some(after) if *after == one.before => "leaves as it is".to_owned(),
            Some(after) => format!("leaves as {}", value(after)),
        };
        lines.push(format!("{:<20} {}", one.path.as_str(), value(&one.before)));
        lines.push(format!("{:<20} {leaves}: {} ({})", "", one.rule, one.why));
    }
    for one in &prepared.residual {
        lines.push(format!(
            "could be inferred, {}: {}",
            json!(one.strength).as_str().unwrap_or_default(),
            one.words
        ));
    }
    lines.join("\n")
}

/// The same for machines, without the pixels of pictures.
pub(super) fn json(prepared: &Prepared) -> String {
    let one = |one: &cathartes_server::Difference| {
        let after = one.after.as_ref().map(value);
        json!({ "path": one.path, "before": value(&one.before), "after": after, "rule": one.rule, "why": one.why })
    };
    let differences: Vec<_> = prepared.cleared.differences.iter().map(one).collect();
    json!({ "rules": prepared.rules.name, "differences": differences, "residual": prepared.residual })
        .to_string()
}

fn value(value: &FieldValue) -> String {
    match value {
        FieldValue::Picture(image) => {
            format!("picture of {} x {} pixels", image.width_px, image.height_px)
        }
        FieldValue::Words { words } => words.clone(),
        FieldValue::Name { name } => name.clone(),
        FieldValue::Names { names } => names.join(", "),
        FieldValue::Alias { alias } => alias.clone(),
        FieldValue::Id { id } => id.to_string(),
        FieldValue::At { at } => at.to_string(),
        FieldValue::Observed(period) => format!("{} to {}", period.from, period.to),
        FieldValue::Rate(rate) => format!("{} to {}", rate.low, rate.high),
        FieldValue::Probability { probability } => format!("{:.1} %", 100.0 * probability),
        FieldValue::Place { place, ellipse } => format!(
            "{:.5}, {:.5} within {:.0} x {:.0} m",
            place.latitude.0,
            place.longitude.0,
            2.0 * ellipse.semi_major.0,
            2.0 * ellipse.semi_minor.0
        ),
        FieldValue::Circle { middle, radius } => format!(
            "within {:.0} m of {:.5}, {:.5}",
            radius.0, middle.latitude.0, middle.longitude.0
        ),
        FieldValue::Cell { corners } => {
            let corner = |at: &cathartes_server::LatLon| {
                format!("{:.4}, {:.4}", at.latitude.0, at.longitude.0)
            };
            let corners: Vec<String> = corners.iter().map(corner).collect();
            format!("between {}", corners.join("; "))
        }
    }
}

/// One draft.
pub(super) fn draft(draft: &Draft) -> String {
    format!(
        "draft {}  {}  {} for {}  approved by {}  digest {}",
        draft.id,
        draft.state,
        draft.what.subject,
        draft.what.recipient,
        draft.approvals.len(),
        draft.what.manifest_sha256.0
    )
}

/// One release.
pub(super) fn release(release: &Release) -> String {
    let said = release.answer.as_ref().map(|answer| answer.state.word());
    let stands = match (&release.recalled, release.superseded_by) {
        (Some(_), _) => "recalled",
        (None, Some(_)) => "superseded",
        (None, None) if said.is_some() => said.unwrap_or_default(),
        _ if release.opened.is_some() => "opened",
        _ if release.sent.is_some() => "sent",
        _ => "waits to be carried",
    };
    format!(
        "release {}  {}  to {} as {}  {stands}  until {}",
        release.id, release.subject, release.recipient, release.alias, release.expires
    )
}
