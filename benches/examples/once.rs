use catchall_benches::{LISTED, UNLISTED, application, dates, library, ruleset};
use catchall_engine::screening::{brief, screen};
fn main() {
    let a: Vec<String> = std::env::args().collect();
    let app = application(if a[1] == "listed" { LISTED } else { UNLISTED });
    let rs = [ruleset(&a[2])];
    let n: usize = a[4].parse().unwrap();
    let t = std::time::Instant::now();
    for _ in 0..n {
        if a[3] == "brief" {
            std::hint::black_box(brief(&app, &rs, &library().reference, dates()));
        } else {
            std::hint::black_box(screen(&app, &rs, &library().reference, dates()));
        }
    }
    println!("{} {} {} {:?}", a[1], a[2], a[3], t.elapsed() / n as u32);
}
