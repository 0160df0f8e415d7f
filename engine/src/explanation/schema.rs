//! The JSON Schema of a determination, for those who build on answers and for tests.

use serde_json::{Map, Value as Json, json};

use crate::ruleset::{Requirement, Review};
use crate::screening::NOTICE;

/// JSON Schema 2020-12 of a determination: every key that an answer can hold, in plain words.
pub fn determination_schema() -> Json {
    let mut schema = determination();
    if let Json::Object(root) = &mut schema {
        root.shift_insert(
            0,
            "$schema".to_owned(),
            json!("https://json-schema.org/draft/2020-12/schema"),
        );
        root.shift_insert(1, "title".to_owned(), json!("Determination"));
        root.insert("$defs".to_owned(), definitions());
    }
    schema
}

/// Keys with their schemas.
type Keys<'k> = &'k [(&'k str, Json)];

/// An object with keys that it must have, keys that it may have, and no others.
fn object(what: &str, required: Keys<'_>, optional: Keys<'_>) -> Json {
    let properties: Map<String, Json> = required
        .iter()
        .chain(optional)
        .map(|(key, schema)| ((*key).to_owned(), schema.clone()))
        .collect();
    let names: Vec<&str> = required.iter().map(|(key, _)| *key).collect();
    json!({
        "description": what,
        "type": "object",
        "properties": properties,
        "required": names,
        "additionalProperties": false
    })
}

fn refer(name: &str, what: &str) -> Json {
    json!({"$ref": format!("#/$defs/{name}"), "description": what})
}

fn list(name: &str, what: &str) -> Json {
    json!({"description": what, "type": "array", "items": {"$ref": format!("#/$defs/{name}")}})
}

fn text(what: &str) -> Json {
    json!({"description": what, "type": "string"})
}

fn flag(what: &str) -> Json {
    json!({"description": what, "type": "boolean"})
}

fn texts(what: &str) -> Json {
    json!({"description": what, "type": "array", "items": {"type": "string"}})
}

fn day(what: &str) -> Json {
    json!({"description": what, "type": "string", "format": "date", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"})
}

fn definitions() -> Json {
    json!({
        "sha256": {"description": "SHA-256, in 64 hexadecimal digits.", "type": "string", "pattern": "^[0-9a-f]{64}$"},
        "requirement": requirement(),
        "review": review(),
        "requirement_bounds": bounds("What is required before the export may leave.", &json!({"$ref": "#/$defs/requirement"})),
        "review_bounds": bounds(
            "How strictly an application is reviewed; null where no licence is needed.",
            &json!({"anyOf": [{"$ref": "#/$defs/review"}, {"type": "null"}]})
        ),
        "stands": {
            "description": "`yes`: the condition holds and no exception lifts the rule. `may`: it stands or not, by facts that are not known. `lifted`: the condition holds or may hold, and an exception cancels the rule.",
            "enum": ["yes", "may", "lifted"]
        },
        "ruleset": ruleset(),
        "item": item(),
        "finding": finding(),
        "effect": effect(),
        "citation": citation(),
        "used": used(),
        "provenance": provenance(),
        "period": period(),
        "value": value(),
        "trace": trace(),
        "missing": missing(),
        "answer": answer(),
        "duty": duty(),
        "provision": provision()
    })
}

fn requirement() -> Json {
    json!({
        "description": "From mild to strict. `not_required` says that the rules evaluated require nothing; it is never an approval.",
        "enum": Requirement::ALL.map(Requirement::code)
    })
}

fn review() -> Json {
    json!({
        "description": "From mild to strict; it matters only where a licence is required.",
        "enum": Review::ALL.map(Review::code)
    })
}

fn bounds(what: &str, level: &Json) -> Json {
    let end = |what: &str| json!({"description": what, "allOf": [level]});
    object(
        what,
        &[
            ("at_least", end("What certainly holds.")),
            (
                "at_most",
                end("What may hold, by facts that are not known."),
            ),
        ],
        &[],
    )
}

/// The two keys that everything with an outcome has.
fn outcome(whose: &str) -> [(&'static str, Json); 2] {
    [
        (
            "requirement",
            refer("requirement_bounds", &format!("What is required, {whose}.")),
        ),
        (
            "review",
            refer(
                "review_bounds",
                &format!("How strictly it is reviewed, {whose}."),
            ),
        ),
    ]
}

fn determination() -> Json {
    let [requirement, review] = outcome("the worst of all rulesets and items");
    let sha256 = |what: &str| refer("sha256", what);
    let data = object(
        "The reference data that was used.",
        &[
            ("sha256", sha256("SHA-256 over all tables.")),
            (
                "tables",
                json!({
                    "description": "SHA-256 of each table, by its name.",
                    "type": "object",
                    "additionalProperties": {"$ref": "#/$defs/sha256"}
                }),
            ),
        ],
        &[],
    );
    let engine = object(
        "The program that computed this.",
        &[
            ("name", text("Its name.")),
            ("version", text("Its version.")),
        ],
        &[],
    );
    object(
        "What rulesets say about an application on a day, why, and what is still unknown. It is advice, never a decision.",
        &[
            ("as_of", day("The day whose law and facts apply.")),
            (
                "known_at",
                day("The day up to which data had been published."),
            ),
            requirement,
            review,
            ("rulesets", list("ruleset", "What each ruleset says.")),
            ("data", data),
            ("engine", engine),
            (
                "input",
                sha256("SHA-256 of the application's canonical JSON (RFC 8785)."),
            ),
            (
                "notice",
                json!({"description": "What this is not.", "const": NOTICE}),
            ),
        ],
        &[(
            "application",
            text("The application's own number, if it states one."),
        )],
    )
}

fn ruleset() -> Json {
    let [requirement, review] = outcome("the worst of the items");
    object(
        "What one ruleset says.",
        &[
            ("id", text("The ruleset's id, such as `eu-dual-use`.")),
            ("title", text("Its title.")),
            ("edition", day("The day of its latest text.")),
            (
                "sha256",
                refer(
                    "sha256",
                    "SHA-256 of the assembled ruleset's canonical JSON.",
                ),
            ),
            requirement,
            review,
            (
                "items",
                list(
                    "item",
                    "What it says about each line; empty where the law of the day is not modelled.",
                ),
            ),
            (
                "coverage",
                list(
                    "provision",
                    "Every provision of its instruments, and how far it is modelled.",
                ),
            ),
        ],
        &[(
            "not_modelled",
            text("Why nothing is certain, where the law of the day is not modelled."),
        )],
    )
}

fn item() -> Json {
    let [requirement, review] = outcome("of this line");
    object(
        "What one ruleset says about one line of the application.",
        &[
            ("line", line()),
            requirement,
            review,
            (
                "findings",
                list(
                    "finding",
                    "Rules that stand, may stand, or were lifted, in the order of their ids.",
                ),
            ),
            (
                "missing",
                list(
                    "missing",
                    "Facts that could change the answer, most decisive first.",
                ),
            ),
            (
                "duties",
                list("duty", "Obligations that follow, or may follow."),
            ),
        ],
        &[(
            "definitions",
            json!({
                "description": "The definitions that traces name, each told once, by name. A part of a trace with a `definition` rests on the parts that stand here.",
                "type": "object",
                "additionalProperties": {"$ref": "#/$defs/trace"}
            }),
        )],
    )
}

fn line() -> Json {
    json!({"description": "The number of the line.", "type": "integer"})
}

fn finding() -> Json {
    object(
        "A rule that applies, may apply, or was lifted, for one line, with its reasons.",
        &[
            ("rule", text("The rule's id.")),
            ("title", text("The rule's title.")),
            ("stands", refer("stands", "Whether it stands.")),
            ("effect", refer("effect", "What it does.")),
            ("subject", line()),
            ("citation", refer("citation", "Where the norm stands.")),
            ("because", text("Why, for a person who is no lawyer.")),
            (
                "facts",
                list("used", "The facts and figures that it rests on."),
            ),
            ("trace", refer("trace", "How its condition came about.")),
        ],
        &[
            (
                "rights",
                texts("The human rights at stake, such as `ICCPR 17`."),
            ),
            ("affects", texts("Whose rights they are.")),
            (
                "lifted_by",
                texts("The ids of the rules that lift it, or may."),
            ),
            (
                "problems",
                texts("What kept its condition from having a value."),
            ),
        ],
    )
}

fn effect() -> Json {
    let lifts = object(
        "An exception.",
        &[
            ("rules", texts("The ids of the rules that it cancels.")),
            (
                "leaves",
                refer(
                    "requirement",
                    "The requirement that it leaves in their place.",
                ),
            ),
            (
                "bars",
                flag("Whether those rules are themselves exceptions, so that it bars them."),
            ),
        ],
        &[],
    );
    let one = |key: &str, schema: Json| object("One effect.", &[(key, schema)], &[]);
    json!({
        "description": "What the rule does: exactly one of five effects.",
        "oneOf": [
            one("requires", refer("requirement", "Raises the requirement to this level.")),
            one("lifts", lifts),
            one("review", refer("review", "Raises the review to this level, where a licence is required.")),
            one("flags", text("A red flag: shown, changing no level.")),
            one("duty", text("An obligation."))
        ]
    })
}

fn citation() -> Json {
    object(
        "Where a norm stands.",
        &[
            ("instrument", text("The instrument's name.")),
            ("provision", text("The provision, such as `Article 5(1)`.")),
            ("url", text("Where it can be read.")),
            (
                "verified",
                flag("Whether the rule was checked against the text."),
            ),
        ],
        &[(
            "note",
            text("What is unverified, or read in one of several ways."),
        )],
    )
}

fn used() -> Json {
    object(
        "One fact or figure that a finding rests on.",
        &[
            (
                "name",
                text(
                    "Its path or name: `exporter.aware_of`, `parties[0].type`, `wgi.rule_of_law`.",
                ),
            ),
            ("label", text("What it is, for people.")),
            ("value", refer("value", "Its value.")),
            ("shown", text("Its value, for people.")),
            ("known", flag("Whether all of it is known.")),
            ("provenance", refer("provenance", "Where it comes from.")),
        ],
        &[],
    )
}

fn provenance() -> Json {
    let from = |code: &str, what: &str| json!({"description": what, "const": code});
    json!({
        "description": "Where a fact comes from.",
        "oneOf": [
            object("The application states it.", &[("from", from("stated", "The application."))], &[]),
            object("Nobody states it.", &[("from", from("not_stated", "Nobody."))], &[]),
            object(
                "A parameter of the ruleset.",
                &[
                    ("from", from("parameter", "A parameter.")),
                    ("citation", text("The provision that sets it.")),
                    ("verified", flag("Whether that was checked."))
                ],
                &[]
            ),
            table(&from("table", "A table."))
        ]
    })
}

fn table(from: &Json) -> Json {
    object(
        "A table of the reference data.",
        &[
            ("from", from.clone()),
            ("table", text("The table's name.")),
            ("publisher", text("Its publisher.")),
            (
                "verified",
                flag("Whether the row was checked against its source."),
            ),
        ],
        &[
            (
                "year",
                json!({"description": "The year of a figure.", "type": "integer"}),
            ),
            (
                "period",
                refer("period", "The days of a membership or listing."),
            ),
            ("published", day("When it was published.")),
            (
                "standard_error",
                json!({"description": "Standard error of a figure, an exact decimal.", "type": "string", "pattern": "^-?[0-9]+(\\.[0-9]+)?([eE][+-]?[0-9]+)?$"}),
            ),
            ("basis", text("The act or notice that says so.")),
        ],
    )
}

fn period() -> Json {
    object(
        "Days from the first until the day after the last; an end that is absent is open.",
        &[],
        &[
            ("from", day("The first day.")),
            ("until", day("The first day after it.")),
        ],
    )
}

/// A value: `"unknown"`, a plain JSON value, or an object that says which kind of value it is.
fn value() -> Json {
    let one = |key: &str, schema: Json| object("A value with its kind.", &[(key, schema)], &[]);
    let codes = texts("Codes.");
    json!({
        "description": "\"unknown\" where it is not known; true or false; text or a code; a list; a number, day or duration as an object such as {\"@number\": \"1.5\"}; the fields of a record under \"@context\"; a set of which some members are only possible.",
        "anyOf": [
            {"type": ["boolean", "string"]},
            {"type": "array", "items": {"$ref": "#/$defs/value"}},
            one("@number", text("An exact decimal.")),
            one("@date", day("A day.")),
            one("@duration", text("A duration (ISO 8601).")),
            one("@context", json!({"description": "The fields of a record, each with its value.", "type": "object", "additionalProperties": {"$ref": "#/$defs/value"}})),
            object(
                "A set that is partly known.",
                &[
                    ("certain", codes.clone()),
                    ("possible", codes),
                    ("open", flag("Whether there may be members that are named nowhere."))
                ],
                &[]
            )
        ]
    })
}

fn trace() -> Json {
    object(
        "One part of a condition, with its value and what it rests on.",
        &[
            (
                "text",
                text("The part as it is written, or a definition's words."),
            ),
            ("value", refer("value", "Its value.")),
        ],
        &[
            ("children", list("trace", "The parts below it.")),
            (
                "definition",
                text(
                    "The name of the definition that it uses; the parts below it are under `definitions`.",
                ),
            ),
        ],
    )
}

fn missing() -> Json {
    object(
        "A fact that is not known and could change the answer.",
        &[
            (
                "fact",
                text("Its path, such as `parties[0].type`; for a figure its name."),
            ),
            ("label", text("What it is.")),
            (
                "question",
                text("How to ask a person for it; what to look up for a figure."),
            ),
            (
                "decisive",
                flag("Whether an answer to this alone changes the outcome."),
            ),
            ("rules", texts("The ids of the rules that wait for it.")),
            (
                "answers",
                list(
                    "answer",
                    "What its answers lead to; empty where no person can answer it.",
                ),
            ),
        ],
        &[],
    )
}

fn answer() -> Json {
    let [requirement, review] = outcome("after such an answer");
    object(
        "Answers that lead to one and the same outcome.",
        &[
            ("answers", texts("The answers, in words.")),
            (
                "leads_to",
                object("Where they lead.", &[requirement, review], &[]),
            ),
        ],
        &[],
    )
}

fn duty() -> Json {
    object(
        "An obligation that follows, or may follow.",
        &[
            ("rule", text("The rule's id.")),
            ("text", text("What to do.")),
            ("provision", text("Where it stands.")),
            ("stands", refer("stands", "Whether it certainly follows.")),
        ],
        &[],
    )
}

fn provision() -> Json {
    object(
        "One provision, and how far the ruleset models it.",
        &[
            ("instrument", text("The instrument's name.")),
            ("provision", text("The provision.")),
            (
                "status",
                json!({
                    "description": "`modelled` in rules in full, `partial` in part, `pointer_only` named only.",
                    "enum": ["modelled", "partial", "pointer_only"]
                }),
            ),
        ],
        &[
            ("reason", text("Why it is not modelled in full.")),
            (
                "unverified",
                texts("Its rules that nobody has checked against the text."),
            ),
        ],
    )
}
