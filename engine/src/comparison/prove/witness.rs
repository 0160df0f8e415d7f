//! Shortens what the solver found, and has both rulesets screen it before anybody sees it.

use super::domain::{Domain, Space};
use super::draft::Draft;
use super::{Question, Unconfirmed, Witness};
use crate::condition::{Graph, NodeId};
use crate::facts::{Application, Truth, Value};
use crate::ruleset::Ruleset;
use crate::screening::{Bounds, Probe, bounds, brief, differing};
use crate::source::{Document, Json};

/// Screens what the solver found.
pub(super) struct Confirm<'q> {
    pub(super) question: &'q Question<'q>,
    pub(super) blank: &'q Application,
    pub(super) assumed: Option<&'q (Graph, NodeId)>,
    /// Whether both answers must leave nothing open.
    pub(super) settled: bool,
}

impl Confirm<'_> {
    /// The shortest application that can be reached from a draft by leaving things out, in ordinary values.
    pub(super) fn witness(
        &self,
        draft: Draft,
        space: &mut Space<'_>,
    ) -> Result<Witness, Unconfirmed> {
        if !self.happens(&self.of(&draft)) {
            return Err(self.unconfirmed(&draft));
        }
        let draft = self.shortened(draft);
        let draft = self.ordinary(draft, space);
        self.confirmed(&self.shortened(draft))
    }

    fn of(&self, draft: &Draft) -> Application {
        draft.application(self.blank, self.question.catalogue)
    }

    fn unconfirmed(&self, draft: &Draft) -> Unconfirmed {
        let json = draft.json(self.question.catalogue);
        Unconfirmed(format!(
            "the search found an application that screening does not bear out: {json}"
        ))
    }

    fn bounds(&self, application: &Application) -> [Bounds; 2] {
        let Question {
            base,
            amended,
            reference,
            dates,
            ..
        } = self.question;
        [base, amended].map(|ruleset| bounds(application, ruleset, reference, *dates))
    }

    fn happens(&self, application: &Application) -> bool {
        let [base, amended] = self.bounds(application);
        let settled = base.is_settled() && amended.is_settled();
        self.question.never.happens(&base, &amended)
            && (settled || !self.settled)
            && self.is_assumed(application)
    }

    fn is_assumed(&self, application: &Application) -> bool {
        let Some((graph, id)) = self.assumed else {
            return true;
        };
        let Question {
            amended,
            reference,
            dates,
            ..
        } = self.question;
        let probe = Probe::new(amended, reference, application, *dates);
        probe.is_some_and(|probe| probe.joined(graph, *id) == Truth::True)
    }

    /// The same, with one thing after another left out for as long as it still happens.
    fn shortened(&self, mut draft: Draft) -> Draft {
        while let Some(shorter) = self.first(draft.shorter()) {
            draft = shorter;
        }
        draft
    }

    /// The same, with values that are usual before others where it makes no difference.
    fn ordinary(&self, mut draft: Draft, space: &mut Space<'_>) -> Draft {
        let values: std::collections::BTreeMap<_, Vec<Value>> = space
            .domains()
            .filter_map(|(var, domain)| match domain {
                Domain::Values(values) => Some((var.clone(), values.clone())),
                Domain::Set(_) => None,
            })
            .collect();
        let others =
            |draft: &Draft| draft.otherwise(|var| values.get(var).cloned().unwrap_or_default());
        while let Some(other) = self.first(others(&draft)) {
            draft = other;
        }
        draft
    }

    fn first(&self, drafts: Vec<Draft>) -> Option<Draft> {
        drafts
            .into_iter()
            .find(|draft| self.happens(&self.of(draft)))
    }

    /// Writes the application, reads it again, and screens it with both.
    fn confirmed(&self, draft: &Draft) -> Result<Witness, Unconfirmed> {
        let json = draft.json(self.question.catalogue);
        let document = Document::new("<counterexample>", json.to_string());
        let read =
            Application::from_json(Json::from(json.clone()), &document, self.question.catalogue);
        let application = read.map_err(|problems| Unconfirmed(problems.to_string()))?;
        if !self.happens(&application) {
            return Err(self.unconfirmed(draft));
        }
        let Question {
            base,
            amended,
            reference,
            dates,
            ..
        } = self.question;
        let screen = |ruleset: &Ruleset| brief(&application, &[ruleset], reference, *dates);
        let (base, amended) = (screen(base), screen(amended));
        Ok(Witness {
            application: json,
            settled: base.bounds.is_settled() && amended.bounds.is_settled(),
            rules: differing(&base, &amended),
            base: base.bounds,
            amended: amended.bounds,
        })
    }
}
