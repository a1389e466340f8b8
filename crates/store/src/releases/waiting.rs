//! What waits to be approved, answered or carried: tables of the moment, so that nobody looks through all that ever
//! left. They follow from the record, and are made of it anew when it is put back.

use crate::{
    Store, StoreError,
    audit::Change,
    database::{composed, sql},
};

/// One of these tables: its name and column, and the rows of the record that belong there.
struct Waiting {
    table: &'static str,
    column: &'static str,
    what: &'static str,
    follows: &'static str,
}

const DRAFTS: Waiting = Waiting {
    table: "waiting_draft",
    column: "draft",
    what: "draft",
    follows: "SELECT d.id FROM release_draft d \
              WHERE NOT EXISTS (SELECT 1 FROM release r WHERE r.draft = d.id) \
              AND NOT EXISTS (SELECT 1 FROM refusal x WHERE x.draft = d.id) \
              AND NOT EXISTS (SELECT 1 FROM release_draft n WHERE n.subject_kind = d.subject_kind \
              AND n.subject = d.subject AND n.recipient = d.recipient AND n.number = d.number + 1)",
};
const RELEASES: Waiting = Waiting {
    table: "open_release",
    column: "release",
    what: "release",
    follows: "SELECT r.id FROM release r \
              WHERE NOT EXISTS (SELECT 1 FROM recall c WHERE c.release = r.id) \
              AND NOT EXISTS (SELECT 1 FROM release s WHERE s.supersedes = r.id) \
              AND NOT EXISTS (SELECT 1 FROM answer n WHERE n.release = r.id AND n.state = 'outcome')",
};
const MESSAGES: Waiting = Waiting {
    table: "outbox",
    column: "message",
    what: "message",
    follows: "SELECT m.id FROM message m \
              WHERE NOT EXISTS (SELECT 1 FROM message_dropped x WHERE x.message = m.id) \
              AND NOT EXISTS (SELECT 1 FROM delivery v WHERE v.message = m.id AND v.result = 'sent')",
};

/// Makes these tables of the record, in a store that was just filled.
pub(crate) async fn what_waits(change: &mut Change) -> Result<(), StoreError> {
    for Waiting { table, column, follows, .. } in [DRAFTS, RELEASES] {
        let text = format!("INSERT INTO {table} ({column}) {follows}");
        change.run(composed(text, vec![])).await?;
    }
    let text = "INSERT INTO outbox (message, ready, available_us, attempts) \
                SELECT m.id, CASE WHEN m.needs_approval = 0 OR EXISTS (SELECT 1 FROM message_approval a \
                WHERE a.message = m.id) THEN 1 ELSE 0 END, m.due_us, \
                COALESCE((SELECT MAX(v.attempt) FROM delivery v WHERE v.message = m.id), 0) \
                FROM message m WHERE m.id IN";
    change.run(composed(format!("{text} ({})", MESSAGES.follows), vec![])).await.map(|_| ())
}

impl Store {
    /// What is wrong with these tables, and which releases left that should not have, each with its id.
    pub(crate) async fn amiss(&self) -> Result<Vec<(String, String)>, StoreError> {
        let mut all = Vec::new();
        for Waiting { table, column, what, follows } in [DRAFTS, RELEASES, MESSAGES] {
            let sides = [
                (
                    format!("{follows} EXCEPT SELECT {column} FROM {table}"),
                    "waits, and nobody sees it",
                ),
                (format!("SELECT {column} FROM {table} EXCEPT {follows}"), "waits, and should not"),
            ];
            for (text, wrong) in sides {
                for row in self.pool.rows(composed(text, vec![])).await? {
                    all.push((format!("{what} {}", row.id(0)?), wrong.to_owned()));
                }
            }
        }
        let text = "SELECT r.id FROM release r JOIN release_draft d ON d.id = r.draft \
                    WHERE (SELECT COUNT(*) FROM approval a WHERE a.draft = d.id \
                    AND a.manifest_sha256 = d.manifest_sha256 AND a.created_by <> d.created_by) < 2";
        for row in self.pool.rows(sql(text, [])).await? {
            let wrong = "left without two approvals of what it holds".to_owned();
            all.push((format!("release {}", row.id(0)?), wrong));
        }
        Ok(all)
    }
}
