//! One way to speak to both databases: the same text with `$1`, the same five kinds of value.
//!
//! SQL is written twice only where the dialects differ, by [`Dialect::pick`].

use std::{path::Path, time::Duration};

use sqlx::{
    AssertSqlSafe, ConnectOptions, Decode, Executor, Postgres, Row as _, SqlStr, Sqlite,
    Transaction, Type,
    migrate::{Migration, MigrationType, Migrator},
    postgres::{PgConnectOptions, PgPool, PgPoolOptions, PgRow},
    sqlite::{
        SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteRow,
        SqliteSynchronous,
    },
};
use uuid::Uuid;

use crate::error::StoreError;

/// How long a writer waits for another process that writes.
const BUSY: Duration = Duration::from_secs(30);
/// More readers than cores only queue elsewhere.
const READERS: u32 = 4;
const CONNECTIONS: u32 = 16;
/// Rows that wait between the thread that reads and the one that asked: every wait is two switches of threads.
const ROWS_WAITING: usize = 1_000;
/// Bytes of the file that each reader sees as memory instead of copying them: a commit of anybody empties its cache.
const MAPPED: &str = "134217728";

/// A value on its way into a statement.
#[derive(Debug, Clone)]
pub(crate) enum Arg {
    Id(Option<Uuid>),
    Int(Option<i64>),
    Real(Option<f64>),
    Text(Option<String>),
    Bytes(Option<Vec<u8>>),
}

macro_rules! arg {
    ($($from:ty => $kind:ident $(via $to:ty)?;)*) => {$(
        impl From<$from> for Arg {
            fn from(value: $from) -> Self {
                $(let value = <$to>::from(value);)?
                Self::$kind(Some(value))
            }
        }
        impl From<Option<$from>> for Arg {
            fn from(value: Option<$from>) -> Self {
                $(let value = value.map(<$to>::from);)?
                Self::$kind(value)
            }
        }
    )*};
}

arg! {
    Uuid => Id;
    i64 => Int;
    f64 => Real;
    String => Text;
    &str => Text via String;
    Vec<u8> => Bytes;
    [u8; 32] => Bytes via Vec<u8>;
}

macro_rules! bound {
    ($sql:expr, $args:expr) => {{
        let mut query = sqlx::query($sql);
        for arg in $args {
            query = match arg {
                Arg::Id(value) => query.bind(value),
                Arg::Int(value) => query.bind(value),
                Arg::Real(value) => query.bind(value),
                Arg::Text(value) => query.bind(value),
                Arg::Bytes(value) => query.bind(value),
            };
        }
        query
    }};
}

/// A statement: text and values.
#[derive(Debug)]
pub(crate) struct Sql {
    text: SqlStr,
    args: Vec<Arg>,
}

impl Sql {
    /// PostgreSQL keeps no text with a NUL in it; so that both keep the same, nobody does.
    fn checked(self) -> Result<Self, StoreError> {
        let odd = |arg: &Arg| matches!(arg, Arg::Text(Some(text)) if text.contains('\0'));
        if self.args.iter().any(odd) {
            return Err(StoreError::Refused(
                "a text holds the character NUL: take it out".to_owned(),
            ));
        }
        Ok(self)
    }
}

#[cfg(test)]
impl Sql {
    /// The question how `SQLite` would do it.
    pub(crate) fn explained(self) -> Self {
        composed(format!("EXPLAIN QUERY PLAN {}", self.text.as_str()), self.args)
    }
}

/// A fixed statement.
pub(crate) fn sql<const N: usize>(text: &'static str, args: [Arg; N]) -> Sql {
    Sql { text: SqlStr::from_static(text), args: args.into() }
}

/// A statement put together from fixed pieces; values only ever go in by number.
pub(crate) fn composed(text: String, args: Vec<Arg>) -> Sql {
    Sql { text: sqlx::SqlSafeStr::into_sql_str(AssertSqlSafe(text)), args }
}

/// One more piece of a statement that is being put together.
pub(crate) fn add(text: &mut String, piece: &str) {
    text.push_str(piece);
}

/// Which database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dialect {
    Sqlite,
    Postgres,
}

impl Dialect {
    pub(crate) fn pick<T>(self, sqlite: T, postgres: T) -> T {
        match self {
            Self::Sqlite => sqlite,
            Self::Postgres => postgres,
        }
    }
}

