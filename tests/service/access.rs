//! Who may do what: every cell of the one table, and tokens that are not good.

use std::fmt::Write;

use catchall_server::{Action, Role, permitted};
use catchall_tests::http::{Client, Reply};
use catchall_tests::root;
use serde_json::{Value, json};

use crate::running::{Service, service, services};

/// A request that does what an action is.
fn attempt(client: &Client, action: Action) -> Reply {
    let application = json!({"as_of": "2021-11-15", "items": [{}]});
    match action {
        Action::Browse => client.get("/v1/rulesets", &[]),
        Action::Screen => client.post("/v1/screenings", &[], &application),
        Action::Check => client.post("/v1/rulesets/check", &[], &json!({})),
        Action::Tables => client.get("/v1/jobs/none", &[]),
        Action::Keep => client.post("/v1/screenings?keep=true", &[], &application),
        Action::Read => client.get("/v1/register?limit=1", &[]),
        Action::Decide => client.post(
            "/v1/register/none/decisions",
            &[],
            &json!({"decision": "returned"}),
        ),
        Action::DecideAgainst => Ok(against(client)),
        Action::Rescreen => client.post(
            "/v1/rescreenings",
            &[],
            &json!({"as_of": "2021-11-15", "application_id": "none"}),
        ),
        Action::Observe => client.get("/metrics", &[]),
        Action::Reload => client.post("/v1/reload", &[], &json!({})),
        Action::Tokens => client.get("/v1/tokens", &[]),
    }
    .unwrap()
}

/// Tries to refuse what needs no licence.
fn against(client: &Client) -> Reply {
    let senior = &service().senior;
    let application = json!({"as_of": "2021-11-15", "destination": {"country": "FR"}, "exporter": {"country": "US"}, "items": [{}]});
    let kept = senior
        .post(
            "/v1/screenings?keep=true&ruleset=eu-dual-use",
            &[],
            &application,
        )
        .unwrap();
    let place = kept.header("location").to_owned();
    let record = senior.get(&place, &[]).unwrap().json();
    let decision = match record["requirement"]["at_most"].as_str() {
        Some("out_of_scope" | "not_required") => "refused",
        _ => "no_licence_required",
    };
    let criteria = record["criteria"].as_array().unwrap().iter();
    let assessments: Vec<Value> = criteria
        .map(|one| json!({"criterion": one, "assessment": "weighed"}))
        .collect();
    let body = json!({"decision": decision, "reasons": "a test", "assessments": assessments});
    client
        .post(&format!("{place}/decisions"), &[], &body)
        .unwrap()
}

#[test]
fn every_cell_of_the_table_holds() {
    let service = service();
    let callers = Role::ALL.map(|role| (role, service.caller(role.code())));
    for action in Action::ALL {
        for (role, client) in &callers {
            let reply = attempt(client, action);
            let refused = [401, 403].contains(&reply.status);
            let cell = format!(
                "{} {}: {} {}",
                role.code(),
                action.code(),
                reply.status,
                reply.text()
            );
            assert_eq!(
                refused,
                !permitted(action).contains(role),
                "{}",
                &cell[..cell.len().min(300)]
            );
            if refused {
                let anonymous = *role == Role::Public;
                assert_eq!(reply.status, if anonymous { 401 } else { 403 }, "{cell}");
            }
        }
    }
}

/// The table of who may do what, as the page on the service shows it.
fn table() -> String {
    let mut text = String::from("| |");
    Role::ALL
        .iter()
        .for_each(|role| write!(text, " {} |", role.code()).unwrap());
    text.push_str("\n|---|---|---|---|---|---|---|\n");
    for action in Action::ALL {
        write!(text, "| `{}`: {} |", action.code(), action.label()).unwrap();
        let cells = Role::ALL.map(|role| if role.may(action) { " yes |" } else { " |" });
        writeln!(text, "{}", cells.concat()).unwrap();
    }
    text
}

#[test]
fn the_page_shows_the_table() {
    let page = std::fs::read_to_string(root().join("docs/SERVICE.md")).unwrap();
    assert!(
        page.contains(&table()),
        "docs/SERVICE.md should hold:\n{}",
        table()
    );
}

#[test]
fn every_guarded_operation_says_who_may() {
    let description = service().public().get("/openapi.json", &[]).unwrap().json();
    for (path, item) in description["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let open = ["/healthz", "/readyz", "/problems"].contains(&path.as_str());
            assert_eq!(operation["x-action"].is_string(), !open, "{method} {path}");
        }
    }
}

fn made(service: &Service, wanted: &Value) -> Value {
    let reply = service.senior.post("/v1/tokens", &[], wanted).unwrap();
    assert_eq!(reply.status, 201, "{}", reply.text());
    reply.json()
}

#[test]
fn a_token_ends_when_it_is_revoked() {
    for service in services() {
        let given = made(service, &json!({"name": "to revoke", "role": "officer"}));
        let client = service.senior.with(given["secret"].as_str().unwrap());
        assert_eq!(client.get("/v1/register", &[]).unwrap().status, 200);
        let place = format!("/v1/tokens/{}", given["id"].as_str().unwrap());
        let revoke = || {
            service
                .senior
                .send("DELETE", &place, &[], b"")
                .unwrap()
                .status
        };
        assert_eq!((revoke(), revoke()), (204, 404));
        let refused = client.get("/v1/register", &[]).unwrap();
        assert_eq!(
            (refused.status, refused.code().as_str()),
            (401, "unauthenticated")
        );
        let list = service.senior.get("/v1/tokens", &[]).unwrap().text();
        assert!(
            list.contains("to revoke") && !list.contains("secret"),
            "{}",
            service.name
        );
    }
}

#[test]
fn a_scope_takes_away() {
    let service = service();
    let given = made(
        service,
        &json!({"name": "narrow", "role": "officer", "scopes": ["screen", "read"]}),
    );
    let client = service.senior.with(given["secret"].as_str().unwrap());
    assert_eq!(client.get("/v1/register", &[]).unwrap().status, 200);
    assert_eq!(client.get("/v1/rulesets", &[]).unwrap().status, 403);
    let wide = json!({"name": "wide", "role": "auditor", "scopes": ["decide"]});
    assert_eq!(
        service
            .senior
            .post("/v1/tokens", &[], &wide)
            .unwrap()
            .status,
        422
    );
    for (wanted, pointer) in [
        (json!({"name": "", "role": "auditor"}), "/name"),
        (
            json!({"name": "public:1.2.3.4", "role": "auditor"}),
            "/name",
        ),
        (json!({"name": "x", "role": "king"}), "/role"),
        (json!({"name": "x", "role": "auditor", "days": 0}), "/days"),
    ] {
        let reply = service.senior.post("/v1/tokens", &[], &wanted).unwrap();
        assert_eq!(
            (reply.status, &reply.json()["errors"][0]["pointer"]),
            (422, &json!(pointer)),
            "{wanted}"
        );
    }
}

#[test]
fn what_is_no_good_token_opens_nothing() {
    let public = service().public();
    let first = service().senior.token.clone().unwrap();
    let cut = &first[..first.len() - 1];
    for shown in [
        "Bearer x",
        "Bearer catchall_",
        "Basic eDp5",
        "",
        "Bearer catchall_0000_00",
        &format!("Bearer {cut}"),
    ] {
        let reply = public
            .get("/v1/rulesets", &[("authorization", shown)])
            .unwrap();
        assert_eq!(reply.status, 401, "{shown}");
        assert_eq!(reply.header("www-authenticate"), "Bearer");
    }
}
