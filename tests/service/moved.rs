//! Registers that move: out into a backup, into the other database, and from each earlier schema to this one.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use catchall_server::{Layer, register_url};
use catchall_tests::http::Client;
use catchall_tests::program::{folder, program, said};
use catchall_tests::root;
use serde_json::{Value, json};

use crate::running::{Service, postgres, services, start, wait};

fn place(name: &str) -> PathBuf {
    folder(env!("CARGO_TARGET_TMPDIR"), "service", name)
}

fn run(what: &str, file: &Path, register: &str) -> Output {
    Command::new(program().unwrap())
        .args(["register", what])
        .arg(file)
        .args(["--register", register])
        .output()
        .unwrap()
}

fn good(what: &str, file: &Path, register: &str) {
    let output = run(what, file, register);
    assert!(
        output.status.success(),
        "{what} {register}: {}",
        said(&output)
    );
}

/// The lines of a backup without its date and the hash over it.
fn rows(file: &Path) -> Vec<String> {
    let text = std::fs::read_to_string(file).unwrap();
    let lines = text.lines().filter(|line| line.starts_with("{\"table\""));
    lines.map(str::to_owned).collect()
}

fn on(register: &str) -> Service {
    let layer = Layer {
        register: Some(register.to_owned()),
        ..Layer::default()
    };
    start("moved", layer)
}

fn keep(client: &Client, id: &str) -> String {
    let application = json!({"id": id, "as_of": "2021-11-15", "items": [{"entries": ["5A001.j"]}]});
    let path = "/v1/screenings?keep=true&ruleset=eu-dual-use";
    let kept = client
        .post(path, &[("idempotency-key", id)], &application)
        .unwrap();
    assert_eq!(kept.status, 201, "{}", kept.text());
    kept.header("location").to_owned()
}

fn get(client: &Client, path: &str) -> Value {
    let reply = client.get(path, &[]).unwrap();
    assert_eq!(reply.status, 200, "{path}: {}", reply.text());
    reply.json()
}

#[test]
fn a_backup_goes_into_either_database_and_comes_out_the_same() {
    let place = place("moved");
    for service in services() {
        let kept = keep(&service.senior, "moved");
        let decision = json!({"decision": "returned", "reasons": "“not” complete\n"});
        let decided = service
            .senior
            .post(&format!("{kept}/decisions"), &[], &decision);
        assert_eq!(decided.unwrap().status, 201);
        // The service runs, and others write meanwhile.
        let backup = place.join(format!("{}.ndjson.zst", service.name));
        good("backup", &backup, &service.register);
        let file = place
            .join(format!("{}.db", service.name))
            .display()
            .to_string();
        let other = postgres(&format!("restored_{}", service.name));
        let mut found: Option<Vec<String>> = None;
        for register in std::iter::once(file).chain(other) {
            good("restore", &backup, &register);
            let again = place.join("again.ndjson");
            let _ = std::fs::remove_file(&again);
            good("backup", &again, &register);
            let rows = rows(&again);
            assert!(rows.len() > 5);
            assert_eq!(*found.get_or_insert_with(|| rows.clone()), rows);
            let restored = on(&register);
            let senior = restored
                .senior
                .with(service.senior.token.as_deref().unwrap());
            assert!(restored.senior.token.is_none(), "the old tokens are there");
            assert_eq!(get(&senior, &kept)["status"], "returned");
            assert_eq!(get(&senior, &format!("{kept}/replay"))["same"], true);
            assert_eq!(keep(&senior, "moved"), kept);
        }
    }
}

#[test]
fn what_is_no_whole_backup_is_not_restored() {
    let place = place("not-restored");
    let backup = place.join("good.ndjson");
    good("backup", &backup, &services()[0].register);
    let text = std::fs::read_to_string(&backup).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    let newer = text.replacen("\"catchall_register\":", "\"catchall_register\":9", 1);
    let changed = text.replacen("\"kept_by\":\"", "\"kept_by\":\"x", 1);
    assert_ne!(changed, text, "nothing is kept in the backup");
    for (what, text, told) in [
        (
            "cut",
            lines[..lines.len() - 1].join("\n"),
            "the end before the last line",
        ),
        ("changed", changed, "SHA-256"),
        ("of a newer program", newer, "newer version"),
        (
            "of something else",
            "{}\n".to_owned(),
            "`catchall register backup`",
        ),
        (
            "with a strange row",
            format!("{}\n{{\"table\":\"x\",\"row\":{{}}}}\n", lines[0]),
            "the table `x`",
        ),
    ] {
        let file = place.join("bad.ndjson");
        std::fs::write(&file, text).unwrap();
        let register = place.join(format!("{}.db", what.replace(' ', "-")));
        let output = run("restore", &file, &register.display().to_string());
        assert_eq!(output.status.code(), Some(3), "{what}: {}", said(&output));
        assert!(said(&output).contains(told), "{what}: {}", said(&output));
        // Nothing was put in, so that a good one can be.
        good("restore", &backup, &register.display().to_string());
        let full = run("restore", &backup, &register.display().to_string());
        assert_eq!(full.status.code(), Some(2), "{}", said(&full));
        assert!(said(&full).contains("already"), "{}", said(&full));
    }
    let absent = run("backup", &place.join("none.ndjson"), "not/there.db");
    assert_eq!(absent.status.code(), Some(2), "{}", said(&absent));
}

