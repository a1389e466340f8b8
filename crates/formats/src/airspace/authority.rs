//! `cathartes-authority-1`: what is permitted and forbidden. `docs/certificate.md` has the form and its rules in full.
//!
//! All rules of that page are checked here, so that nobody has to check them again. Beyond them: a clause has no `/` in
//! its number, because two documents could share the name `NUMBER/CLAUSE` of a clause otherwise; and a permission is
//! for somebody.

use std::collections::BTreeSet;

use cathartes_core::{
    airspace::{Authority, Clause, Limit, Purpose, Rule, Volume},
    units::Metres,
};

use super::{
    AirspaceError,
    error::within,
    json::{self, Fields, Json, each},
    rings,
    when::{self, filled},
};

mod written;

pub use written::write;
pub(super) use written::{level, windows};

/// The word that says which form this is.
pub const FORM: &str = "cathartes-authority-1";
const LONGEST_TEXT: usize = 200;

const FIELDS: [&str; 7] = ["form", "issuer", "number", "valid", "operators", "aircraft", "clauses"];
const CLAUSE: [&str; 7] = ["number", "rule", "purposes", "operators", "aircraft", "volume", "when"];

/// Reads an authority.
///
/// # Errors
///
/// [`AirspaceError::WeaponsRefused`] when any of its purposes is that, whatever else is wrong with it; the others with
/// the clause, polygon, ring and vertex.
pub fn read(bytes: &[u8]) -> Result<Authority, AirspaceError> {
    let document = json::parse(bytes)?;
    refuse_weapons(&document)?;
    let fields = document.only(&FIELDS)?;
    form(fields, FORM)?;
    let authority = Authority {
        issuer: fields.need("issuer", line)?,
        number: fields.need("number", line)?,
        valid: fields.need("valid", when::period)?,
        operators: fields.maybe("operators", lines)?.unwrap_or_default(),
        aircraft: fields.maybe("aircraft", lines)?.unwrap_or_default(),
        clauses: clauses(fields)?,
    };
    for (i, clause) in authority.clauses.iter().enumerate() {
        for_somebody(&authority, clause).map_err(within("clause", i))?;
    }
    Ok(authority)
}

/// That a document says it is of a form.
pub(super) fn form(fields: Fields<'_>, form: &str) -> Result<(), AirspaceError> {
    let right = fields.need("form", Json::text)? == form;
    let what = || AirspaceError::new(format!("`form` is not `{form}`; is it the right file?"));
    if right { Ok(()) } else { Err(what()) }
}

/// Looked for before anything else, so that no other fault hides the attempt.
fn refuse_weapons(document: &Json) -> Result<(), AirspaceError> {
    let clauses = document.object()?.get("clauses").and_then(|c| c.list().ok()).unwrap_or_default();
    for (i, clause) in clauses.iter().enumerate() {
        let purposes = clause.object().ok().and_then(|clause| clause.get("purposes"));
        let purposes = purposes.map(|p| p.list().unwrap_or(std::slice::from_ref(p)));
        if purposes.unwrap_or_default().iter().any(armed) {
            let at = "`purposes`".to_owned();
            return Err(within("clause", i)(AirspaceError::WeaponsRefused { at }));
        }
    }
    Ok(())
}

/// Whether a purpose is weapons, however it is written.
pub(super) fn armed(purpose: &Json) -> bool {
    purpose.text().is_ok_and(|text| text.to_lowercase().contains("weapon"))
}

/// One of the four purposes.
pub(super) fn purpose(value: &Json) -> Result<Purpose, AirspaceError> {
    if armed(value) {
        return Err(AirspaceError::WeaponsRefused { at: "a purpose".to_owned() });
    }
    let text = value.text()?;
    let purpose = Purpose::ALL.into_iter().find(|purpose| purpose.word() == text);
    purpose.ok_or_else(|| {
        let words = Purpose::ALL.map(Purpose::word).join(", ");
        AirspaceError::new(format!("no purpose; there are {words}"))
    })
}

/// One line that says something.
pub(super) fn line(value: &Json) -> Result<String, AirspaceError> {
    let text = value.text()?;
    let fits = !text.trim().is_empty() && text.chars().count() <= LONGEST_TEXT;
    if !fits || text.chars().any(char::is_control) {
        return Err(AirspaceError::new("write one line of 1 to 200 characters"));
    }
    Ok(text.to_owned())
}

fn lines(value: &Json) -> Result<Vec<String>, AirspaceError> {
    each(value.list()?, "entry", line)
}

fn some_lines(value: &Json) -> Result<Vec<String>, AirspaceError> {
    filled(value).and_then(|_| lines(value))
}

