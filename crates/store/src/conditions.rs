//! Conditions on findings, scenes and sites, in the SQL of either database.
//!
//! Fields are columns or properties. A property is looked into only where it is of the kind that it is
//! compared with, so that both databases find the same and neither stumbles.

use cathartes_core::filter::{Area, Comparison, Condition, Literal};
use uuid::Uuid;

use crate::{
    database::{Arg, Dialect, add},
    error::StoreError,
};

/// Longest name of a property.
const LONGEST_NAME: usize = 64;

/// What conditions are on; its table is called `o` in every statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum On {
    Findings,
    Scenes,
    /// Nobody recorded these, and no scene holds them.
    Sites,
}

/// Conditions as they are put together, and the values they speak of.
pub(crate) struct Conditions {
    on: On,
    pub(crate) text: String,
    pub(crate) args: Vec<Arg>,
}

impl Conditions {
    pub(crate) fn on(on: On) -> Self {
        Self { on, text: String::new(), args: Vec::new() }
    }

    /// The columns of when something began and ended.
    pub(crate) fn times(&self) -> [&'static str; 2] {
        match self.on {
            On::Findings | On::Sites => ["o.begins_us", "o.ends_us"],
            On::Scenes => ["o.time_us"; 2],
        }
    }

    /// The place of one more value.
    pub(crate) fn put(&mut self, arg: impl Into<Arg>) -> String {
        self.args.push(arg.into());
        format!("${}", self.args.len())
    }

    /// One more condition.
    pub(crate) fn and(&mut self, condition: &str) {
        add(&mut self.text, " AND ");
        add(&mut self.text, condition);
    }

    /// One more condition: that the place lies in a box, or the ground of a scene touches it.
    pub(crate) fn within(&mut self, area: Area) -> String {
        let (south, north) = (self.put(area.south.0), self.put(area.north.0));
        let (west, east) = (self.put(area.west.0), self.put(area.east.0));
        let over = area.west.0 > area.east.0;
        match self.on {
            On::Findings | On::Sites => {
                let across = if over { "OR" } else { "AND" };
                format!(
                    "(o.latitude_deg BETWEEN {south} AND {north} \
                     AND (o.longitude_deg >= {west} {across} o.longitude_deg <= {east}))"
                )
            }
            On::Scenes => {
                // Two stretches that both go over the antimeridian meet there.
                let (either, both) = (
                    format!("(o.west_deg <= {east} OR o.east_deg >= {west})"),
                    format!("(o.west_deg <= {east} AND o.east_deg >= {west})"),
                );
                let meet = if over {
                    format!("(o.west_deg > o.east_deg OR {either})")
                } else {
                    format!("({both} OR (o.west_deg > o.east_deg AND {either}))")
                };
                format!("(o.south_deg <= {north} AND o.north_deg >= {south} AND {meet})")
            }
        }
    }

    /// A condition of somebody's filter.
    ///
    /// # Errors
    ///
    /// [`StoreError::Refused`] for a field that is none, or compared with what it cannot be.
    pub(crate) fn filter(
        &mut self,
        dialect: Dialect,
        condition: &Condition,
    ) -> Result<String, StoreError> {
        Ok(match condition {
            Condition::All(all) => self.joined(dialect, all, " AND ")?,
            Condition::Any(any) => self.joined(dialect, any, " OR ")?,
            Condition::Not(not) => format!("NOT {}", self.filter(dialect, not)?),
            Condition::Compare(name, how, literal) => {
                let field = self.field(name)?;
                let (left, right) = self.compared(dialect, &field, literal)?;
                format!("({left} {} {right})", sign(*how))
            }
            Condition::Between(name, from, to) => {
                let field = self.field(name)?;
                let (left, from) = self.compared(dialect, &field, from)?;
                let (again, to) = self.compared(dialect, &field, to)?;
                format!("({left} >= {from} AND {again} <= {to})")
            }
            Condition::OneOf(name, literals) if literals.is_empty() => {
                return Err(StoreError::Refused(format!("`{name}` is to be one of nothing")));
            }
            Condition::OneOf(name, literals) => {
                let field = self.field(name)?;
                let one = |literal| {
                    let (left, right) = self.compared(dialect, &field, literal)?;
                    Ok(format!("{left} = {right}"))
                };
                let any = literals.iter().map(one).collect::<Result<Vec<_>, StoreError>>()?;
                format!("({})", any.join(" OR "))
            }
            Condition::Like(name, pattern) => {
                let field = self.field(name)?;
                self.like(dialect, &field, pattern)?
            }
            Condition::Absent(name) => {
                let field = self.field(name)?;
                self.absent(dialect, &field)
            }
            Condition::Within(area) => self.within(*area),
        })
    }

