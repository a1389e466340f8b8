//! What both databases promise. Every case runs on a file of `SQLite` and on a `PostgreSQL` that the
//! test starts for itself.

#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that cannot be set up has failed"
)]

mod accounts;
mod answers;
mod audit;
mod backup;
mod blobs;
mod flights;
mod jobs;
mod judgements;
mod near;
#[path = "../support/postgres.rs"]
mod postgres;
mod queries;
mod queue;
mod record;
mod releases;
mod reviews;
mod sites;
mod upgrade;
mod uploads;

use std::{future::Future, pin::Pin, sync::Arc};

use cathartes_core::{
    geometry::LatLon,
    provenance::{Digest, Input, Provenance},
    units::Degrees,
};
use cathartes_store::{Actor, Kind, Location, NewFinding, SceneFile, Store, Work};
use jiff::Timestamp;
use postgres::Postgres;
use serde_json::json;
use sqlx::AssertSqlSafe;

/// One store, and ways to make more of its kind.
pub(crate) struct House {
    folder: tempfile::TempDir,
    server: Option<Arc<Postgres>>,
    pub(crate) location: Location,
    pub(crate) store: Store,
}

impl House {
    async fn new(server: Option<Arc<Postgres>>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let database = server.as_ref().map(|server| server.database());
        let location = Location { database, ..Location::folder(folder.path()) };
        let store = Store::open(&location).await.unwrap();
        Self { folder, server, location, store }
    }

    /// Another, empty one on the same kind of database.
    pub(crate) async fn another(&self) -> Self {
        Self::new(self.server.clone()).await
    }

    /// The address of an empty database of the same kind; none where it is a file.
    pub(crate) fn another_database(&self) -> Option<String> {
        self.server.as_ref().map(|server| server.database())
    }

    pub(crate) fn path(&self, name: &str) -> std::path::PathBuf {
        self.folder.path().join(name)
    }

    /// How the database would do a query, were its tables large.
    pub(crate) async fn plan(&self, query: &str) -> String {
        if let Some(url) = &self.location.database {
            let pool = sqlx::PgPool::connect(url).await.unwrap();
            let mut tx = pool.begin().await.unwrap();
            for way in ["seqscan", "sort", "bitmapscan", "hashjoin", "mergejoin"] {
                let set = AssertSqlSafe(format!("SET LOCAL enable_{way} = off"));
                sqlx::raw_sql(set).execute(&mut *tx).await.unwrap();
            }
            let explain = AssertSqlSafe(format!("EXPLAIN {query}"));
            let rows: Vec<String> = sqlx::query_scalar(explain).fetch_all(&mut *tx).await.unwrap();
            return rows.join("\n");
        }
        let url = format!("sqlite:{}", self.path("cathartes.db").display());
        let pool = sqlx::SqlitePool::connect(&url).await.unwrap();
        let explain = AssertSqlSafe(format!("EXPLAIN QUERY PLAN {query}"));
        let rows: Vec<(i64, i64, i64, String)> =
            sqlx::query_as(explain).fetch_all(&pool).await.unwrap();
        rows.into_iter().map(|row| row.3).collect::<Vec<_>>().join("\n")
    }

    /// What the owner of the database can do to a table that refuses changes.
    pub(crate) fn without_triggers(&self, table: &str, sql: &str) -> String {
        if self.location.database.is_some() {
            return format!(
                "ALTER TABLE {table} DISABLE TRIGGER ALL; {sql}; ALTER TABLE {table} ENABLE TRIGGER ALL"
            );
        }
        let remove = ["stays", "remains", "grows"]
            .map(|why| format!("DROP TRIGGER IF EXISTS {table}_{why}"));
        format!("{}; {sql}", remove.join("; "))
    }

    /// Speaks to the database past the store, as somebody with its password might.
    pub(crate) async fn past_the_store(&self, sql: &str) -> Result<(), sqlx::Error> {
        let sql = AssertSqlSafe(sql.to_owned());
        if let Some(url) = &self.location.database {
            let pool = sqlx::PgPool::connect(url).await?;
            sqlx::raw_sql(sql).execute(&pool).await?;
            pool.close().await;
        } else {
            let url = format!("sqlite:{}", self.path("cathartes.db").display());
            let pool = sqlx::SqlitePool::connect(&url).await?;
            sqlx::raw_sql(sql).execute(&pool).await?;
            pool.close().await;
        }
        Ok(())
    }
}

pub(crate) fn me() -> Actor {
    Actor::Account("ana".to_owned())
}

pub(crate) fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_800_000_000 + seconds).unwrap()
}

