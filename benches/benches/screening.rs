//! How long one application takes in process, with its trace and without.

use std::hint::black_box;

use catchall_benches::{LISTED, UNLISTED, application, dates, library, ruleset};
use catchall_engine::screening::{brief, screen};
use criterion::{Criterion, criterion_group, criterion_main};

fn screening(c: &mut Criterion) {
    let reference = &library().reference;
    let sets = [
        ("eu", vec![ruleset("eu-dual-use")]),
        ("us", vec![ruleset("us-ear")]),
        ("eu and us", vec![ruleset("eu-dual-use"), ruleset("us-ear")]),
    ];
    for (case, text) in [("listed", LISTED), ("unlisted", UNLISTED)] {
        let application = application(text);
        let mut group = c.benchmark_group(format!("screening/{case}"));
        for (name, rulesets) in &sets {
            group.bench_function(format!("{name}, with trace"), |b| {
                b.iter(|| black_box(screen(&application, rulesets, reference, dates())));
            });
            group.bench_function(format!("{name}, brief"), |b| {
                b.iter(|| black_box(brief(&application, rulesets, reference, dates())));
            });
        }
        group.finish();
    }
}

criterion_group!(benches, screening);
criterion_main!(benches);