/// Connections. `SQLite` has one writer, so that writers queue here in order instead of colliding.
#[derive(Debug, Clone)]
pub(crate) enum Pool {
    Sqlite { read: SqlitePool, write: SqlitePool },
    Postgres(PgPool),
}

/// An open transaction; dropped without a commit it never was.
pub(crate) enum Tx {
    Sqlite(Transaction<'static, Sqlite>),
    Postgres(Transaction<'static, Postgres>),
}

/// A row of a result.
pub(crate) enum Row {
    Sqlite(SqliteRow),
    Postgres(PgRow),
}

/// What can be read from a column of either database.
macro_rules! columns {
    ($($name:ident $ty:ty;)*) => {$(
        pub(crate) fn $name(&self, column: usize) -> Result<$ty, StoreError> {
            self.get(column)
        }
    )*};
}

impl Row {
    fn get<T>(&self, column: usize) -> Result<T, StoreError>
    where
        T: for<'r> Decode<'r, Sqlite> + Type<Sqlite>,
        T: for<'r> Decode<'r, Postgres> + Type<Postgres>,
    {
        Ok(match self {
            Self::Sqlite(row) => row.try_get(column)?,
            Self::Postgres(row) => row.try_get(column)?,
        })
    }

    columns! {
        id Uuid;
        maybe_id Option<Uuid>;
        int i64;
        maybe_int Option<i64>;
        real f64;
        maybe_real Option<f64>;
        text String;
        maybe_text Option<String>;
        bytes Vec<u8>;
        maybe_bytes Option<Vec<u8>>;
    }
}

impl Pool {
    /// Opens `SQLite` on a file, which is made when it is not there.
    pub(crate) async fn sqlite(file: &Path) -> Result<Self, StoreError> {
        let options = SqliteConnectOptions::new()
            .filename(file)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            // What is acknowledged is on the disk, also when the power fails.
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(BUSY)
            .row_buffer_size(ROWS_WAITING)
            .statement_cache_capacity(200)
            .disable_statement_logging();
        let write =
            SqlitePoolOptions::new().max_connections(1).connect_with(options.clone()).await?;
        let options = options.pragma("mmap_size", MAPPED);
        let read = SqlitePoolOptions::new().max_connections(READERS).connect_lazy_with(options);
        migrator(SQLITE).run(&write).await?;
        Ok(Self::Sqlite { read, write })
    }

    pub(crate) async fn postgres(url: &str) -> Result<Self, StoreError> {
        let options: PgConnectOptions = url.parse()?;
        // Compiling a statement takes a hundred times as long as any of ours does.
        let options = options.disable_statement_logging().options([("jit", "off")]);
        let pool = PgPoolOptions::new().max_connections(CONNECTIONS).connect_with(options).await?;
        migrator(POSTGRES).run(&pool).await?;
        Ok(Self::Postgres(pool))
    }

    pub(crate) fn dialect(&self) -> Dialect {
        match self {
            Self::Sqlite { .. } => Dialect::Sqlite,
            Self::Postgres(_) => Dialect::Postgres,
        }
    }

    /// Rows as they are committed now.
    pub(crate) async fn rows(&self, sql: Sql) -> Result<Vec<Row>, StoreError> {
        let sql = sql.checked()?;
        Ok(match self {
            Self::Sqlite { read, .. } => {
                let rows = bound!(sql.text, sql.args).fetch_all(read).await?;
                rows.into_iter().map(Row::Sqlite).collect()
            }
            Self::Postgres(pool) => {
                let rows = bound!(sql.text, sql.args).fetch_all(pool).await?;
                rows.into_iter().map(Row::Postgres).collect()
            }
        })
    }

    pub(crate) async fn row(&self, sql: Sql) -> Result<Option<Row>, StoreError> {
        Ok(self.rows(sql).await?.into_iter().next())
    }

    /// A transaction that writes.
    pub(crate) async fn write(&self) -> Result<Tx, StoreError> {
        Ok(match self {
            // Upgrading a read lock later is what makes SQLite give up without waiting.
            Self::Sqlite { write, .. } => Tx::Sqlite(write.begin_with("BEGIN IMMEDIATE").await?),
            Self::Postgres(pool) => Tx::Postgres(pool.begin().await?),
        })
    }

    /// A transaction that sees one moment, whatever others write meanwhile.
    pub(crate) async fn snapshot(&self) -> Result<Tx, StoreError> {
        Ok(match self {
            Self::Sqlite { read, .. } => Tx::Sqlite(read.begin().await?),
            Self::Postgres(pool) => {
                let start = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
                Tx::Postgres(pool.begin_with(start).await?)
            }
        })
    }

    pub(crate) async fn close(&self) {
        match self {
            Self::Sqlite { read, write } => {
                read.close().await;
                write.close().await;
            }
            Self::Postgres(pool) => pool.close().await,
        }
    }
}

impl Tx {
    pub(crate) fn dialect(&self) -> Dialect {
        match self {
            Self::Sqlite(_) => Dialect::Sqlite,
            Self::Postgres(_) => Dialect::Postgres,
        }
    }

    /// Runs a statement; gives the number of rows it touched.
    pub(crate) async fn run(&mut self, sql: Sql) -> Result<u64, StoreError> {
        let sql = sql.checked()?;
        Ok(match self {
            Self::Sqlite(tx) => tx.execute(bound!(sql.text, sql.args)).await?.rows_affected(),
            Self::Postgres(tx) => tx.execute(bound!(sql.text, sql.args)).await?.rows_affected(),
        })
    }

    pub(crate) async fn rows(&mut self, sql: Sql) -> Result<Vec<Row>, StoreError> {
        let sql = sql.checked()?;
        Ok(match self {
            Self::Sqlite(tx) => {
                let rows = tx.fetch_all(bound!(sql.text, sql.args)).await?;
                rows.into_iter().map(Row::Sqlite).collect()
            }
            Self::Postgres(tx) => {
                let rows = tx.fetch_all(bound!(sql.text, sql.args)).await?;
                rows.into_iter().map(Row::Postgres).collect()
            }
        })
    }

    pub(crate) async fn row(&mut self, sql: Sql) -> Result<Option<Row>, StoreError> {
        Ok(self.rows(sql).await?.into_iter().next())
    }

    pub(crate) async fn commit(self) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(tx) => tx.commit().await?,
            Self::Postgres(tx) => tx.commit().await?,
        }
        Ok(())
    }
}

