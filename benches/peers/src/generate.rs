//! Rows in the shape of BACI, made up: a few destinations and codes hold most of them.

use std::io::Write;

use anyhow::Result;

use crate::codes::Codes;
use crate::places::{Places, YEARS};
use crate::random::Random;
use crate::skew::Skew;

/// The header of BACI.
pub(crate) const HEADER: &[u8] = b"t,i,j,k,v,q\n";

/// Bytes that are written at once.
const BLOCK: usize = 1 << 20;

/// Roughly the largest traders; all others follow in the order of their codes.
const LARGEST: [&str; 24] = [
    "CN", "US", "DE", "JP", "NL", "FR", "KR", "IT", "GB", "HK", "MX", "BE", "CA", "IN", "SG", "ES",
    "RU", "CH", "TW", "PL", "VN", "AE", "TR", "IR",
];

/// Codes that trade much more than most: machines, electronics and instruments.
const LARGE_CHAPTERS: [u32; 3] = [84, 85, 90];

/// Makes rows, the same for the same seed.
#[derive(Debug)]
pub(crate) struct Generator {
    random: Random,
    numbers: Vec<u16>,
    by_number: Skew,
    codes: Vec<u32>,
    by_code: Skew,
}

impl Generator {
    /// Rows over all destinations and codes.
    pub(crate) fn new(seed: u64, places: &Places, codes: &Codes) -> Self {
        let mut random = Random::new(seed);
        let rank = |code: &str| {
            LARGEST
                .iter()
                .position(|one| *one == code)
                .unwrap_or(LARGEST.len())
        };
        let mut named: Vec<(u16, &String)> = places
            .named
            .iter()
            .map(|(one, name)| (*one, name))
            .collect();
        named.sort_by_key(|(number, code)| (rank(code), *number));
        let mut codes = codes.universe();
        random.shuffle(&mut codes);
        codes.sort_by_key(|code| u8::from(!LARGE_CHAPTERS.contains(&(code / 10_000))));
        interleave(&mut codes);
        Self {
            by_number: Skew::new(named.len(), 3),
            by_code: Skew::new(codes.len(), 40),
            numbers: named.into_iter().map(|(number, _)| number).collect(),
            codes,
            random,
        }
    }

    /// Writes a header and so many rows.
    pub(crate) fn write(&mut self, rows: u64, to: &mut impl Write) -> Result<()> {
        let mut block = Vec::with_capacity(BLOCK + 100);
        block.extend_from_slice(HEADER);
        for _ in 0..rows {
            self.row(&mut block);
            if block.len() >= BLOCK {
                to.write_all(&block)?;
                block.clear();
            }
        }
        to.write_all(&block)?;
        Ok(to.flush()?)
    }

    fn row(&mut self, block: &mut Vec<u8>) {
        let span = usize::from(YEARS[1] - YEARS[0] + 1);
        let year = u64::from(YEARS[0]) + self.random.below(span) as u64;
        let exporter = self.number(None);
        let importer = self.number(Some(exporter));
        let code = self.by_code.draw(&mut self.random);
        let code = self.codes.get(code).copied().unwrap_or_default();
        for number in [
            year,
            u64::from(exporter),
            u64::from(importer),
            u64::from(code),
        ] {
            digits(number, block);
            block.push(b',');
        }
        let dollars = self.dollars();
        thousandths(dollars, block);
        block.push(b',');
        match self.random.below(25) {
            0 => block.extend_from_slice(b"NA"),
            price => thousandths(dollars / (price as u64 + 3), block),
        }
        block.push(b'\n');
    }

    fn number(&mut self, but: Option<u16>) -> u16 {
        loop {
            let at = self.by_number.draw(&mut self.random);
            let number = self.numbers.get(at).copied().unwrap_or_default();
            if Some(number) != but {
                return number;
            }
        }
    }

    /// A value in US dollars: from one to some hundred million, about evenly over magnitudes near the middle.
    fn dollars(&mut self) -> u64 {
        let random = self.random.next();
        let magnitude = (random & 0x0fff_ffff).count_ones();
        let floor = 1 << magnitude;
        floor | ((random >> 28) & (floor - 1))
    }
}

/// Lets every second code be one of those that stand first, as long as there are any.
fn interleave(codes: &mut Vec<u32>) {
    let large = codes
        .iter()
        .filter(|code| LARGE_CHAPTERS.contains(&(*code / 10_000)))
        .count();
    let rest = codes.split_off(large);
    let first = std::mem::take(codes);
    let (mut first, mut rest) = (first.into_iter(), rest.into_iter());
    loop {
        let pair = (first.next(), rest.next());
        if pair == (None, None) {
            return;
        }
        codes.extend(pair.0);
        codes.extend(pair.1);
    }
}

/// A whole number, without blanks and zeros before it.
fn digits(number: u64, block: &mut Vec<u8>) {
    if number >= 10 {
        digits(number / 10, block);
    }
    block.push(b'0' | (number % 10).to_le_bytes()[0]);
}

/// A number of thousandths as a decimal number with three decimals.
fn thousandths(number: u64, block: &mut Vec<u8>) {
    digits(number / 1000, block);
    block.push(b'.');
    let part = number % 1000;
    for digit in [part / 100, part / 10 % 10, part % 10] {
        block.push(b'0' | digit.to_le_bytes()[0]);
    }
}
