//! Which tables a backup holds, and what is in their columns.

use Is::{Bytes, Id, Int, Real, Text};

mod of_releases;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Is {
    Id,
    Int,
    Real,
    Text,
    Bytes,
}

/// One table.
pub(super) struct Table {
    pub(super) name: &'static str,
    /// Its primary key, in the order of the columns.
    pub(super) key: &'static str,
    pub(super) columns: &'static [(&'static str, Is)],
}

/// All tables, in this order.
pub(super) fn all() -> impl Iterator<Item = &'static Table> {
    TABLES.iter().chain(of_releases::TABLES)
}

/// All tables that are record, in an order in which they can be filled. Sessions, invitations, claims and
/// uploads that are not complete are of the moment and stay behind, and so are attempts at doors; sites follow from the others,
/// and so does what waits to be approved, answered or carried. Where everything stands
/// in its review is changed as reviews are made, and follows from nothing else.
const TABLES: &[Table] = &[
    Table {
        name: "audit",
        key: "seq",
        columns: &[
            ("seq", Int),
            ("at_us", Int),
            ("actor", Text),
            ("action", Text),
            ("subject", Text),
            ("detail", Text),
            ("hash", Bytes),
        ],
    },
    Table {
        name: "checkpoint",
        key: "entries",
        columns: &[
            ("entries", Int),
            ("text", Text),
            ("signature", Text),
            ("created_us", Int),
            ("created_by", Text),
        ],
    },
    Table {
        name: "account",
        key: "id",
        columns: &[("id", Id), ("name", Text), ("created_us", Int)],
    },
    Table {
        name: "account_state",
        key: "id",
        columns: &[
            ("id", Id),
            ("account", Id),
            ("role", Text),
            ("password_hash", Text),
            ("active", Int),
            ("at_us", Int),
        ],
    },
    Table {
        name: "credential",
        key: "id",
        columns: &[
            ("id", Id),
            ("account", Id),
            ("kind", Text),
            ("subject", Text),
            ("label", Text),
            ("detail", Text),
            ("created_us", Int),
        ],
    },
    Table {
        name: "blob",
        key: "sha256",
        columns: &[("sha256", Text), ("size_bytes", Int), ("created_us", Int)],
    },
    Table {
        name: "job",
        key: "id",
        columns: &[
            ("id", Id),
            ("key", Text),
            ("work", Text),
            ("state", Text),
            ("attempts", Int),
            ("owner", Text),
            ("lease_until_us", Int),
            ("available_us", Int),
            ("error", Text),
            ("note", Text),
            ("created_us", Int),
            ("finished_us", Int),
        ],
    },
    Table {
        name: "scene",
        key: "id",
        columns: &[
            ("id", Id),
            ("name", Text),
            ("time_us", Int),
            ("footprint", Text),
            ("west_deg", Real),
            ("south_deg", Real),
            ("east_deg", Real),
            ("north_deg", Real),
            ("properties", Text),
            ("provenance", Text),
            ("job", Id),
            ("created_us", Int),
        ],
    },
    Table {
        name: "asset",
        key: "scene, name",
        columns: &[
            ("scene", Id),
            ("name", Text),
            ("sha256", Text),
            ("size_bytes", Int),
            ("media_type", Text),
            ("role", Text),
        ],
    },
    Table {
        name: "finding",
        // A finding has a later id than the one it corrects, so this order can be put back.
        key: "id",
        columns: &[
            ("id", Id),
            ("kind", Text),
            ("gas", Text),
            ("latitude_deg", Real),
            ("longitude_deg", Real),
            ("cell", Int),
            ("begins_us", Int),
            ("ends_us", Int),
            ("geometry", Text),
            ("properties", Text),
            ("provenance", Text),
            ("scene", Id),
            ("job", Id),
            ("supersedes", Id),
            ("created_us", Int),
            ("created_by", Text),
        ],
    },
    Table {
        name: "observation",
        key: "seq",
        columns: &[
            ("seq", Int),
            ("id", Id),
            ("key", Bytes),
            ("draft", Text),
            ("finding", Id),
            ("scene", Id),
            ("file_sha256", Text),
            ("file_row", Int),
            ("job", Id),
            ("created_us", Int),
            ("created_by", Text),
        ],
    },
    Table {
        name: "register",
        key: "seq",
        columns: &[
            ("seq", Int),
            ("key", Bytes),
            ("emitters", Text),
            ("file_sha256", Text),
            ("created_us", Int),
            ("created_by", Text),
        ],
    },
    Table {
        name: "act",
        key: "seq",
        columns: &[
            ("seq", Int),
            ("act", Text),
            ("observations", Int),
            ("created_us", Int),
            ("created_by", Text),
        ],
    },
    Table {
        name: "review",
        key: "id",
        columns: &[
            ("id", Id),
            ("subject_kind", Text),
            ("subject", Id),
            ("verdict", Text),
            ("reason", Text),
            ("supersedes", Id),
            ("created_us", Int),
            ("created_by", Text),
            ("key", Id),
            ("round", Int),
            ("stage", Text),
            ("settles", Int),
        ],
    },
    Table {
        name: "standing",
        key: "subject_kind, subject",
        columns: &[
            ("subject_kind", Text),
            ("subject", Id),
            ("what", Text),
            ("gas", Text),
            ("latitude_deg", Real),
            ("longitude_deg", Real),
            ("stage", Text),
            ("round", Int),
            ("round_us", Int),
            ("since_us", Int),
            ("verdict", Text),
            ("rank", Real),
            ("uncertainty", Real),
            ("consequence", Real),
            ("seen_us", Int),
            ("rate_kg_per_h", Real),
            ("ln_odds", Real),
            ("observations", Int),
            ("decided_ln_odds", Real),
            ("decided_observations", Int),
        ],
    },
    Table {
        name: "assessment",
        // One has a later id than the one it takes the place of.
        key: "id",
        columns: &[
            ("id", Id),
            ("subject_kind", Text),
            ("subject", Id),
            ("text", Text),
            ("likelihood", Text),
            ("confidence", Text),
            ("sources", Text),
            ("supersedes", Id),
            ("key", Id),
            ("created_us", Int),
            ("created_by", Text),
        ],
    },
    Table {
        name: "handover",
        key: "id",
        columns: &[
            ("id", Id),
            ("recipient", Text),
            ("text", Text),
            ("items", Text),
            ("created_us", Int),
            ("created_by", Text),
        ],
    },
    Table {
        name: "handover_taken",
        key: "handover",
        columns: &[("handover", Id), ("created_us", Int), ("created_by", Text)],
    },
    Table {
        name: "authority",
        // One has a later id than the one it takes the place of.
        key: "id",
        columns: &[
            ("id", Id),
            ("number", Text),
            ("issuer", Text),
            ("document_sha256", Text),
            ("outline", Text),
            ("supersedes", Id),
            ("created_us", Int),
            ("created_by", Text),
        ],
    },
    Table {
        name: "sortie",
        key: "id",
        columns: &[
            ("id", Id),
            ("name", Text),
            ("kind", Text),
            ("operator", Text),
            ("aircraft", Text),
            ("purpose", Text),
            ("begins_us", Int),
            ("ends_us", Int),
            ("verdict", Text),
            ("why", Text),
            ("outline", Text),
            ("track_sha256", Text),
            ("certificate_sha256", Text),
            ("created_us", Int),
            ("created_by", Text),
        ],
    },
];
