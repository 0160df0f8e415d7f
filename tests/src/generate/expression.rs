//! Makes well-typed expressions, as text.

use super::Choices;

/// What a quantifier's variable stands for.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Local {
    Number,
    Text,
    Ground,
    Country,
    Party,
}

/// Text with how tightly it binds, from 0 (`if`, `some`) to 7 (a name, a bracket).
struct Piece {
    text: String,
    level: u8,
}

const LOOSE: u8 = 0;
const OR: u8 = 1;
const AND: u8 = 2;
const TEST: u8 = 3;
const SUM: u8 = 4;
const PRODUCT: u8 = 5;
const SIGN: u8 = 6;
const PRIMARY: u8 = 7;

const NAMES: [&str; 3] = ["x", "y", "p"];
const COMPARISONS: [&str; 6] = ["=", "!=", "<", "<=", ">", ">="];
const COUNTRIES: [&str; 4] = ["\"FR\"", "\"DE\"", "\"KZ\"", "\"CN\""];
const GROUNDS: [&str; 3] = ["\"wmd\"", "\"repression\"", "\"military\""];
const ENTRIES: [&str; 5] = ["4A005", "5A001", "5A001.f", "5A001.f.1", "5A001.j"];

/// A generator of expressions of the small world.
#[derive(Debug)]
pub struct Expressions {
    choices: Choices,
    locals: Vec<(&'static str, Local)>,
    /// Whether `known(…)` is made.
    known: bool,
}

/// A condition: true, false or unknown. `known` says whether it may ask `known(…)`.
pub fn expression(choices: Choices, known: bool) -> String {
    Expressions::new(choices, known).condition(4)
}

fn whole(text: impl Into<String>) -> Piece {
    Piece {
        text: text.into(),
        level: PRIMARY,
    }
}

impl Expressions {
    /// A generator that goes by a run of choices.
    pub fn new(choices: Choices, known: bool) -> Self {
        Self {
            choices,
            locals: Vec::new(),
            known,
        }
    }

    /// A condition of at most a depth.
    pub fn condition(&mut self, depth: usize) -> String {
        let piece = self.boolean(depth);
        self.at(piece, LOOSE)
    }

    /// An expression of any type, of at most a depth.
    pub fn any(&mut self, depth: usize) -> String {
        let piece = match self.choices.below(6) {
            0 => self.boolean(depth),
            1 => self.number(depth),
            2 => self.text(depth),
            3 => self.date(depth),
            4 => self.duration(depth),
            _ => self.list_of_numbers(depth),
        };
        self.at(piece, LOOSE)
    }

    /// The text of a piece in a place that needs a tightness; now and then in needless brackets.
    fn at(&mut self, piece: Piece, level: u8) -> String {
        let needless = self.choices.once_in(9);
        if piece.level < level || needless {
            let (before, after) = (self.blank(), self.blank());
            format!("({before}{}{after})", piece.text)
        } else {
            piece.text
        }
    }

    fn blank(&mut self) -> &'static str {
        match self.choices.below(16) {
            13 => " ",
            14 => "\n",
            15 => " /* a note */ ",
            _ => "",
        }
    }

