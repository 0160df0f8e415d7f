//! Truth of three values on two wires.

use super::circuit::{Circuit, Wire};
use crate::facts::Truth;

/// Whether something certainly is, and whether it may be: what certainly is also may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Three {
    pub(super) is: Wire,
    pub(super) may: Wire,
}

impl From<Truth> for Three {
    fn from(truth: Truth) -> Self {
        Self {
            is: Wire::fixed(truth.certainly()),
            may: Wire::fixed(truth.possibly()),
        }
    }
}

impl From<Wire> for Three {
    /// Something that is known either way.
    fn from(wire: Wire) -> Self {
        Self {
            is: wire,
            may: wire,
        }
    }
}

impl std::ops::Not for Three {
    type Output = Self;
    fn not(self) -> Self {
        Self {
            is: !self.may,
            may: !self.is,
        }
    }
}

impl Circuit {
    /// True where all are, false where any is false.
    pub(super) fn every(&mut self, parts: &[Three]) -> Three {
        Three {
            is: self.all(parts.iter().map(|part| part.is)),
            may: self.all(parts.iter().map(|part| part.may)),
        }
    }

    /// True where any is, false where all are false.
    pub(super) fn some(&mut self, parts: &[Three]) -> Three {
        Three {
            is: self.any(parts.iter().map(|part| part.is)),
            may: self.any(parts.iter().map(|part| part.may)),
        }
    }

    /// The second where the first is true, the third where it is false; where it is unknown, what both agree on.
    pub(super) fn choice(&mut self, [condition, then, otherwise]: [Three; 3]) -> Three {
        let chosen = self.both(condition.is, then.is);
        let other = self.both(!condition.may, otherwise.is);
        let agreed = self.both(then.is, otherwise.is);
        let may_choose = self.both(condition.may, then.may);
        let may_not = self.both(!condition.is, otherwise.may);
        Three {
            is: self.any([chosen, other, agreed]),
            may: self.any([may_choose, may_not]),
        }
    }

    /// The truth where the wire is on; unknown where it is off.
    pub(super) fn if_known(&mut self, known: Wire, three: Three) -> Three {
        Three {
            is: self.both(known, three.is),
            may: self.either(!known, three.may),
        }
    }
}
