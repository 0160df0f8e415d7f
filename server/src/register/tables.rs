//! What the register's tables hold, for taking all of it out and putting it back.

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    Number,
    /// A text that is compressed with zstd, or nothing.
    Packed,
}

/// A column.
#[derive(Debug)]
pub(super) struct Column {
    pub(super) name: &'static str,
    pub(super) kind: Kind,
    /// The schema in which it came.
    since: i64,
}

/// A table.
#[derive(Debug)]
pub(super) struct Table {
    pub(super) name: &'static str,
    /// What its rows are told apart by.
    pub(super) key: &'static str,
    columns: &'static [Column],
}

impl Table {
    /// The columns that it has in a schema.
    pub(super) fn columns_of(&self, schema: i64) -> impl Iterator<Item = &'static Column> {
        self.columns
            .iter()
            .filter(move |column| column.since <= schema)
    }

    /// What puts a row in.
    pub(super) fn insert(&self, columns: &[&Column]) -> String {
        let names: Vec<&str> = columns.iter().map(|column| column.name).collect();
        let places: Vec<String> = (1..=columns.len()).map(|at| format!("${at}")).collect();
        format!(
            "INSERT INTO {} ({}) VALUES ({})",
            self.name,
            names.join(", "),
            places.join(", ")
        )
    }
}

macro_rules! columns {
    ($($kind:ident $name:ident since $since:literal),* $(,)?) => {
        &[$(Column { name: stringify!($name), kind: Kind::$kind, since: $since }),*]
    };
}

/// Every table, those first that others refer to. A test compares it with what the databases have.
pub(super) const TABLES: &[Table] = &[
    Table {
        name: "documents",
        key: "sha256",
        columns: columns![Text sha256 since 1, Packed content since 1],
    },
    Table {
        name: "editions",
        key: "sha256",
        columns: columns![Text sha256 since 1, Text manifest since 1, Text kept_at since 1],
    },
    Table {
        name: "determinations",
        key: "id",
        columns: columns![
            Text id since 1,
            Text kept_at since 1,
            Text kept_by since 1,
            Text application_id since 1,
            Text destination since 1,
            Text as_of since 1,
            Text known_at since 1,
            Text rulesets since 1,
            Text edition since 1,
            Text engine since 1,
            Text input_sha256 since 1,
            Text requirement_at_least since 1,
            Text requirement_at_most since 1,
            Text review_at_least since 1,
            Text review_at_most since 1,
            Text criteria since 1,
            Text stands since 1,
            Text status since 1,
            Text application since 1,
            Text determination_sha256 since 1,
            Packed determination since 1,
        ],
    },
    Table {
        name: "decisions",
        key: "determination, sequence",
        columns: columns![
            Text determination since 1,
            Number sequence since 1,
            Text kind since 1,
            Text reasons since 1,
            Text conditions since 1,
            Text assessments since 1,
            Number against since 1,
            Text decided_by since 1,
            Text decided_at since 1,
        ],
    },
    Table {
        name: "idempotency",
        key: "caller, name",
        columns: columns![
            Text caller since 1,
            Text name since 1,
            Text request_sha256 since 1,
            Text resource since 1,
            Text made_at since 1,
            Packed answer since 2,
        ],
    },
    Table {
        name: "tokens",
        key: "id",
        columns: columns![
            Text id since 1,
            Text name since 1,
            Text role since 1,
            Text scopes since 1,
            Text made_at since 1,
            Text expires_at since 1,
            Text revoked_at since 1,
            Text secret_sha256 since 1,
        ],
    },
];
