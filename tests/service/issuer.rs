//! Tokens of an OpenID Connect issuer, and TLS.

use std::path::PathBuf;
use std::process::Command;
use std::time::{SystemTime, UNIX_EPOCH};

use catchall_server::{Issuer, Layer};
use catchall_tests::root;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::{Value, json};

use crate::collector::Collector;
use crate::running::{Service, start};

fn file(name: &str) -> PathBuf {
    root().join("tests/data/service").join(name)
}

fn served() -> Service {
    with_keys(&file("issuer-keys.json").display().to_string())
}

fn with_keys(keys: &str) -> Service {
    let issuer = Issuer {
        issuer: "https://issuer.example".to_owned(),
        audience: "catchall".to_owned(),
        jwks: keys.to_owned(),
        jwks_authorities: None,
        role_claim: "roles".to_owned(),
        roles: [("Licensing".to_owned(), catchall_server::Role::Officer)].into(),
    };
    start(
        "issuer",
        Layer {
            oidc: Some(issuer),
            ..Layer::default()
        },
    )
}

fn now() -> u64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap()
        .as_secs()
}

fn claims() -> Value {
    json!({"iss": "https://issuer.example", "aud": "catchall", "sub": "o.fficer", "exp": now() + 600, "roles": ["Staff", "Licensing"]})
}

fn signed(claims: &Value, key: &str) -> String {
    named("test", claims, key)
}

fn named(name: &str, claims: &Value, key: &str) -> String {
    let mut header = Header::new(Algorithm::ES256);
    header.kid = Some(name.to_owned());
    let der = std::fs::read(file(key)).unwrap();
    encode(&header, claims, &EncodingKey::from_ec_der(&der)).unwrap()
}

#[test]
fn a_good_token_of_the_issuer_has_its_role_and_name() {
    let service = served();
    let officer = service.senior.with(&signed(&claims(), "issuer-key.der"));
    assert_eq!(officer.get("/v1/register", &[]).unwrap().status, 200);
    assert_eq!(officer.get("/v1/tokens", &[]).unwrap().status, 403);
    let application = json!({"as_of": "2021-11-15", "items": [{}]});
    let kept = officer
        .post(
            "/v1/screenings?keep=true&ruleset=eu-dual-use",
            &[],
            &application,
        )
        .unwrap();
    let record = officer.get(kept.header("location"), &[]).unwrap().json();
    assert_eq!(record["kept_by"], "oidc:o.fficer");
}

#[test]
fn a_token_that_is_not_good_opens_nothing() {
    let service = served();
    let with = |change: fn(&mut Value)| {
        let mut claims = claims();
        change(&mut claims);
        signed(&claims, "issuer-key.der")
    };
    let good = signed(&claims(), "issuer-key.der");
    let (head, rest) = good.split_once('.').unwrap();
    let (body, _) = rest.split_once('.').unwrap();
    let cases = [
        ("expired", with(|claims| claims["exp"] = json!(now() - 600))),
        ("not yet", with(|claims| claims["nbf"] = json!(now() + 600))),
        (
            "without an end",
            with(|claims| drop(claims.as_object_mut().unwrap().remove("exp"))),
        ),
        (
            "of another issuer",
            with(|claims| claims["iss"] = json!("https://other.example")),
        ),
        (
            "for another service",
            with(|claims| claims["aud"] = json!("other")),
        ),
        (
            "without a role",
            with(|claims| claims["roles"] = json!(["Staff"])),
        ),
        (
            "by its own name of a role",
            with(|claims| claims["roles"] = json!("senior_officer")),
        ),
        ("signed by another", signed(&claims(), "other-key.der")),
        ("not signed", format!("eyJhbGciOiJub25lIn0.{body}.")),
        ("cut", format!("{head}.{body}.AAAA")),
    ];
    for (what, token) in cases {
        let reply = service
            .senior
            .with(&token)
            .get("/v1/rulesets", &[])
            .unwrap();
        assert_eq!(reply.status, 401, "{what}");
    }
}

fn keys() -> String {
    std::fs::read_to_string(file("issuer-keys.json")).unwrap()
}

#[test]
fn keys_are_asked_for_and_a_stranger_cannot_make_them_be_asked_for_often() {
    let issuer = Collector::start(&keys());
    let service = with_keys(&format!("http://{}/keys", issuer.address));
    assert_eq!(issuer.count(), 1, "at the start");
    let officer = service.senior.with(&signed(&claims(), "issuer-key.der"));
    assert_eq!(officer.get("/v1/register", &[]).unwrap().status, 200);
    let unknown = named("unknown", &claims(), "other-key.der");
    for _ in 0..5 {
        let stranger = service.senior.with(&unknown);
        assert_eq!(stranger.get("/v1/register", &[]).unwrap().status, 401);
    }
    assert_eq!(
        issuer.count(),
        1,
        "keys that came just now are not asked for again"
    );
}

#[test]
fn an_issuer_that_does_not_answer_opens_nothing_and_stops_nothing() {
    for answer in ["", "no keys", "{\"keys\": 1}"] {
        let issuer = Collector::start(answer);
        let service = with_keys(&format!("http://{}/keys", issuer.address));
        let officer = service.senior.with(&signed(&claims(), "issuer-key.der"));
        assert_eq!(
            officer.get("/v1/register", &[]).unwrap().status,
            401,
            "{answer}"
        );
        assert_eq!(service.senior.get("/v1/register", &[]).unwrap().status, 200);
    }
}

#[test]
fn the_service_speaks_tls() {
    let layer = Layer {
        tls_certificate: Some(file("tls-certificate.pem")),
        tls_key: Some(file("tls-key.pem")),
        ..Layer::default()
    };
    let service = start("tls", layer);
    let address = format!("https://{}/healthz", service.senior.address);
    let certificate = file("tls-certificate.pem");
    let run = Command::new("curl")
        .args(["-sS", "--cacert"])
        .arg(certificate)
        .arg(address)
        .output();
    let run = run.unwrap();
    assert_eq!(
        String::from_utf8_lossy(&run.stdout),
        "ok\n",
        "{}",
        String::from_utf8_lossy(&run.stderr)
    );
}
