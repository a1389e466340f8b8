use cathartes_core::units::Metres;
use cathartes_store::{Extent, Kind, Location, Query, Store, Tally};
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
    let mut correction = plume(46.0, 7.0, 0);
    correction.supersedes = Some(finding.id);
    store.add_findings(&me(), &[correction.clone()]).await.unwrap();
    assert!(store.add_findings(&me(), &[correction]).await.is_err(), "it is corrected already");
    store.close().await;
}