    fn joined(
        &mut self,
        dialect: Dialect,
        conditions: &[Condition],
        by: &str,
    ) -> Result<String, StoreError> {
        if conditions.is_empty() {
            return Err(StoreError::Refused("a filter joins no conditions".to_owned()));
        }
        let each = conditions.iter().map(|condition| self.filter(dialect, condition));
        let each = each.collect::<Result<Vec<_>, _>>()?;
        Ok(format!("({})", each.join(by)))
    }

    /// A field and the place of a value, when one can be compared with the other.
    fn compared(
        &mut self,
        dialect: Dialect,
        field: &Field,
        literal: &Literal,
    ) -> Result<(String, String), StoreError> {
        let (left, right): (String, Arg) = match (field, literal) {
            (Field::Text(column), Literal::Text(text)) => {
                ((*column).to_owned(), text.as_str().into())
            }
            (Field::Moment(column), Literal::Moment(moment)) => {
                ((*column).to_owned(), moment.as_microsecond().into())
            }
            (Field::Id(column), Literal::Text(text)) => {
                let what = || StoreError::Refused(format!("`{}` is no id", text.escape_debug()));
                let id: Uuid = text.parse().map_err(|_| what())?;
                ((*column).to_owned(), id.into())
            }
            (Field::Property(name), Literal::Number(number)) => {
                (self.number(dialect, name), (*number).into())
            }
            (Field::Property(name), Literal::Text(text)) => {
                (self.text(dialect, name), text.as_str().into())
            }
            (field, _) => return Err(StoreError::Refused(field.wants())),
        };
        Ok((left, self.put(right)))
    }

    fn number(&mut self, dialect: Dialect, name: &str) -> String {
        let at = self.property(dialect, name);
        match dialect {
            Dialect::Sqlite => format!(
                "(CASE WHEN json_type(o.properties, {at}) IN ('integer', 'real') \
                 THEN json_extract(o.properties, {at}) END)"
            ),
            Dialect::Postgres => format!(
                "(CASE WHEN json_typeof(o.properties::json -> {at}) = 'number' \
                 THEN (o.properties::json ->> {at})::double precision END)"
            ),
        }
    }

    fn text(&mut self, dialect: Dialect, name: &str) -> String {
        let at = self.property(dialect, name);
        match dialect {
            Dialect::Sqlite => format!(
                "(CASE WHEN json_type(o.properties, {at}) = 'text' \
                 THEN json_extract(o.properties, {at}) END)"
            ),
            Dialect::Postgres => format!(
                "(CASE WHEN json_typeof(o.properties::json -> {at}) = 'string' \
                 THEN o.properties::json ->> {at} END)"
            ),
        }
    }

    fn property(&mut self, dialect: Dialect, name: &str) -> String {
        self.put(dialect.pick(format!("$.{name}"), name.to_owned()))
    }

    fn like(
        &mut self,
        dialect: Dialect,
        field: &Field,
        pattern: &str,
    ) -> Result<String, StoreError> {
        let left = match field {
            Field::Text(column) => (*column).to_owned(),
            Field::Property(name) => self.text(dialect, name),
            field => return Err(StoreError::Refused(field.wants())),
        };
        let what = || {
            let pattern = pattern.escape_debug();
            StoreError::Refused(format!("the pattern '{pattern}' ends within a pair: write \\\\"))
        };
        // LIKE of SQLite does not tell capitals, GLOB does.
        let glob = glob(pattern).ok_or_else(what)?;
        let (how, pattern) = dialect.pick(("GLOB", glob), ("LIKE", pattern.to_owned()));
        Ok(format!("({left} {how} {})", self.put(pattern)))
    }

