//! How long one condition takes: to parse, to check, to evaluate, to trace.

use std::hint::black_box;

use catchall_benches::{LISTED, application, dates, library, ruleset};
use catchall_engine::condition::{compile, parse};
use catchall_engine::screening::ItemEnvironment;
use criterion::{Criterion, criterion_group, criterion_main};

const CONDITIONS: [(&str, &str); 3] = [
    ("comparison", "item.value_eur >= 10000"),
    (
        "entries",
        "under(item.entries, \"5A001.f\") or under(item.entries, \"4A005\")",
    ),
    (
        "parties",
        "some party in parties satisfies (party.role = \"end_user\" and party.country in group(\"eu.arms_embargo\"))",
    ),
];

fn language(c: &mut Criterion) {
    let ruleset = ruleset("eu-dual-use");
    let application = application(LISTED);
    let Some(item) = application.items.first() else {
        return;
    };
    for (name, text) in CONDITIONS {
        let names = ruleset.names(&library().reference);
        let environment =
            ItemEnvironment::new(ruleset, &library().reference, &application, item, dates());
        let Ok(condition) = compile(text, &names) else {
            continue;
        };
        let mut group = c.benchmark_group(format!("language/{name}"));
        group.bench_function("parse", |b| {
            b.iter(|| black_box(parse(black_box(text)).is_ok()));
        });
        group.bench_function("compile", |b| {
            b.iter(|| black_box(compile(black_box(text), &names).is_ok()));
        });
        group.bench_function("evaluate", |b| {
            b.iter(|| black_box(condition.evaluate(&environment)));
        });
        group.bench_function("trace", |b| {
            b.iter(|| black_box(condition.trace(&environment)));
        });
        group.finish();
    }
}

criterion_group!(benches, language);
criterion_main!(benches);
