//! How long a record of a table takes: by look-up, and the first of its class.

use std::hint::black_box;

use catchall_benches::{library, ruleset};
use catchall_engine::bulk::{Profile, Stated, TableScreener};
use catchall_engine::shipped;
use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};

const HEADER: [&[u8]; 6] = [b"t", b"i", b"j", b"k", b"v", b"q"];
/// Needed cells of a record: year, exporter, importer, customs code, value.
const RECORDS: [[&[u8]; 5]; 4] = [
    [b"2022", b"251", b"818", b"851762", b"12.345"],
    [b"2022", b"842", b"404", b"080390", b"1.500"],
    [b"2022", b"276", b"682", b"852580", b"880"],
    [b"2022", b"156", b"818", b"847130", b"3.25"],
];

#[expect(clippy::expect_used, reason = "nothing can be measured without it")]
fn profile() -> Profile {
    let document = shipped::profile("baci").expect("a shipped profile");
    Profile::compile(&document, library()).expect("a shipped profile")
}

#[expect(clippy::expect_used, reason = "nothing can be measured without it")]
fn screener(profile: &Profile) -> TableScreener<'_> {
    let rulesets = vec![ruleset("eu-dual-use")];
    let stated = Stated::default();
    TableScreener::new(profile, library(), rulesets, stated, "table", &HEADER)
        .expect("the profile's own header")
}

fn tables(c: &mut Criterion) {
    let profile = profile();
    let mut group = c.benchmark_group("tables");
    group.throughput(Throughput::Elements(RECORDS.len() as u64));
    let known = screener(&profile);
    let mut worker = known.worker();
    group.bench_function("records of known classes", |b| {
        b.iter(|| RECORDS.map(|record| black_box(worker.row(&record).is_ok())));
    });
    group.bench_function("records of known classes, known texts of none", |b| {
        b.iter_batched_ref(
            || known.worker(),
            |worker| RECORDS.map(|record| black_box(worker.row(&record).is_ok())),
            BatchSize::SmallInput,
        );
    });
    group.bench_function("first records of their classes", |b| {
        b.iter_batched_ref(
            || screener(&profile),
            |screener| {
                let mut worker = screener.worker();
                RECORDS.map(|record| black_box(worker.row(&record).is_ok()))
            },
            BatchSize::SmallInput,
        );
    });
    group.finish();
}

criterion_group!(benches, tables);
criterion_main!(benches);
