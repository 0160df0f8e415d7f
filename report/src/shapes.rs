//! Outlines of destinations for maps, compiled in.

use std::sync::LazyLock;

/// The table of outlines; `cargo xtask data` makes it.
const TABLE: &str = include_str!("../../data/map_shapes/map_shapes.csv");

/// Width and height of the map, in its units.
pub(crate) const SIZE: (u32, u32) = (2000, 868);

/// Where a destination is.
#[derive(Debug)]
pub(crate) struct Shape {
    /// Its code.
    pub(crate) code: &'static str,
    /// Where a dot stands for it, where it is too small to be seen.
    pub(crate) dot: Option<(u32, u32)>,
    /// Its outline.
    pub(crate) path: Option<&'static str>,
}

/// All destinations that have a place on the map.
pub(crate) fn shapes() -> &'static [Shape] {
    static SHAPES: LazyLock<Vec<Shape>> =
        LazyLock::new(|| TABLE.lines().skip(1).filter_map(shape).collect());
    &SHAPES
}

/// A line of the table: none of its cells holds a comma.
fn shape(line: &'static str) -> Option<Shape> {
    let mut cells = line.splitn(4, ',');
    let (code, x, y, path) = (cells.next()?, cells.next()?, cells.next()?, cells.next()?);
    let dot = x.parse().ok().zip(y.parse().ok());
    Some(Shape {
        code,
        dot,
        path: Some(path).filter(|path| !path.is_empty()),
    })
}

#[cfg(test)]
mod tests {
    use super::{SIZE, TABLE, shapes};

    #[test]
    fn every_line_of_the_table_is_drawn_within_the_map() {
        assert_eq!(shapes().len() + 1, TABLE.lines().count());
        for shape in shapes() {
            assert!(
                shape.dot.is_some() || shape.path.is_some(),
                "{}",
                shape.code
            );
            assert!(shape.dot.is_none_or(|(x, y)| x <= SIZE.0 && y <= SIZE.1));
        }
    }
}
