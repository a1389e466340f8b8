use cathartes_core::units::Metres;
use cathartes_store::{Extent, Kind, Location, Query, Stage, Store, Subject, Tally, Verdict};
use sqlx::{
    SqlStr,
    migrate::{Migration, MigrationType, Migrator},
};

use super::{House, me, plume};

/// Tables of the first version with one plume in them, as that version wrote it.
const PLUME: &str = "INSERT INTO observation (id, kind, gas, properties, provenance, created_us, created_by) \
     SELECT {id}, 'plume', 'ch4', '{\"mass_kg\":2.5}', \
     '{\"inputs\":[],\"version\":\"0.1.0\",\"seed\":7,\"parameters\":[]}', 5, 'account:ana'";

pub(crate) async fn a_record_of_the_first_version_keeps_its_findings(house: &House) {
    let old = house.path("old");
    std::fs::create_dir(&old).unwrap();
    let location = Location { database: house.another_database(), ..Location::folder(&old) };
    let first = |text: &'static str| {
        let text = SqlStr::from_static(text);
        let step = Migration::new(1, "record".into(), MigrationType::Simple, text, false);
        Migrator::with_migrations(vec![step])
    };
    let uuid = "0190b6a0-0000-7000-8000-00000000001a";
    if let Some(url) = &location.database {
        let pool = sqlx::PgPool::connect(url).await.unwrap();
        let text = include_str!("../../migrations/postgres/1_record.sql");
        first(text).run(&pool).await.unwrap();
        let plume = PLUME.replace("{id}", &format!("'{uuid}'::uuid"));
        sqlx::raw_sql(sqlx::AssertSqlSafe(plume)).execute(&pool).await.unwrap();
        pool.close().await;
    } else {
        let url = format!("sqlite:{}?mode=rwc", old.join("cathartes.db").display());
        let pool = sqlx::SqlitePool::connect(&url).await.unwrap();
        let text = include_str!("../../migrations/sqlite/1_record.sql");
        first(text).run(&pool).await.unwrap();
        let plume = PLUME.replace("{id}", &format!("x'{}'", uuid.replace('-', "")));
        sqlx::raw_sql(sqlx::AssertSqlSafe(plume)).execute(&pool).await.unwrap();
        pool.close().await;
    }
    let store = Store::open(&location).await.unwrap();
    let found = store.findings(&Query::of(Kind::Plume, 10)).await.unwrap().items;
    let [finding] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!(finding.id.to_string(), uuid);
    assert_eq!(finding.found.properties["mass_kg"], 2.5);
    assert_eq!(store.extent().await.unwrap(), Extent::default());
    // One without a shape: maps look no farther for it than for a point.
    let tally = store.tally(Kind::Plume).await.unwrap();
    assert_eq!(tally, Tally { findings: 1, reach: Metres(0.0) });
    let standing = store.standing(Subject::Finding(finding.id)).await.unwrap().unwrap();
    assert_eq!((standing.stage, standing.round), (Stage::First, 1));
    let mut correction = plume(46.0, 7.0, 0);
    correction.supersedes = Some(finding.id);
    store.add_findings(&me(), &[correction.clone()]).await.unwrap();
    assert!(store.add_findings(&me(), &[correction]).await.is_err(), "it is corrected already");
    store.close().await;
}

/// Reviews of before there were stages: of one finding the last that stands counts, one wants a second look.
const REVIEWS: &str = "INSERT INTO review (id, subject_kind, subject, verdict, reason, supersedes, created_us, created_by) \
     VALUES ({1}, 'finding', {a}, 'confirm', '', NULL, 10, 'account:ana'), \
            ({2}, 'finding', {a}, 'reject', 'a flare', {1}, 20, 'account:ana'), \
            ({3}, 'finding', {b}, 'second_look', '', NULL, 30, 'account:eva')";

pub(crate) async fn what_was_reviewed_before_there_were_stages_stands_decided(house: &House) {
    let old = house.path("old");
    std::fs::create_dir(&old).unwrap();
    let location = Location { database: house.another_database(), ..Location::folder(&old) };
    let (a, b) = ("0190b6a0-0000-7000-8000-00000000001a", "0190b6a0-0000-7000-8000-00000000001b");
    let literal = |id: &str| match location.database {
        Some(_) => format!("'{id}'::uuid"),
        None => format!("x'{}'", id.replace('-', "")),
    };
    let insert = PLUME.replace("INTO observation", "INTO finding");
    let numbered = |n: u8| literal(&format!("0190b6a0-0000-7000-8000-0000000000a{n}"));
    let reviews = REVIEWS
        .replace("{1}", &numbered(1))
        .replace("{2}", &numbered(2))
        .replace("{3}", &numbered(3))
        .replace("{a}", &literal(a))
        .replace("{b}", &literal(b));
    let rows = [insert.replace("{id}", &literal(a)), insert.replace("{id}", &literal(b)), reviews];
    let steps = |texts: [&'static str; 5]| {
        let step = |(n, text): (usize, &'static str)| {
            let name = ["record", "sites", "credentials", "reviews", "kinds"][n].into();
            let text = SqlStr::from_static(text);
            Migration::new(n as i64 + 1, name, MigrationType::Simple, text, false)
        };
        Migrator::with_migrations(texts.into_iter().enumerate().map(step).collect())
    };
    if let Some(url) = &location.database {
        let pool = sqlx::PgPool::connect(url).await.unwrap();
        let texts = [
            include_str!("../../migrations/postgres/1_record.sql"),
            include_str!("../../migrations/postgres/2_sites.sql"),
            include_str!("../../migrations/postgres/3_credentials.sql"),
            include_str!("../../migrations/postgres/4_reviews.sql"),
            include_str!("../../migrations/postgres/5_kinds.sql"),
        ];
        steps(texts).run(&pool).await.unwrap();
        for row in rows {
            sqlx::raw_sql(sqlx::AssertSqlSafe(row)).execute(&pool).await.unwrap();
        }
        pool.close().await;
    } else {
        let url = format!("sqlite:{}?mode=rwc", old.join("cathartes.db").display());
        let pool = sqlx::SqlitePool::connect(&url).await.unwrap();
        let texts = [
            include_str!("../../migrations/sqlite/1_record.sql"),
            include_str!("../../migrations/sqlite/2_sites.sql"),
            include_str!("../../migrations/sqlite/3_credentials.sql"),
            include_str!("../../migrations/sqlite/4_reviews.sql"),
            include_str!("../../migrations/sqlite/5_kinds.sql"),
        ];
        steps(texts).run(&pool).await.unwrap();
        for row in rows {
            sqlx::raw_sql(sqlx::AssertSqlSafe(row)).execute(&pool).await.unwrap();
        }
        pool.close().await;
    }
    let store = Store::open(&location).await.unwrap();
    let standing = async |id: &str| {
        store.standing(Subject::Finding(id.parse().unwrap())).await.unwrap().unwrap()
    };
    let decided = standing(a).await;
    assert_eq!((decided.stage, decided.verdict), (Stage::Decided, Some(Verdict::Reject)));
    assert_eq!(decided.since.as_microsecond(), 20);
    let second = standing(b).await;
    assert_eq!((second.stage, second.verdict), (Stage::Second, None));
    store.close().await;
}
