//! Any text is a condition or is told what is wrong with it; a condition reads back as it is
//! printed, and its trace says what its evaluation says.

#![no_main]

use catchall_engine::condition::{compile, parse};
use catchall_tests::world::World;
use libfuzzer_sys::fuzz_target;

thread_local! {
    static WORLD: World = World::new();
}

fuzz_target!(|text: &str| WORLD.with(|world| answered(text, world)));

fn answered(text: &str, world: &World) {
    world.problems.borrow_mut().clear();
    match compile(text, world) {
        Ok(condition) => {
            assert_eq!(condition.trace(world).value, condition.evaluate(world));
            condition.observed();
            let printed = condition.expr().to_string();
            let again = parse(&printed).expect("what is printed can be read");
            assert_eq!(&again, condition.expr(), "{printed}");
        }
        Err(problems) => assert!(!problems.to_string().is_empty()),
    }
}
