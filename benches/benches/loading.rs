//! How long it takes to read what is shipped, and one application.

use std::hint::black_box;

use catchall_benches::{LISTED, application, library};
use catchall_engine::facts::Catalogue;
use catchall_engine::ruleset::Ruleset;
use catchall_engine::shipped;
use criterion::{Criterion, criterion_group, criterion_main};

fn loading(c: &mut Criterion) {
    let mut group = c.benchmark_group("loading");
    group.sample_size(10);
    group.bench_function("reference data", |b| {
        b.iter(|| black_box(shipped::reference().is_ok()));
    });
    group.bench_function("catalogue", |b| {
        b.iter(|| {
            black_box(
                shipped::facts()
                    .and_then(|facts| Catalogue::parse(&facts))
                    .is_ok(),
            )
        });
    });
    for id in shipped::ruleset_ids() {
        let Ok(files) = shipped::ruleset(&id) else {
            continue;
        };
        group.bench_function(format!("ruleset {id}"), |b| {
            b.iter(|| {
                black_box(Ruleset::load(&files, &library().catalogue, &library().reference).is_ok())
            });
        });
    }
    group.finish();
    c.bench_function("loading/application", |b| {
        b.iter(|| black_box(application(LISTED)));
    });
}

criterion_group!(benches, loading);
criterion_main!(benches);
