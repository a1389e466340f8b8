use cathartes_core::units::Degrees;

use super::*;
use crate::database::Pool;

#[tokio::test]
async fn every_walk_is_along_the_index_of_ranks_and_sorts_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let pool = Pool::sqlite(&folder.path().join("a.db")).await.unwrap();
    let [west, south, east, north] = [6.0, 45.0, 8.0, 47.0].map(Degrees);
    let usual = QueueQuery {
        reader: Actor::Server,
        stages: vec![Stage::First, Stage::Second, Stage::Senior],
        sorts: Sort::ALL.to_vec(),
        gas: None,
        bbox: None,
        limit: 20,
    };
    let bbox = Some(Bbox { west, south, east, north });
    let narrow = QueueQuery { gas: Some("ch4".to_owned()), bbox, ..usual.clone() };
    for (query, free) in [(&usual, false), (&usual, true), (&narrow, false), (&narrow, true)] {
        let asked = select(query, Timestamp::UNIX_EPOCH, (Dialect::Sqlite, free));
        let plan = pool.rows(asked.explained()).await.unwrap();
        let plan: Vec<String> = plan.iter().map(|row| row.text(3).unwrap()).collect();
        let walks = plan.iter().filter(|step| step.contains("standing_rank (stage=? AND what=?)"));
        assert_eq!(walks.count(), 9, "{plan:#?}");
        assert!(!plan.iter().any(|step| step.contains("SCAN o")), "{plan:#?}");
        // The few that a walk came to are put in order with the others', never what it goes along.
        for walk in plan.split(|step| step.contains("CO-ROUTINE")).skip(1) {
            let mut steps = walk.iter().take_while(|step| !step.contains("SCAN w"));
            assert!(!steps.any(|step| step.contains("TEMP B-TREE")), "{plan:#?}");
        }
    }
    pool.close().await;
}