pub(crate) fn place(latitude: f64, longitude: f64) -> LatLon {
    LatLon { latitude: Degrees(latitude), longitude: Degrees(longitude) }
}

pub(crate) fn provenance() -> Provenance {
    Provenance {
        inputs: vec![Input {
            name: "line.img".to_owned(),
            size_bytes: 12,
            sha256: Digest("ab".repeat(32)),
        }],
        version: "0.1.0".to_owned(),
        seed: 7,
        parameters: vec![("--gas".to_owned(), "ch4".to_owned())],
    }
}

pub(crate) fn plume(latitude: f64, longitude: f64, seconds: i64) -> NewFinding {
    NewFinding {
        kind: Kind::Plume,
        gas: Some("ch4".to_owned()),
        place: Some(place(latitude, longitude)),
        begins: Some(at(seconds)),
        ends: Some(at(seconds + 60)),
        geometry: Some(json!({ "type": "Point", "coordinates": [longitude, latitude] })),
        properties: json!({ "mass_kg": 1.5 }).as_object().unwrap().clone(),
        provenance: provenance(),
        scene: None,
        supersedes: None,
    }
}

/// A job on a file that is kept.
pub(crate) async fn detect(house: &House, name: &str) -> Work {
    let file = house.path(name);
    std::fs::write(&file, name).unwrap();
    let blob = house.store.import_file(&me(), &file).await.unwrap();
    Work::Detect {
        files: vec![SceneFile { name: name.to_owned(), sha256: blob.sha256 }],
        image: name.to_owned(),
        gases: vec!["ch4".to_owned()],
        wind: None,
        time: None,
        seed: 1,
    }
}

type Case = for<'h> fn(&'h House) -> Pin<Box<dyn Future<Output = ()> + 'h>>;

/// Each case is a test on `SQLite`; on `PostgreSQL` they share a server, and so a test.
macro_rules! cases {
    ($($module:ident::$name:ident,)*) => {
        mod sqlite {
            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $name() {
                    crate::$module::$name(&crate::House::new(None).await).await;
                }
            )*
        }

        const CASES: &[(&str, Case)] = &[
            $((stringify!($name), |house| Box::pin($module::$name(house))),)*
        ];
    };
}