/// The registers of earlier schemas, and of this one, each as the program of its time left it.
fn kept_registers() -> Vec<(usize, String)> {
    let text = |schema| {
        let path = root().join(format!("tests/data/service/registers/{schema}.sql"));
        let found = std::fs::read_to_string(&path);
        (
            schema,
            found.unwrap_or_else(|error| {
                panic!("{}: {error}; keep one for each schema", path.display())
            }),
        )
    };
    let steps = std::fs::read_dir(root().join("server/migrations"))
        .unwrap()
        .count();
    (1..=steps).map(text).collect()
}

/// Makes a register as a text of SQL has it.
fn make(url: &str, sql: &str) {
    let sql = if url.starts_with("postgres") {
        sql.replace("X'", "'\\x")
    } else {
        sql.to_owned()
    };
    wait(async {
        sqlx::any::install_default_drivers();
        let pool = sqlx::AnyPool::connect(url).await.unwrap();
        let script = sqlx::raw_sql(sqlx::AssertSqlSafe(sql));
        script.execute(&pool).await.unwrap();
        pool.close().await;
    });
}

/// Reads back all that a kept register holds; its first token's secret is known.
fn read_back(schema: usize, register: &str) {
    let service = on(register);
    assert!(
        service.senior.token.is_none(),
        "schema {schema}: the tokens are lost"
    );
    let senior = service
        .senior
        .with(&format!("catchall_0000000000000000_{}", "0".repeat(64)));
    let found = get(
        &senior,
        "/v1/register?application_id=kept-before&q=A%20party",
    );
    let id = found["determinations"][0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let path = format!("/v1/register/{id}");
    let record = get(&senior, &path);
    let bytes = senior
        .get(&format!("{path}/determination"), &[])
        .unwrap()
        .body;
    assert_eq!(
        record["determination_sha256"],
        catchall_engine::source::sha256(&bytes)
    );
    assert_eq!(record["status"], "returned");
    assert_eq!(record["decisions"][0]["reasons"], "It isn't complete: ü.");
    assert_eq!(
        get(&senior, &format!("{path}/application"))["id"],
        "kept-before"
    );
    let tokens = get(&senior, "/v1/tokens");
    let named: Vec<&str> = tokens
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["name"].as_str().unwrap())
        .collect();
    assert_eq!(named, ["first", "given before"]);
    if schema >= 2 {
        let wanted = json!({"as_of": "2021-11-15", "application_id": "kept-before"});
        let key = [("idempotency-key", "rescreened-before")];
        let again = senior.post("/v1/rescreenings", &key, &wanted).unwrap();
        assert_eq!(
            again.header("idempotency-replayed"),
            "true",
            "{}",
            again.text()
        );
    }
    let decision = json!({"decision": "returned", "reasons": "It isn't complete: ü."});
    let key = [("idempotency-key", "decided-before")];
    let other = json!({"decision": "withdrawn"});
    let reused = senior
        .post(&format!("{path}/decisions"), &key, &other)
        .unwrap();
    assert_eq!(
        reused.code(),
        "idempotency_key_reused",
        "schema {schema}: the keys are lost"
    );
    let decided = senior
        .post(&format!("{path}/decisions"), &[], &decision)
        .unwrap();
    assert_eq!(decided.status, 201, "{}", decided.text());
    let kept = keep(&senior, "kept after");
    assert_eq!(get(&senior, &format!("{kept}/replay"))["same"], true);
}

#[test]
fn a_register_of_each_schema_is_brought_up_to_date_and_loses_nothing() {
    let place = place("schemas");
    for (schema, sql) in kept_registers() {
        let file = place.join(format!("{schema}.db")).display().to_string();
        let databases = std::iter::once(file).chain(postgres(&format!("schema_{schema}")));
        for register in databases {
            make(&register_url(&register), &sql);
            let backup = place.join("before.ndjson");
            let _ = std::fs::remove_file(&backup);
            good("backup", &backup, &register);
            read_back(schema, &register);
            // What was taken out before the step goes into a register of the present schema.
            let after = place.join(format!(
                "{schema}-restored-{}.db",
                register.starts_with("postgres")
            ));
            good("restore", &backup, &after.display().to_string());
            read_back(schema, &after.display().to_string());
        }
    }
}
