//! Finds records of which every cell can be taken as it stands.

use catchall_engine::bulk::Rows;

use super::fields::Finder;

impl<'b> Finder<'b> {
    /// The next records, as long as each has `width` cells without a quote and ends in one way, with LF or
    /// with CRLF; at most so many. They are still ahead then.
    ///
    /// Records of one cell are left to [`Self::next`]: an empty line looks like one.
    pub(super) fn run(&mut self, width: usize, most: usize) -> Rows<'b> {
        self.skip_empty();
        let behind = self.mark.saturating_sub(1);
        let marks = self.marks.get(behind..).unwrap_or_default();
        let begins = marks.first().map(|mark| mark.wrapping_add(1) as usize);
        if width < 2 || begins != Some(self.place) {
            return Rows::default();
        }
        let last = marks.get(width).and_then(|end| self.byte(*end));
        let stride = width.saturating_add(usize::from(last == Some(b'\r')));
        let ahead = marks.get(1..).unwrap_or_default().chunks_exact(stride);
        let whole = ahead
            .take(most)
            .take_while(|record| self.is_plain(record, width));
        let length = whole.count().saturating_mul(stride).saturating_add(1);
        Rows::new(
            self.block,
            marks.get(..length).unwrap_or_default(),
            width,
            stride,
        )
    }

    /// Goes behind the next so many records of a run.
    pub(super) fn pass(&mut self, run: &Rows<'_>, records: usize) {
        let marks = run.stride().saturating_mul(records);
        self.mark = self.mark.saturating_add(marks);
        let last = self.mark.checked_sub(1).and_then(|at| self.marks.get(at));
        self.place = last.map_or(self.block.len(), |mark| mark.wrapping_add(1) as usize);
    }

    /// Whether the marks of a record are those of plain cells and of its end.
    fn is_plain(&self, record: &[u32], width: usize) -> bool {
        let Some((end, cells)) = record.get(..width).and_then(<[u32]>::split_last) else {
            return false;
        };
        let is = |mark: &u32, byte: u8| self.byte(*mark) == Some(byte);
        let ends = match record.get(width) {
            None => is(end, b'\n'),
            Some(feed) => is(end, b'\r') && is(feed, b'\n') && *feed == end.wrapping_add(1),
        };
        ends && cells.iter().all(|mark| is(mark, self.delimiter))
    }

    fn byte(&self, mark: u32) -> Option<u8> {
        self.block.get(mark as usize).copied()
    }

    /// Goes behind line ends that end no record.
    fn skip_empty(&mut self) {
        while self.ahead() == self.place
            && matches!(self.block.get(self.place), Some(b'\n' | b'\r'))
        {
            self.mark = self.mark.saturating_add(1);
            self.place = self.place.saturating_add(1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::fields::{Finder, Record};
    use super::super::marks::Marks;
    use proptest::prelude::*;

    /// Every record: those of a run as it tells them, the others as they are found one by one.
    fn by_runs(block: &[u8], width: usize, most: usize) -> (Vec<Vec<u8>>, usize) {
        let marks = Marks::of(block, b',');
        let mut finder = Finder::new(block, &marks);
        let (mut found, mut in_runs) = (Vec::new(), 0);
        loop {
            let run = finder.run(width, most);
            for at in 0..run.len() {
                let cells: Vec<&[u8]> = (0..width).map(|cell| run.cell(at, cell)).collect();
                assert_eq!(run.record(at), cells.join(&b','));
                found.push(run.record(at).to_vec());
            }
            in_runs = run.len().saturating_add(in_runs);
            finder.pass(&run, run.len());
            let mut record = Record::default();
            if run.is_empty() {
                if !finder.next(&mut record) {
                    return (found, in_runs);
                }
                found.push(record.bytes(block).to_vec());
            }
        }
    }

    fn one_by_one(block: &[u8]) -> Vec<Vec<u8>> {
        let marks = Marks::of(block, b',');
        let mut finder = Finder::new(block, &marks);
        let (mut found, mut record) = (Vec::new(), Record::default());
        while finder.next(&mut record) {
            found.push(record.bytes(block).to_vec());
        }
        found
    }

    #[test]
    fn plain_records_are_found_in_runs() {
        for (block, in_runs) in [
            ("a,b\nc,d\n", 2),
            ("a,b\r\nc,d\r\n\r\ne,f", 2),
            ("a,b\n\nc,d\n", 2),
            ("\"a\",b\nc,d\n", 1),
            ("a,b\rc,d\r", 0),
            ("a,b,c\nd,e\nf\n", 1),
            ("a,b\nc,\"d\ne\"\nf,g\n", 2),
        ] {
            assert_eq!(by_runs(block.as_bytes(), 2, 100).1, in_runs, "{block:?}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        #[test]
        fn runs_and_single_records_are_the_same_records(
            block in prop::collection::vec(prop::sample::select(&b"a1 ,,,\"\n\n\r"[..]), 0..80),
            width in 1..4_usize,
            most in 1..3_usize,
        ) {
            prop_assert_eq!(by_runs(&block, width, most).0, one_by_one(&block));
        }
    }
}