cases! {
    record::what_is_recorded_is_read_back,
    record::every_write_has_one_entry_and_a_refused_one_none,
    record::what_was_measured_cannot_be_changed,
    record::a_correction_supersedes_once,
    record::concurrent_writers_leave_a_log_without_gaps,
    record::what_cannot_be_is_refused_in_words,
    record::tables_of_the_future_are_refused,
    queries::pages_hold_everything_asked_for_once,
    queries::a_box_over_the_antimeridian_holds_both_sides,
    queries::a_cursor_of_another_query_is_refused,
    queries::a_filter_finds_what_it_says,
    queries::findings_are_counted_and_their_farthest_shape_is_known,
    queries::scenes_are_found_by_box_and_time,
    sites::the_same_observation_again_adds_nothing,
    sites::observations_are_numbered_without_gaps,
    sites::a_register_takes_the_place_of_the_last,
    sites::a_fold_takes_the_place_of_the_last,
    sites::points_are_all_sites_and_afterwards_what_is_new_since_a_fold,
    sites::sites_that_are_a_day_old_are_folded_anew_once_a_day,
    sites::sites_are_found_by_place_time_gas_and_probability,
    sites::an_act_is_asked_for_after_what_was_observed,
    sites::a_job_brings_what_its_findings_say,
    upgrade::a_record_of_the_first_version_keeps_its_findings,
    queries::scenes_are_found_over_the_antimeridian,
    queries::scenes_take_filters,
    jobs::no_job_is_handed_out_twice,
    jobs::a_lost_worker_cannot_bring_its_result,
    jobs::a_job_that_fails_often_is_dead_and_can_be_revived,
    jobs::a_job_whose_workers_vanish_is_dead_in_the_end,
    jobs::the_same_work_is_one_job,
    jobs::a_stopped_worker_gives_its_job_back,
    blobs::a_large_file_is_kept_piece_by_piece_and_laid_whole,
    blobs::a_blob_is_read_here_and_there,
    blobs::a_digest_that_is_none_leads_nowhere,
    uploads::an_upload_goes_on_where_it_was_cut_off,
    uploads::another_file_than_announced_is_refused,
    uploads::what_is_here_is_not_sent_again,
    uploads::two_senders_of_one_piece_do_not_undo_each_other,
    uploads::an_upload_goes_on_only_where_its_bytes_are,
    uploads::many_senders_of_one_file_make_one_whole,
    accounts::an_invitation_makes_one_account,
    accounts::a_session_ends_with_its_time_and_its_account,
    accounts::an_identity_opens_the_account_it_made_and_no_other,
    accounts::a_passkey_that_is_taken_back_opens_nothing,
    accounts::two_who_change_an_account_undo_nothing,
    accounts::no_secret_stands_in_the_database,
    reviews::a_review_is_kept_and_one_of_its_author_takes_its_place,
    reviews::two_people_do_not_look_at_one_thing_by_accident,
    reviews::a_review_cannot_be_changed,
    reviews::the_same_key_keeps_one_review,
    reviews::nobody_reviews_twice_in_a_round,
    queue::the_most_useful_comes_first_and_what_is_asked_for_alone,
    queue::of_many_who_ask_at_once_no_two_have_the_same,
    queue::what_one_confirmed_another_sees_and_a_senior_settles,
    queue::a_wish_to_collect_waits_for_something_new,
    queue::a_site_that_is_another_begins_anew,
    queue::what_is_corrected_waits_for_nobody,
    queue::what_waits_is_counted,
    queue::the_queue_walks_along_its_index,
    judgements::an_assessment_names_what_it_was_drawn_from,
    judgements::a_shift_leaves_what_it_looks_at_to_the_next,
    judgements::assessments_and_handovers_cannot_be_changed,
    judgements::what_came_waits_and_was_decided_is_counted,
    judgements::what_was_done_to_one_thing_is_told_newest_first,
    flights::a_later_authority_of_a_number_takes_the_place_of_the_last,
    flights::sorties_of_a_time_are_told_the_last_first,
    flights::authorities_and_sorties_cannot_be_changed,
    flights::what_was_refused_at_the_door_stands_in_the_log,
    releases::a_release_goes_from_draft_to_outcome,
    releases::two_people_approve_what_they_were_shown,
    releases::a_later_draft_makes_the_earlier_stale,
    releases::a_draft_is_nobody_elses_and_asked_for_once,
    releases::a_release_takes_the_place_of_an_earlier_one,
    releases::what_is_called_back_is_told_and_nothing_else,
    releases::a_recipient_is_what_was_said_of_it_last,
    releases::a_marking_is_what_was_said_last_and_none_is_none,
    releases::many_who_seal_and_carry_at_once_tell_once,
    releases::nothing_of_the_loop_can_be_changed,
    releases::a_backup_holds_the_loop,
    releases::what_left_without_two_approvals_is_found,
    answers::a_message_goes_when_it_is_due_and_its_carrier_says_so,
    answers::the_same_message_is_told_once,
    answers::an_escalation_waits_for_somebody_to_approve_its_words,
    answers::an_outcome_ends_what_is_asked,
    answers::the_same_answer_on_two_ways_is_one,
    answers::of_several_answers_the_latest_said_holds,
    answers::nobody_answers_for_another_and_nothing_half,
    answers::a_dispute_is_answered_once,
    answers::a_door_locks_after_too_many_attempts,
    near::what_lies_around_is_told_nearest_first,
    near::sites_and_what_was_observed_of_them_lie_around_too,
    upgrade::what_was_reviewed_before_there_were_stages_stands_decided,
    audit::every_entry_is_proved_in_every_log_that_has_it,
    audit::a_log_that_only_grew_is_proved_to_have,
    audit::many_who_write_at_once_make_one_tree,
    audit::a_log_of_before_there_was_a_tree_gets_one,
    audit::what_was_changed_behind_our_back_is_named,
    audit::a_checkpoint_that_was_kept_cannot_be_changed,
    audit::entries_are_found_by_who_what_when_and_to_what,
    audit::what_cannot_be_written_down_did_not_happen,
    audit::an_export_of_a_part_says_what_was_before,
    backup::a_backup_of_before_there_were_stages_is_put_back,
    backup::a_backup_put_back_is_the_same_record,
    backup::a_backup_can_be_taken_under_load,
    backup::a_damaged_backup_is_refused_whole,
    backup::damage_is_found,
}

#[test]
fn postgresql_keeps_every_promise_too() {
    // The server ends with the thread that started it, so that is this one.
    let server = Arc::new(Postgres::start());
    let mut runtime = tokio::runtime::Builder::new_multi_thread();
    let runtime = runtime.worker_threads(2).enable_all().build().unwrap();
    for (name, case) in CASES {
        println!("{name}");
        runtime.block_on(async {
            let house = House::new(Some(server.clone())).await;
            case(&house).await;
            house.store.close().await;
        });
    }
}