type Step = (i64, &'static str, &'static str);

const SQLITE: &[Step] = &[
    (1, "record", include_str!("../migrations/sqlite/1_record.sql")),
    (2, "sites", include_str!("../migrations/sqlite/2_sites.sql")),
    (3, "credentials", include_str!("../migrations/sqlite/3_credentials.sql")),
    (4, "reviews", include_str!("../migrations/sqlite/4_reviews.sql")),
    (5, "kinds", include_str!("../migrations/sqlite/5_kinds.sql")),
    (6, "standings", include_str!("../migrations/sqlite/6_standings.sql")),
    (7, "flights", include_str!("../migrations/sqlite/7_flights.sql")),
    (8, "releases", include_str!("../migrations/sqlite/8_releases.sql")),
    (9, "audit_tree", include_str!("../migrations/sqlite/9_audit_tree.sql")),
    (10, "recall_dossier", include_str!("../migrations/sqlite/10_recall_dossier.sql")),
    (11, "site_points", include_str!("../migrations/sqlite/11_site_points.sql")),
];
const POSTGRES: &[Step] = &[
    (1, "record", include_str!("../migrations/postgres/1_record.sql")),
    (2, "sites", include_str!("../migrations/postgres/2_sites.sql")),
    (3, "credentials", include_str!("../migrations/postgres/3_credentials.sql")),
    (4, "reviews", include_str!("../migrations/postgres/4_reviews.sql")),
    (5, "kinds", include_str!("../migrations/postgres/5_kinds.sql")),
    (6, "standings", include_str!("../migrations/postgres/6_standings.sql")),
    (7, "flights", include_str!("../migrations/postgres/7_flights.sql")),
    (8, "releases", include_str!("../migrations/postgres/8_releases.sql")),
    (9, "audit_tree", include_str!("../migrations/postgres/9_audit_tree.sql")),
    (10, "recall_dossier", include_str!("../migrations/postgres/10_recall_dossier.sql")),
    (11, "site_points", include_str!("../migrations/postgres/11_site_points.sql")),
];

/// The steps forward; there is no way back, and a database from the future is refused.
fn migrator(steps: &'static [Step]) -> Migrator {
    let step = |(version, name, text): &Step| {
        let text = SqlStr::from_static(text);
        Migration::new(*version, (*name).into(), MigrationType::Simple, text, false)
    };
    Migrator::with_migrations(steps.iter().map(step).collect())
}
