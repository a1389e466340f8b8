use jiff::Timestamp;
use uuid::Uuid;

use super::{DraftQuery, ReleaseQuery, drafts, facts, messages, released};
use crate::{Subject, database::Pool};

#[tokio::test]
async fn nothing_that_is_asked_often_looks_through_all_that_ever_left() {
    let folder = tempfile::tempdir().unwrap();
    let pool = Pool::sqlite(&folder.path().join("cathartes.db")).await.unwrap();
    let id = Uuid::now_v7();
    let releases = ReleaseQuery { limit: 20, ..ReleaseQuery::default() };
    let open = ReleaseQuery { open: true, before: Some(id), ..releases.clone() };
    let theirs = ReleaseQuery { recipient: Some("PE-1".to_owned()), ..releases.clone() };
    let of_one = ReleaseQuery { subject: Some(Subject::Finding(id)), ..releases.clone() };
    let drafts_of = DraftQuery { limit: 20, ..DraftQuery::default() };
    let waiting = DraftQuery { waiting: true, before: Some(id), ..drafts_of.clone() };
    for (what, asked, first) in [
        ("releases", released::page(&releases), "SCAN r"),
        ("open releases", released::page(&open), "SEARCH w USING PRIMARY KEY (release<?)"),
        (
            "a recipient's",
            released::page(&theirs),
            "SEARCH r USING INDEX release_recipient (recipient=?)",
        ),
        ("a subject's", released::page(&of_one), "SEARCH d USING INDEX"),
        ("drafts", drafts::page(&drafts_of), "SCAN d"),
        ("waiting drafts", drafts::page(&waiting), "SEARCH w USING PRIMARY KEY (draft<?)"),
        ("what waits", messages::page(true, Timestamp::UNIX_EPOCH, 9), "SEARCH q USING"),
        (
            "facts",
            facts::page(&facts::select(), "r.id", Some(id), 9),
            "SEARCH r USING PRIMARY KEY (id>?)",
        ),
    ] {
        let plan = pool.rows(asked.explained()).await.unwrap();
        let plan: Vec<String> = plan.iter().map(|row| row.text(3).unwrap()).collect();
        assert!(plan[0].starts_with(first), "{what}: {plan:#?}");
        // Behind the first step everything is looked up.
        assert!(!plan[1..].iter().any(|step| step.starts_with("SCAN")), "{what}: {plan:#?}");
        let sorted = plan.iter().any(|step| step.contains("USE TEMP B-TREE FOR ORDER BY"));
        assert_eq!(sorted, what == "a subject's", "{what}: {plan:#?}");
    }
    pool.close().await;
}