    fn space(&mut self) -> &'static str {
        match self.choices.below(16) {
            13 => "\n  ",
            14 => " // a note\n",
            15 => " /* and */ ",
            _ => " ",
        }
    }

    fn infix(&mut self, left: Piece, operator: &str, right: Piece, level: u8) -> Piece {
        let tighter = level.saturating_add(1);
        let left = self.at(left, if level == TEST { tighter } else { level });
        let right = self.at(right, tighter);
        let (before, after) = (self.space(), self.space());
        Piece {
            text: format!("{left}{before}{operator}{after}{right}"),
            level,
        }
    }

    fn call(&mut self, function: &str, arguments: Vec<Piece>) -> Piece {
        let arguments: Vec<String> = arguments
            .into_iter()
            .map(|argument| self.at(argument, LOOSE))
            .collect();
        whole(format!("{function}({})", arguments.join(", ")))
    }

    fn locals(&self, wanted: Local) -> Option<&'static str> {
        let mut seen: Vec<&str> = Vec::new();
        for (name, local) in self.locals.iter().rev() {
            if *local == wanted && !seen.contains(name) {
                return Some(name);
            }
            seen.push(name);
        }
        None
    }

    fn field(&self, field: &str) -> Option<Piece> {
        self.locals(Local::Party)
            .map(|party| whole(format!("{party}.{field}")))
    }

    fn boolean_leaf(&mut self) -> Piece {
        let leaves = [
            "true",
            "item.covert",
            "exporter.us_person",
            "define(\"risky\")",
            "charted(\"CC1\")",
            "false",
            "null",
        ];
        match self.field("government") {
            Some(field) if self.choices.below(2) == 0 => field,
            _ => whole(self.choices.of(&leaves)),
        }
    }

    fn boolean(&mut self, depth: usize) -> Piece {
        let Some(less) = depth.checked_sub(1) else {
            return self.boolean_leaf();
        };
        match self.choices.below(22) {
            0 => self.boolean_leaf(),
            1 | 2 => {
                let (a, b) = (self.boolean(less), self.boolean(less));
                self.infix(a, "and", b, AND)
            }
            3 | 4 => {
                let (a, b) = (self.boolean(less), self.boolean(less));
                self.infix(a, "or", b, OR)
            }
            5 => {
                let inner = self.boolean(less);
                self.call("not", vec![inner])
            }
            6..=10 => self.comparison(less),
            11 => self.between(less),
            12 | 13 => self.membership(less),
            14 | 15 => self.of_sets(less),
            16 | 17 => self.quantified(less),
            18 => self.of_texts(less),
            19 => self.conditional(less, Self::boolean),
            20 => self.all_or_any(less),
            _ => self.asked(less),
        }
    }

    fn comparison(&mut self, depth: usize) -> Piece {
        let operator = self.choices.of(&COMPARISONS);
        let (a, b) = match self.choices.below(7) {
            0 | 1 => (self.number(depth), self.number(depth)),
            2 => (self.euros(depth), self.euros(depth)),
            3 => (self.date(depth), self.date(depth)),
            4 => (self.duration(depth), self.duration(depth)),
            5 => (self.text(depth), self.text(depth)),
            _ => return self.equality(depth),
        };
        self.infix(a, operator, b, TEST)
    }

    fn equality(&mut self, depth: usize) -> Piece {
        let operator = self.choices.of(&["=", "!="]);
        let (a, b) = match self.choices.below(5) {
            0 => (self.country(depth), whole(self.choices.of(&COUNTRIES))),
            1 => (self.boolean(depth), self.boolean(depth)),
            2 => (self.list_of_numbers(depth), self.list_of_numbers(depth)),
            3 => (whole("exporter.informed_of"), self.written_set()),
            _ => (whole("exporter.informed_of"), whole("exporter.informed_of")),
        };
        self.infix(a, operator, b, TEST)
    }

    fn between(&mut self, depth: usize) -> Piece {
        let (value, low, high) = match self.choices.below(3) {
            0 => (self.number(depth), self.number(depth), self.number(depth)),
            1 => (self.date(depth), self.date(depth), self.date(depth)),
            _ => (self.text(depth), self.text(depth), self.text(depth)),
        };
        let (value, low, high) = (self.at(value, SUM), self.at(low, SUM), self.at(high, SUM));
        let space = self.space();
        Piece {
            text: format!("{value}{space}between {low}{space}and {high}"),
            level: TEST,
        }
    }

    fn membership(&mut self, depth: usize) -> Piece {
        let (value, tests) = match self.choices.below(5) {
            0 => (self.number(depth), self.tests(depth, Self::number)),
            1 => (self.date(depth), self.tests(depth, Self::date)),
            2 => (self.text(depth), self.tests(depth, Self::text)),
            3 => (self.country(depth), self.country_tests()),
            _ => (self.number(depth), self.list_of_numbers(0).text),
        };
        let value = self.at(value, SUM);
        Piece {
            text: format!("{value} in {tests}"),
            level: TEST,
        }
    }

    fn tests(&mut self, depth: usize, make: fn(&mut Self, usize) -> Piece) -> String {
        let count = self.choices.below(3).saturating_add(1);
        let tests: Vec<String> = (0..count).map(|_| self.one_test(depth, make)).collect();
        match self.choices.below(3) {
            0 if count == 1 && !tests.concat().starts_with('(') => tests.concat(),
            _ => format!("({})", tests.join(", ")),
        }
    }

    fn one_test(&mut self, depth: usize, make: fn(&mut Self, usize) -> Piece) -> String {
        let low = make(self, depth);
        let low = self.at(low, PRIMARY);
        match self.choices.below(5) {
            0 => low,
            1 => format!("{} {low}", self.choices.of(&COMPARISONS)),
            2 => format!("[{low}]"),
            choice => {
                let high = make(self, depth);
                let high = self.at(high, SUM);
                let open = self.choices.of(&["[", "(", "]"]);
                let open = if choice == 4 { "[" } else { open };
                let close = self.choices.of(&["]", ")", "["]);
                let range = format!("{open}{low}..{high}{close}");
                if choice == 4 {
                    format!("[{range}]")
                } else {
                    range
                }
            }
        }
    }

    fn country_tests(&mut self) -> String {
        let country = self.choices.of(&COUNTRIES);
        let group = self.choices.of(&["group(\"eu\")", "group(\"embargoed\")"]);
        match self.choices.below(5) {
            0 => group.to_owned(),
            1 => format!("({country}, {group})"),
            2 => format!("[{country}, \"DE\"]"),
            3 => format!("(!= {country})"),
            _ => format!("({group}, group(\"eu\"))"),
        }
    }

    fn written_set(&mut self) -> Piece {
        let (one, other) = (self.choices.of(&GROUNDS), self.choices.of(&GROUNDS));
        whole(self.choices.of(&[
            "[]".to_owned(),
            format!("[{one}]"),
            format!("[{one}, {other}]"),
        ]))
    }

    fn of_sets(&mut self, depth: usize) -> Piece {
        let ground = self.choices.of(&GROUNDS);
        let entry = self.choices.of(&ENTRIES);
        match self.choices.below(6) {
            0 => whole(format!("list contains(exporter.informed_of, {ground})")),
            1 => {
                let other = self.choices.of(&ENTRIES);
                let above = self.choices.of(&[
                    format!("\"{entry}\""),
                    "param(\"stems\")".to_owned(),
                    format!("[\"{entry}\", \"{other}\"]"),
                ]);
                whole(format!("under(item.entries, {above})"))
            }
            2 => Piece {
                text: format!("{ground} in exporter.informed_of"),
                level: TEST,
            },
            3 => {
                let (list, number) = (self.list_of_numbers(depth), self.number(depth));
                self.call("list contains", vec![list, number])
            }
            4 => {
                let written = self.written_set().text;
                Piece {
                    text: format!("exporter.informed_of in ({written}, [{ground}])"),
                    level: TEST,
                }
            }
            _ => match self.locals(Local::Party) {
                Some(party) => whole(format!("listed({party}, \"us.entity_list\")")),
                None => whole("list contains(remarks, \"a\")"),
            },
        }
    }

    fn quantified(&mut self, depth: usize) -> Piece {
        let outside = self.locals.len();
        let room = 3_usize.saturating_sub(outside);
        if room == 0 {
            return self.boolean_leaf();
        }
        let count = self.choices.below(room.min(2)).saturating_add(1);
        let bindings: Vec<String> = (0..count).map(|_| self.binding()).collect();
        let body = self.boolean(depth);
        let body = self.at(body, LOOSE);
        self.locals.truncate(outside);
        let word = self.choices.of(&["some", "every"]);
        let space = self.space();
        Piece {
            text: format!("{word}{space}{} satisfies {body}", bindings.join(", ")),
            level: LOOSE,
        }
    }

    fn binding(&mut self) -> String {
        let name = self.choices.of(&NAMES);
        let (local, domain) = match self.choices.below(6) {
            0 | 1 => (Local::Party, "parties".to_owned()),
            2 => (Local::Number, self.list_of_numbers(1).text),
            3 => (Local::Ground, "exporter.informed_of".to_owned()),
            4 => (Local::Text, "remarks".to_owned()),
            _ => (Local::Country, "[destination, \"FR\", null]".to_owned()),
        };
        self.locals.push((name, local));
        format!("{name} in {domain}")
    }

    fn of_texts(&mut self, depth: usize) -> Piece {
        let text = self.text(depth);
        if self.choices.below(4) == 0 {
            let text = self.at(text, LOOSE);
            let pattern = self.choices.of(&["a", "^a", "É", ""]);
            return whole(format!("matches({text}, \"{pattern}\")"));
        }
        let part = self.text(depth);
        let function = self.choices.of(&["contains", "starts with", "ends with"]);
        self.call(function, vec![text, part])
    }

    fn conditional(&mut self, depth: usize, make: fn(&mut Self, usize) -> Piece) -> Piece {
        let condition = self.boolean(depth);
        let condition = self.at(condition, LOOSE);
        let (then, otherwise) = (make(self, depth), make(self, depth));
        let (then, otherwise) = (self.at(then, LOOSE), self.at(otherwise, LOOSE));
        Piece {
            text: format!("if {condition} then {then} else {otherwise}"),
            level: LOOSE,
        }
    }

    fn all_or_any(&mut self, depth: usize) -> Piece {
        let items: Vec<Piece> = (0..self.choices.below(3))
            .map(|_| self.boolean(depth))
            .collect();
        let items: Vec<String> = items.into_iter().map(|item| self.at(item, LOOSE)).collect();
        let function = self.choices.of(&["all", "any"]);
        whole(format!("{function}([{}])", items.join(", ")))
    }

    fn asked(&mut self, depth: usize) -> Piece {
        if self.known {
            let inner = self.any(depth);
            return whole(format!("known({inner})"));
        }
        match (self.locals(Local::Ground), self.locals(Local::Country)) {
            (Some(ground), _) => Piece {
                text: format!("{ground} in ({}, \"wmd\")", self.choices.of(&GROUNDS)),
                level: TEST,
            },
            (_, Some(country)) => Piece {
                text: format!("{country} in {}", self.country_tests()),
                level: TEST,
            },
            _ => self.boolean_leaf(),
        }
    }

    fn number_leaf(&mut self) -> Piece {
        let leaves = [
            "1",
            "0",
            "2",
            "0.5",
            "item.quantity",
            "param(\"floor\")",
            "indicator(\"rule_of_law\")",
            "define(\"score\")",
            "1.5e3",
            "null",
            "10000",
        ];
        let local = self.locals(Local::Number).map(whole);
        match local.or_else(|| self.field("share")) {
            Some(piece) if self.choices.below(2) == 0 => piece,
            _ => whole(self.choices.of(&leaves)),
        }
    }

    fn number(&mut self, depth: usize) -> Piece {
        let Some(less) = depth.checked_sub(1) else {
            return self.number_leaf();
        };
        match self.choices.below(12) {
            0 | 1 => self.number_leaf(),
            2 | 3 => self.sum(less, Self::number, Self::number),
            4 => self.product(less),
            5 => {
                let operand = self.number(less);
                self.negative(operand)
            }
            6 => self.counted(less),
            7 => {
                let function = self.choices.of(&["abs", "floor", "ceiling"]);
                let number = self.number(less);
                self.call(function, vec![number])
            }
            8 => {
                let (number, divisor) = (self.number(less), self.divisor());
                self.call("modulo", vec![number, divisor])
            }
            9 => self.extreme(less),
            10 => self.conditional(less, Self::number),
            _ => {
                let country = self.country(less);
                let country = self.at(country, LOOSE);
                whole(format!("indicator(\"rule_of_law\", {country})"))
            }
        }
    }

    fn sum(
        &mut self,
        depth: usize,
        left: fn(&mut Self, usize) -> Piece,
        right: fn(&mut Self, usize) -> Piece,
    ) -> Piece {
        let (a, b) = (left(self, depth), right(self, depth));
        let operator = self.choices.of(&["+", "-"]);
        self.infix(a, operator, b, SUM)
    }

    fn product(&mut self, depth: usize) -> Piece {
        let number = self.number(depth);
        if self.choices.below(2) == 0 {
            let factor = self.number(depth);
            return self.infix(number, "*", factor, PRODUCT);
        }
        let divisor = self.divisor();
        self.infix(number, "/", divisor, PRODUCT)
    }

    /// A number that is no constant zero.
    fn divisor(&mut self) -> Piece {
        whole(
            self.choices
                .of(&["2", "3", "0.5", "item.quantity", "param(\"floor\")", "7e-3"]),
        )
    }

    fn negative(&mut self, operand: Piece) -> Piece {
        Piece {
            text: format!("-{}", self.at(operand, PRIMARY)),
            level: SIGN,
        }
    }

    fn counted(&mut self, depth: usize) -> Piece {
        let list = match self.choices.below(5) {
            0 => whole("exporter.informed_of"),
            1 => whole("parties"),
            2 => whole("item.entries"),
            3 => self.list_of_numbers(depth),
            _ => {
                let text = self.text(depth);
                return self.call("string length", vec![text]);
            }
        };
        self.call("count", vec![list])
    }

    fn extreme(&mut self, depth: usize) -> Piece {
        let function = self.choices.of(&["min", "max", "sum"]);
        if self.choices.below(2) == 0 {
            let list = self.list_of_numbers(depth);
            return self.call(function, vec![list]);
        }
        let (a, b) = (self.number(depth), self.number(depth));
        self.call(function, vec![a, b])
    }

    fn list_of_numbers(&mut self, depth: usize) -> Piece {
        if self.choices.below(2) == 0 {
            return whole("shares");
        }
        let items: Vec<Piece> = (0..self.choices.below(3))
            .map(|_| self.number(depth.min(1)))
            .collect();
        let items: Vec<String> = items.into_iter().map(|item| self.at(item, LOOSE)).collect();
        whole(format!("[{}]", items.join(", ")))
    }

    fn euros(&mut self, depth: usize) -> Piece {
        let leaves = ["item.value_eur", "param(\"threshold\")", "10000"];
        let Some(less) = depth.checked_sub(1) else {
            return whole(self.choices.of(&leaves));
        };
        match self.choices.below(4) {
            0 | 1 => whole(self.choices.of(&leaves)),
            2 => self.sum(less, Self::euros, Self::euros),
            _ => {
                let (amount, factor) = (self.euros(less), whole(self.choices.of(&["2", "0.5"])));
                self.infix(amount, "*", factor, PRODUCT)
            }
        }
    }

    fn text_leaf(&mut self) -> Piece {
        let leaves = [
            "\"a\"",
            "end_use.statement",
            "\"\"",
            "\"ab\"",
            "\"FR\"",
            "\"É\\n\\\"\"",
            "\"e\u{301}\"",
            "null",
        ];
        let local = self.locals(Local::Text).map(whole);
        match local.or_else(|| self.field("name")) {
            Some(piece) if self.choices.below(2) == 0 => piece,
            _ => whole(self.choices.of(&leaves)),
        }
    }

    fn text(&mut self, depth: usize) -> Piece {
        let Some(less) = depth.checked_sub(1) else {
            return self.text_leaf();
        };
        match self.choices.below(6) {
            0 | 1 => self.text_leaf(),
            2 => {
                let (a, b) = (self.text(less), self.text(less));
                self.infix(a, "+", b, SUM)
            }
            3 => {
                let function = self.choices.of(&["upper case", "lower case"]);
                let text = self.text(less);
                self.call(function, vec![text])
            }
            4 => {
                let function = self.choices.of(&["substring before", "substring after"]);
                let (text, part) = (self.text(less), self.text(less));
                self.call(function, vec![text, part])
            }
            _ => self.conditional(less, Self::text),
        }
    }

    fn country(&mut self, depth: usize) -> Piece {
        let local = self.locals(Local::Country).map(whole);
        let leaf = local.or_else(|| self.field("country"));
        match leaf {
            Some(piece) if self.choices.below(2) == 0 => piece,
            _ if depth > 0 && self.choices.once_in(5) => {
                self.conditional(depth.saturating_sub(1), Self::country)
            }
            _ => whole("destination"),
        }
    }

    fn date_leaf(&mut self) -> Piece {
        whole(self.choices.of(&[
            "signed",
            "date(\"2026-01-31\")",
            "@\"2024-02-29\"",
            "date(2026, 2, 28)",
            "delivery",
            "param(\"start\")",
            "date(end_use.statement)",
            "null",
        ]))
    }

    fn date(&mut self, depth: usize) -> Piece {
        let Some(less) = depth.checked_sub(1) else {
            return self.date_leaf();
        };
        match self.choices.below(5) {
            0 | 1 => self.date_leaf(),
            2 => self.sum(less, Self::date, Self::duration),
            3 => {
                let (function, a, b) = (
                    self.choices.of(&["min", "max"]),
                    self.date(less),
                    self.date(less),
                );
                self.call(function, vec![a, b])
            }
            _ => self.conditional(less, Self::date),
        }
    }

    fn duration_leaf(&mut self) -> Piece {
        whole(self.choices.of(&[
            "@\"P1Y\"",
            "duration(\"P3M\")",
            "term",
            "@\"P10D\"",
            "duration(\"PT36H\")",
            "@\"-P1DT0.5S\"",
            "duration(end_use.statement)",
        ]))
    }

    fn duration(&mut self, depth: usize) -> Piece {
        let Some(less) = depth.checked_sub(1) else {
            return self.duration_leaf();
        };
        match self.choices.below(8) {
            0 | 1 => self.duration_leaf(),
            2 => self.sum(less, Self::duration, Self::duration),
            3 => {
                let (a, b) = (self.date(less), self.date(less));
                self.infix(a, "-", b, SUM)
            }
            4 => {
                let (a, b) = (self.date(less), self.date(less));
                self.call("years and months duration", vec![a, b])
            }
            5 => {
                let (a, factor) = (self.duration(less), self.divisor());
                let operator = self.choices.of(&["*", "/"]);
                self.infix(a, operator, factor, PRODUCT)
            }
            6 => {
                let operand = self.duration(less);
                self.negative(operand)
            }
            _ => {
                let operand = self.duration(less);
                self.call("abs", vec![operand])
            }
        }
    }
}
