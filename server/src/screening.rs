//! One screening: what is asked, what is answered, and whether it is kept.

use std::sync::Arc;

use catchall_engine::explanation::{self, Length};
use catchall_engine::facts::{Application, Value};
use catchall_engine::screening::{Determination, screen};
use catchall_engine::source::{Document, Json};
use catchall_engine::time::{Date, Dates};

use crate::access::{Action, Caller};
use crate::app::Shared;
use crate::http::form::Form;
use crate::problem::{Answer, INTERNAL, INVALID, Problem, TOO_LARGE};
use crate::register::{Compressed, Idempotency, Keep, Outcome, What};
use crate::world::World;

/// Lines and rulesets, multiplied, that are screened without giving way to others.
const SHORT: usize = 8;

/// What is asked of one application.
#[derive(Clone, Debug, Default)]
pub(crate) struct Asked {
    /// The day whose law and facts apply, instead of the application's own.
    pub(crate) as_of: Option<Date>,
    /// The day up to which data had been published.
    pub(crate) known_at: Option<Date>,
    /// The rulesets; all law if none.
    pub(crate) rulesets: Vec<String>,
    /// Whether the determination is kept.
    pub(crate) keep: bool,
}

/// An application that was read, with all that is needed to screen it.
#[derive(Debug)]
pub(crate) struct Question {
    pub(crate) application: Application,
    pub(crate) world: Arc<World>,
    pub(crate) rulesets: Vec<String>,
    pub(crate) dates: Dates,
}

/// A determination with what it was made from.
#[derive(Debug)]
pub(crate) struct Answered {
    pub(crate) question: Question,
    pub(crate) determination: Determination,
}

impl Question {
    /// Reads an application and what is asked of it.
    pub(crate) fn read(
        world: Arc<World>,
        json: Json,
        document: &Document,
        asked: &Asked,
        caller: &Caller,
    ) -> Answer<Self> {
        let application = Application::from_json(json, document, &world.library.catalogue)?;
        let (lines, most) = (application.items.len(), caller.limits.lines);
        if lines > most {
            let detail = format!("{lines} items; at most {most} for your role, more as a table");
            return Err(Problem::new(&TOO_LARGE, detail));
        }
        let dates = application.dates(asked.as_of, asked.known_at, document, HOW)?;
        if let Err(unknown) = world.chosen(&asked.rulesets) {
            return Err(no_ruleset(&world, &unknown));
        }
        Ok(Self {
            application,
            world,
            rulesets: asked.rulesets.clone(),
            dates,
        })
    }

    fn is_short(&self) -> bool {
        let rulesets = self
            .world
            .chosen(&self.rulesets)
            .map_or(0, |chosen| chosen.len());
        self.application.items.len().saturating_mul(rulesets) <= SHORT
    }

    /// Screens it.
    pub(crate) fn answer(self) -> Answered {
        // The names were looked up when the question was read.
        let rulesets = self.world.chosen(&self.rulesets).unwrap_or_default();
        let determination = screen(
            &self.application,
            &rulesets,
            &self.world.library.reference,
            self.dates,
        );
        Answered {
            question: self,
            determination,
        }
    }

    /// Screens it: at once where that is short, else on a thread of its own.
    pub(crate) async fn answered(self, app: &Shared) -> Answer<Answered> {
        let short = self.is_short();
        app.work(short, move || self.answer()).await
    }
}

impl Answered {
    /// The answer in a form.
    pub(crate) fn told(&self, form: Form, length: Length) -> String {
        let (reference, destination) = (&self.question.world.library.reference, self.destination());
        let (determination, destination) = (&self.determination, destination.as_deref());
        match form {
            Form::Text => explanation::text(determination, reference, destination, length),
            Form::Html => explanation::html(determination, reference, destination),
            _ => explanation::json(determination),
        }
    }

    /// The code of the destination, if it is stated.
    pub(crate) fn destination(&self) -> Option<String> {
        let question = &self.question;
        let fact = question.world.library.catalogue.by_path("destination")?;
        match question.application.fact(fact) {
            Value::Text(code) => Some(code.to_string()),
            _ => None,
        }
    }

    /// Puts the determination into the register; answers when that is durable.
    pub(crate) async fn keep(
        self,
        app: &Shared,
        caller: &Caller,
        idempotency: Idempotency,
        application: String,
        json: &str,
    ) -> Answer<Outcome> {
        caller.must(Action::Keep)?;
        let broken = |error: String| Problem::new(&INTERNAL, error);
        let keep = Keep {
            id: uuid::Uuid::now_v7().to_string(),
            destination: self.destination().unwrap_or_default(),
            application,
            bytes: Compressed::new(json).map_err(broken)?,
            determination: self.determination,
            world: self.question.world,
        };
        let what = What::Keep(Box::new(keep));
        app.register.write(idempotency, what).await
    }
}

/// How a caller states the day whose law applies.
pub(crate) const HOW: &str = "ask with as_of=YYYY-MM-DD";

fn no_ruleset(world: &World, name: &str) -> Problem {
    let help = world.rulesets_like(name);
    Problem::new(&INVALID, format!("the unknown ruleset `{name}`; {help}"))
}