fn clauses(fields: Fields<'_>) -> Result<Vec<Clause>, AirspaceError> {
    let clauses = fields.each("clauses", "clause", clause)?;
    let mut numbers = BTreeSet::new();
    for (i, Clause { number, .. }) in clauses.iter().enumerate() {
        if !numbers.insert(number) {
            let what = format!("another has the number `{number}` already; give it its own");
            return Err(within("clause", i)(AirspaceError::new(what)));
        }
    }
    Ok(clauses)
}

fn clause(value: &Json) -> Result<Clause, AirspaceError> {
    let fields = value.only(&CLAUSE)?;
    let clause = Clause {
        number: fields.need("number", clause_number)?,
        rule: fields.need("rule", rule)?,
        purposes: fields.maybe("purposes", purposes)?.unwrap_or_default(),
        operators: fields.maybe("operators", some_lines)?,
        aircraft: fields.maybe("aircraft", some_lines)?,
        volume: fields.need("volume", volume)?,
        windows: fields.maybe("when", when::windows)?.unwrap_or_default(),
    };
    if clause.rule == Rule::Permit && clause.purposes.is_empty() {
        let what = "a permission without a purpose; name what it is for in `purposes`";
        return Err(AirspaceError::new(what));
    }
    Ok(clause)
}

fn clause_number(value: &Json) -> Result<String, AirspaceError> {
    let number = line(value)?;
    if number.contains('/') {
        return Err(AirspaceError::new("a `/`, which divides document and clause; take it out"));
    }
    Ok(number)
}

fn rule(value: &Json) -> Result<Rule, AirspaceError> {
    let text = value.text()?;
    let rule = Rule::ALL.into_iter().find(|rule| rule.word() == text);
    rule.ok_or_else(|| AirspaceError::new("no rule; write permit or forbid"))
}

fn purposes(value: &Json) -> Result<Vec<Purpose>, AirspaceError> {
    each(value.list()?, "entry", purpose)
}

fn for_somebody(authority: &Authority, clause: &Clause) -> Result<(), AirspaceError> {
    let own =
        |own: &Option<Vec<String>>, document: &[String]| own.is_some() || !document.is_empty();
    let named =
        own(&clause.operators, &authority.operators) && own(&clause.aircraft, &authority.aircraft);
    if clause.rule == Rule::Permit && !named {
        let what =
            "a permission for nobody; name `operators` and `aircraft` here or for the document";
        return Err(AirspaceError::new(what));
    }
    Ok(())
}

fn volume(value: &Json) -> Result<Volume, AirspaceError> {
    let fields = value.only(&["polygons", "floor", "ceiling"])?;
    fields.need("polygons", filled)?;
    let polygons = fields.each("polygons", "polygon", rings::polygon)?;
    let volume = Volume {
        polygons,
        floor: fields.need("floor", limit)?,
        ceiling: fields.maybe("ceiling", limit)?,
    };
    upright(&volume)?;
    Ok(volume)
}

/// That something lies between floor and ceiling, as far as both are counted from the same.
pub(super) fn upright(volume: &Volume) -> Result<(), AirspaceError> {
    let between = match (volume.floor, volume.ceiling) {
        (Limit::Amsl(floor), Some(Limit::Amsl(ceiling)))
        | (Limit::Pressure(floor), Some(Limit::Pressure(ceiling))) => floor < ceiling,
        (Limit::Agl(floor), Some(Limit::Agl(ceiling))) => floor.0.max(0.0) < ceiling.0,
        (_, Some(ceiling @ Limit::Agl(_))) => !ceiling.is_ground(),
        _ => true,
    };
    if between {
        return Ok(());
    }
    Err(AirspaceError::new("the floor is not below the ceiling; exchange or mend them"))
}

fn limit(value: &Json) -> Result<Limit, AirspaceError> {
    let fields = value.only(&["amsl_m", "agl_m", "flight_level"])?;
    let metres = |name| fields.maybe(name, |height| height.number().map(Metres));
    let level =
        |level: &Json| level.number().map(|n| Limit::Pressure(Metres(n * Limit::FLIGHT_LEVEL.0)));
    let amsl = metres("amsl_m")?.map(Limit::Amsl);
    let agl = metres("agl_m")?.map(Limit::Agl);
    let given = [amsl, agl, fields.maybe("flight_level", level)?];
    let mut given = given.into_iter().flatten();
    match (given.next(), given.next()) {
        (Some(limit), None) => Ok(limit),
        _ => Err(AirspaceError::new("write one of amsl_m, agl_m and flight_level, not two")),
    }
}

#[cfg(test)]
pub(super) mod tests;
