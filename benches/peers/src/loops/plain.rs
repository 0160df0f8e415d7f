//! The ten rules by hand: what no engine at all costs, and what the others are checked by.

use anyhow::Result;

use super::Engine;
use crate::answer::{Answer, Holding, of};
use crate::facts::Facts;

#[derive(Debug)]
pub(super) struct Plain;

impl Engine for Plain {
    fn answer(&mut self, facts: &Facts) -> Result<Answer> {
        Ok(of(&holding(facts)))
    }
}

fn holding(facts: &Facts) -> Holding {
    let (item, to) = (&facts.item, &facts.to);
    let within = |from: i64, until: i64| (from..=until).contains(&facts.code);
    let machine = within(840_000, 859_999) || within(900_000, 909_999);
    let large_computer =
        [847_130, 847_141, 847_150].contains(&facts.code) && facts.value >= 1_000_000;
    [
        false,
        to.embargo && item.surveillance,
        facts.from.customs && !to.customs && item.listed,
        to.general,
        item.surveillance && to.law < -500_000,
        within(852_500, 852_699) && to.conflict >= 2_000_000,
        large_computer && to.voice < -1_000_000,
        facts.year >= 2022 && to.sanctions && machine,
        facts.year < 2021 && item.computer && facts.value >= 250_000 && to.expression < 300_000,
        facts.year >= 2021 && item.interception && facts.value >= 10_000 && to.expression < 500_000,
        to.law < -1_000_000 || to.conflict >= 2_000_000,
    ]
}