    fn absent(&mut self, dialect: Dialect, field: &Field) -> String {
        match field {
            Field::Text(column) | Field::Moment(column) | Field::Id(column) => {
                format!("({column} IS NULL)")
            }
            Field::Property(name) => {
                let at = self.property(dialect, name);
                let there = dialect.pick(
                    format!("json_extract(o.properties, {at})"),
                    format!("o.properties::json ->> {at}"),
                );
                format!("(({there}) IS NULL)")
            }
        }
    }
}

/// What a filter can speak of.
enum Field {
    Text(&'static str),
    Moment(&'static str),
    Id(&'static str),
    Property(String),
}

impl On {
    /// The columns that a filter may speak of.
    fn column(self, name: &str) -> Option<Field> {
        Some(match (self, name) {
            (Self::Findings | Self::Sites, "gas") => Field::Text("o.gas"),
            (Self::Findings | Self::Sites, "begins") => Field::Moment("o.begins_us"),
            (Self::Findings | Self::Sites, "ends") => Field::Moment("o.ends_us"),
            (Self::Findings, "recorded_by") => Field::Text("o.created_by"),
            (Self::Findings, "scene") => Field::Id("o.scene"),
            (Self::Scenes, "name") => Field::Text("o.name"),
            (Self::Scenes, "begins") => Field::Moment("o.time_us"),
            (Self::Findings | Self::Scenes, "recorded") => Field::Moment("o.created_us"),
            (Self::Findings | Self::Scenes, "job") => Field::Id("o.job"),
            _ => return None,
        })
    }

    /// The same, for people.
    fn columns(self) -> &'static str {
        match self {
            Self::Findings => "gas, begins, ends, recorded, recorded_by, scene, job",
            Self::Scenes => "name, begins, recorded, job",
            Self::Sites => "gas, begins, ends",
        }
    }
}

impl Conditions {
    fn field(&self, name: &str) -> Result<Field, StoreError> {
        let usual = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_';
        if let Some(column) = self.on.column(name) {
            return Ok(column);
        }
        if self.on == On::Sites && On::Findings.column(name).is_some() {
            return Err(StoreError::Refused(format!("a site has no `{name}`")));
        }
        if name.len() <= LONGEST_NAME && !name.is_empty() && name.bytes().all(usual) {
            return Ok(Field::Property(name.to_owned()));
        }
        let name: String = name.chars().take(LONGEST_NAME).collect();
        let (name, columns) = (name.escape_debug(), self.on.columns());
        let what = format!("`{name}` is no field: {columns}, or a property such as mass_kg");
        Err(StoreError::Refused(what))
    }
}

impl Field {
    fn wants(&self) -> String {
        match self {
            Self::Text(column) => format!("`{}` is compared with a text", shown(column)),
            Self::Moment(column) => {
                format!("`{}` is compared with TIMESTAMP('2026-11-26T12:00:00Z')", shown(column))
            }
            Self::Id(column) => format!("`{}` is compared with an id as a text", shown(column)),
            Self::Property(name) => format!("`{name}` is compared with a number or a text"),
        }
    }
}

/// A column by the name that a filter knows it by.
fn shown(column: &str) -> &str {
    match column {
        "o.created_by" => "recorded_by",
        "o.created_us" => "recorded",
        "o.time_us" => "begins",
        column => column.trim_start_matches("o.").trim_end_matches("_us"),
    }
}

fn sign(how: Comparison) -> &'static str {
    match how {
        Comparison::Equal => "=",
        Comparison::Unequal => "<>",
        Comparison::Less => "<",
        Comparison::Greater => ">",
        Comparison::AtMost => "<=",
        Comparison::AtLeast => ">=",
    }
}

/// A pattern of `%`, `_` and a backslash before what stands for itself, as GLOB writes it; `None` when it
/// ends with the backslash.
fn glob(pattern: &str) -> Option<String> {
    let mut glob = String::with_capacity(pattern.len());
    let mut rest = pattern.chars();
    while let Some(c) = rest.next() {
        match c {
            '%' => glob.push('*'),
            '_' => glob.push('?'),
            c => {
                let itself = if c == '\\' { rest.next()? } else { c };
                if "*?[".contains(itself) {
                    glob.extend(['[', itself, ']']);
                } else {
                    glob.push(itself);
                }
            }
        }
    }
    Some(glob)
}
