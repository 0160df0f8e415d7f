//! Reads tokens into a syntax tree, by recursive descent along the grammar of `docs/LANGUAGE.md`.
//!
//! What FEEL has and this subset leaves out is recognised, so that the error can say what to write.

use std::ops::Range;
use std::sync::Arc;

use super::ast::{Bracket, Comparison, Expr, Kind, Operator, Quantifier, Resolution};
use super::functions::Function;
use super::lexer::{Spanned, Token, tokens};
use crate::facts::{Duration, Value};
use crate::limits;
use crate::source::{Diagnostic, Problems, nearest};
use crate::time::Date;

/// Words that are no names.
const KEYWORDS: [&str; 14] = [
    "and",
    "or",
    "between",
    "in",
    "some",
    "every",
    "satisfies",
    "if",
    "then",
    "else",
    "true",
    "false",
    "null",
    "for",
];

/// Reads a whole text as one expression.
pub(super) fn parse(source: &Arc<str>) -> Result<Expr, Problems> {
    parse_with(source, Parser::expression)
}

/// Reads a decision table's cell: tests separated by commas, any of which may hold, and whether
/// `not(…)` stands around them.
pub(super) fn parse_cell(source: &Arc<str>) -> Result<(Vec<Expr>, bool), Problems> {
    parse_with(source, |parser| {
        let negated = parser.is_word("not") && *parser.ahead(1) == Token::Mark("(");
        if !negated {
            return Ok((parser.separated(Parser::unary)?, false));
        }
        parser.step();
        parser.step();
        let tests = parser.separated(Parser::unary)?;
        parser.need_mark(")")?;
        Ok((tests, true))
    })
}

fn parse_with<T>(
    source: &Arc<str>,
    read: impl FnOnce(&mut Parser) -> Result<T, Diagnostic>,
) -> Result<T, Problems> {
    let length = source.chars().count();
    if length > limits::EXPRESSION_CHARACTERS {
        let expected = format!("at most {} characters", limits::EXPRESSION_CHARACTERS);
        let error = Diagnostic::error(
            "E401",
            format!("a condition of {length} characters"),
            expected,
        );
        return Err(error.help("name parts of it as definitions").into());
    }
    let mut parser = Parser {
        source: Arc::clone(source),
        tokens: tokens(source)?,
        at: 0,
        depth: 0,
        nodes: 0,
    };
    let result = read(&mut parser)?;
    parser.end()?;
    Ok(result)
}

type Parsed = Result<Expr, Diagnostic>;

struct Parser {
    source: Arc<str>,
    tokens: Vec<Spanned>,
    at: usize,
    depth: usize,
    nodes: usize,
}

impl Parser {
    fn peek(&self) -> &Token {
        self.ahead(0)
    }

    fn ahead(&self, by: usize) -> &Token {
        self.tokens
            .get(self.at.saturating_add(by))
            .map_or(&Token::End, |(token, _)| token)
    }

    fn span(&self) -> Range<usize> {
        self.tokens
            .get(self.at)
            .map_or(self.source.len()..self.source.len(), |(_, span)| {
                span.clone()
            })
    }

    fn previous_end(&self) -> usize {
        self.at
            .checked_sub(1)
            .and_then(|at| self.tokens.get(at))
            .map_or(0, |(_, span)| span.end)
    }

    fn step(&mut self) {
        self.at = self.at.saturating_add(1);
    }

    fn is_mark(&self, mark: &str) -> bool {
        matches!(self.peek(), Token::Mark(found) if *found == mark)
    }

    fn is_word(&self, word: &str) -> bool {
        matches!(self.peek(), Token::Name(found) if found.as_ref() == word)
    }

    fn take_mark(&mut self, mark: &str) -> bool {
        let found = self.is_mark(mark);
        if found {
            self.step();
        }
        found
    }

    fn take_word(&mut self, word: &str) -> bool {
        let found = self.is_word(word);
        if found {
            self.step();
        }
        found
    }

    fn need_mark(&mut self, mark: &'static str) -> Result<(), Diagnostic> {
        if self.take_mark(mark) {
            Ok(())
        } else {
            Err(self.unfinished(&format!("`{mark}`")))
        }
    }

    fn need_word(&mut self, word: &'static str) -> Result<(), Diagnostic> {
        if self.take_word(word) {
            Ok(())
        } else {
            Err(self.unfinished(&format!("`{word}`")))
        }
    }

    fn found(&self) -> String {
        match self.peek() {
            Token::End => "the end of the condition".to_owned(),
            _ => format!("`{}`", self.source.get(self.span()).unwrap_or_default()),
        }
    }

    fn error(&self, code: &'static str, found: impl Into<String>, expected: &str) -> Diagnostic {
        Diagnostic::error(code, found, expected).span(&self.source, self.span())
    }

    /// The error where an expression should begin, or some other thing stand.
    fn unexpected(&self, expected: &str) -> Diagnostic {
        let doubled = self.is_mark("=") && matches!(self.before(), Some(Token::Mark("=")));
        match self.left_out() {
            Some(diagnostic) => diagnostic,
            None if doubled => self
                .error("E102", "`==`", "`=`")
                .help("write `=` once: nothing is assigned here"),
            None => self
                .error("E102", self.found(), expected)
                .maybe_help(self.bracket_help()),
        }
    }

    /// What to write where `some`, `every` or `if` stands beside an operator.
    fn bracket_help(&self) -> Option<String> {
        let whole = match self.peek() {
            Token::Name(word) if word.as_ref() == "if" => "(if … then … else …)".to_owned(),
            Token::Name(word) if matches!(word.as_ref(), "some" | "every") => {
                format!("({word} … satisfies …)")
            }
            _ => return None,
        };
        Some(format!("put it in brackets: {whole}"))
    }

    /// The error where an expression has ended and what follows does not go on from it.
    fn unfinished(&self, expected: &str) -> Diagnostic {
        match self.peek() {
            Token::Mark("[") => self
                .error("E117", "a filter or an index", expected)
                .help("write `some x in list satisfies …` or `list contains(list, x)`"),
            Token::Mark("=" | "!=" | "<" | "<=" | ">" | ">=") => self
                .error("E102", self.found(), "one comparison at a time")
                .help("compare twice with `and` between, or use `between`"),
            _ => self.unexpected(expected),
        }
    }

    fn before(&self) -> Option<&Token> {
        let at = self.at.checked_sub(1)?;
        self.tokens.get(at).map(|(token, _)| token)
    }

    /// The error for a construct of FEEL that this subset leaves out, if one stands here.
    fn left_out(&self) -> Option<Diagnostic> {
        let (code, found, expected, help) = match self.peek() {
            Token::Mark("{") => (
                "E110",
                "a context",
                "a fact or a value",
                "name the parts as definitions",
            ),
            Token::Mark("**") => ("E111", "the power operator", "`*`", "write a * a"),
            Token::Mark("->" | ":") => (
                "E112",
                "a named argument or type",
                "arguments in their order",
                "write the value alone",
            ),
            Token::Name(word) => match word.as_ref() {
                "for" => (
                    "E113",
                    "`for`",
                    "`some` or `every`",
                    "write `some x in list satisfies …`",
                ),
                "function" => (
                    "E114",
                    "a function",
                    "a definition",
                    "name it as a definition of the ruleset",
                ),
                "instance" => (
                    "E115",
                    "`instance of`",
                    "a comparison",
                    "types are known here: leave it out",
                ),
                word if !KEYWORDS.contains(&word) => return self.spaced_name(word),
                _ => return None,
            },
            _ => return None,
        };
        Some(self.error(code, found, expected).help(help))
    }

    fn spaced_name(&self, word: &str) -> Option<Diagnostic> {
        let Token::Name(first) = self.before()? else {
            return None;
        };
        match first.as_ref() {
            "not" => Some(
                self.error("E118", "`not` without brackets", "`not(…)`")
                    .help("put brackets around what is negated: not(…)"),
            ),
            first if KEYWORDS.contains(&first) => None,
            first => Some(
                self.error(
                    "E116",
                    format!("`{first} {word}`"),
                    "an operator, or a name without spaces",
                )
                .help(format!(
                    "write {first}_{word} if that is one name, or `and`/`or` between two conditions"
                )),
            ),
        }
    }

    fn end(&self) -> Result<(), Diagnostic> {
        match self.peek() {
            Token::End => Ok(()),
            _ => Err(self.unfinished("an operator or the end of the condition")),
        }
    }

    fn node(&mut self, start: usize, kind: Kind) -> Parsed {
        self.nodes = self.nodes.saturating_add(1);
        if self.nodes > limits::EXPRESSION_NODES {
            let expected = format!("at most {} parts", limits::EXPRESSION_NODES);
            return Err(self
                .error("E403", "a condition of too many parts", &expected)
                .help("name parts of it as definitions"));
        }
        Ok(Expr {
            kind,
            span: start..self.previous_end(),
        })
    }

    fn deeper<T>(
        &mut self,
        read: impl FnOnce(&mut Self) -> Result<T, Diagnostic>,
    ) -> Result<T, Diagnostic> {
        self.depth = self.depth.saturating_add(1);
        if self.depth > limits::EXPRESSION_DEPTH {
            let expected = format!("at most {} levels", limits::EXPRESSION_DEPTH);
            return Err(self
                .error("E402", "a condition nested too deep", &expected)
                .help("name parts of it as definitions"));
        }
        let result = read(self);
        self.depth = self.depth.saturating_sub(1);
        result
    }

    fn separated<T>(
        &mut self,
        mut read: impl FnMut(&mut Self) -> Result<T, Diagnostic>,
    ) -> Result<Vec<T>, Diagnostic> {
        let mut items = vec![read(self)?];
        while self.take_mark(",") {
            items.push(read(self)?);
        }
        Ok(items)
    }

    fn expression(&mut self) -> Parsed {
        self.deeper(|parser| match parser.peek() {
            Token::Name(word) if word.as_ref() == "some" => parser.quantified(Quantifier::Some),
            Token::Name(word) if word.as_ref() == "every" => parser.quantified(Quantifier::Every),
            Token::Name(word) if word.as_ref() == "if" => parser.conditional(),
            _ => parser.binary_words(),
        })
    }

    fn quantified(&mut self, quantifier: Quantifier) -> Parsed {
        let start = self.span().start;
        self.step();
        let bindings = self.separated(|parser| {
            let name = parser.name("a name for the members")?;
            if !parser.take_word("in") {
                return Err(parser.unexpected("`in`"));
            }
            Ok((name, parser.expression()?))
        })?;
        self.need_word("satisfies")?;
        let body = self.expression()?;
        self.node(
            start,
            Kind::Quantified(quantifier, bindings, Box::new(body)),
        )
    }

    fn conditional(&mut self) -> Parsed {
        let start = self.span().start;
        self.step();
        let condition = self.expression()?;
        self.need_word("then")?;
        let then = self.expression()?;
        self.need_word("else")?;
        let otherwise = self.expression()?;
        self.node(
            start,
            Kind::If(Box::new(condition), Box::new(then), Box::new(otherwise)),
        )
    }

    fn binary_words(&mut self) -> Parsed {
        self.left_associative(&[("or", Operator::Or)], |parser| {
            parser.left_associative(&[("and", Operator::And)], Self::test)
        })
    }

    fn left_associative(
        &mut self,
        operators: &[(&'static str, Operator)],
        operand: impl Fn(&mut Self) -> Parsed,
    ) -> Parsed {
        let start = self.span().start;
        let mut left = operand(self)?;
        while let Some(operator) = self.operator(operators) {
            let right = operand(self)?;
            left = self.node(
                start,
                Kind::Binary(operator, Box::new(left), Box::new(right)),
            )?;
        }
        Ok(left)
    }

    fn operator(&mut self, operators: &[(&'static str, Operator)]) -> Option<Operator> {
        let (_, operator) = operators
            .iter()
            .find(|(text, _)| self.is_word(text) || self.is_mark(text))?;
        self.step();
        Some(*operator)
    }

    fn comparison(&mut self) -> Option<Comparison> {
        let comparison = match self.peek() {
            Token::Mark("=") => Comparison::Equal,
            Token::Mark("!=") => Comparison::NotEqual,
            Token::Mark("<") => Comparison::Less,
            Token::Mark("<=") => Comparison::LessOrEqual,
            Token::Mark(">") => Comparison::Greater,
            Token::Mark(">=") => Comparison::GreaterOrEqual,
            _ => return None,
        };
        self.step();
        Some(comparison)
    }

    fn test(&mut self) -> Parsed {
        let start = self.span().start;
        let left = self.sum()?;
        if let Some(comparison) = self.comparison() {
            let right = self.sum()?;
            return self.node(
                start,
                Kind::Compare(comparison, Box::new(left), Box::new(right)),
            );
        }
        if self.take_word("between") {
            let low = self.sum()?;
            self.need_word("and")?;
            let high = self.sum()?;
            return self.node(
                start,
                Kind::Between(Box::new(left), Box::new(low), Box::new(high)),
            );
        }
        if self.take_word("in") {
            let tests = self.tests()?;
            return self.node(start, Kind::In(Box::new(left), tests));
        }
        Ok(left)
    }

    /// What follows `in`: one test, or several in brackets.
    fn tests(&mut self) -> Result<Vec<Expr>, Diagnostic> {
        if !self.is_mark("(") {
            return Ok(vec![self.unary()?]);
        }
        let start = self.span().start;
        self.step();
        let mut tests = self.deeper(|parser| parser.separated(Self::unary))?;
        let range = self.is_mark("..") && tests.len() == 1;
        if let Some(low) = tests.pop_if(|low| range && !matches!(low.kind, Kind::Test(..))) {
            return Ok(vec![self.range_after(start, Bracket::Open, low)?]);
        }
        self.need_mark(")")?;
        Ok(tests)
    }

    fn unary(&mut self) -> Parsed {
        let start = self.span().start;
        match self.comparison() {
            Some(comparison) => {
                let operand = self.sum()?;
                self.node(start, Kind::Test(comparison, Box::new(operand)))
            }
            None => self.sum(),
        }
    }

    fn range_after(&mut self, start: usize, open: Bracket, low: Expr) -> Parsed {
        self.need_mark("..")?;
        let high = self.deeper(Self::sum)?;
        let close = if self.take_mark("]") {
            Bracket::Closed
        } else if self.take_mark(")") || self.take_mark("[") {
            Bracket::Open
        } else {
            return Err(self.unexpected("`]` or `)` after the range"));
        };
        self.node(
            start,
            Kind::Range(open, Box::new(low), Box::new(high), close),
        )
    }

    fn sum(&mut self) -> Parsed {
        self.left_associative(
            &[("+", Operator::Add), ("-", Operator::Subtract)],
            |parser| {
                parser.left_associative(
                    &[("*", Operator::Multiply), ("/", Operator::Divide)],
                    Self::sign,
                )
            },
        )
    }

    fn sign(&mut self) -> Parsed {
        let start = self.span().start;
        if !self.take_mark("-") {
            return self.primary();
        }
        let operand = self.primary()?;
        self.node(start, Kind::Negate(Box::new(operand)))
    }

    fn primary(&mut self) -> Parsed {
        let start = self.span().start;
        let kind = match self.peek().clone() {
            Token::Number(number) => {
                self.step();
                Kind::Constant(Value::Number(number))
            }
            Token::Text(text) => {
                self.step();
                Kind::Constant(Value::Text(text))
            }
            Token::At => return self.at_literal(),
            Token::Mark("(") => return self.bracketed(),
            Token::Mark("[") => return self.list_or_range(),
            Token::Mark("]") => {
                self.step();
                let low = self.deeper(Self::sum)?;
                return self.range_after(start, Bracket::Open, low);
            }
            Token::Name(name) => return self.named(&name),
            _ => return Err(self.unexpected("a fact, a value, a function or a bracket")),
        };
        self.node(start, kind)
    }

    fn at_literal(&mut self) -> Parsed {
        let start = self.span().start;
        self.step();
        let span = start..self.span().end;
        let Token::Text(text) = self.peek().clone() else {
            return Err(self.unexpected("a date or a duration in quotes after `@`"));
        };
        let value = Date::parse(&text)
            .map(Value::Date)
            .or_else(|| Duration::parse(&text).map(Value::Duration));
        let Some(value) = value else {
            let expected = "a date that exists (@\"2026-03-02\") or a duration (@\"P1Y\")";
            let help = "times of day and time zones are left out of this language";
            let help = text.contains(':').then(|| help.to_owned());
            return Err(
                Diagnostic::error("E302", format!("`@\"{text}\"`"), expected)
                    .maybe_help(help)
                    .span(&self.source, span),
            );
        };
        self.step();
        self.node(start, Kind::Constant(value))
    }

    fn bracketed(&mut self) -> Parsed {
        let start = self.span().start;
        self.step();
        let inner = self.expression()?;
        if self.is_mark("..") {
            return self.range_after(start, Bracket::Open, inner);
        }
        self.need_mark(")")?;
        Ok(inner)
    }

    fn list_or_range(&mut self) -> Parsed {
        let start = self.span().start;
        self.step();
        if self.take_mark("]") {
            return self.node(start, Kind::List(Vec::new()));
        }
        let mut items = self.separated(Self::expression)?;
        if self.is_mark("..")
            && items.len() == 1
            && let Some(low) = items.pop()
        {
            return self.range_after(start, Bracket::Closed, low);
        }
        self.need_mark("]")?;
        self.node(start, Kind::List(items))
    }

    fn named(&mut self, word: &str) -> Parsed {
        let start = self.span().start;
        let kind = match word {
            "true" => Kind::Constant(Value::Boolean(true)),
            "false" => Kind::Constant(Value::Boolean(false)),
            "null" => Kind::Null,
            _ => return self.call_or_path(),
        };
        self.step();
        let mut expr = self.node(start, kind)?;
        while self.take_mark(".") {
            let name = self.name("a name after `.`")?;
            expr = self.node(start, Kind::Field(Box::new(expr), name))?;
        }
        Ok(expr)
    }

    fn call_or_path(&mut self) -> Parsed {
        let Some((name, words)) = self.words_before_bracket() else {
            return self.path();
        };
        if let Some(function) = Function::named(&name) {
            return self.call(function, words);
        }
        if let ("function", Some(diagnostic)) = (name.as_str(), self.left_out()) {
            return Err(diagnostic);
        }
        let composed = name.split(' ').all(|word| !KEYWORDS.contains(&word));
        let negation = words > 1 && name.starts_with("not ");
        if name == "date and time" || (composed && !negation) {
            return Err(self.unknown_function(&name, words));
        }
        self.path()
    }

    /// The words that stand here before `(`, with their number; none if something else comes first.
    fn words_before_bracket(&self) -> Option<(String, usize)> {
        let mut name = String::new();
        for words in 1..=4_usize {
            let Token::Name(word) = self.ahead(words.checked_sub(1)?) else {
                return None;
            };
            if words > 1 {
                name.push(' ');
            }
            name.push_str(word);
            if matches!(self.ahead(words), Token::Mark("(")) {
                return Some((name, words));
            }
        }
        None
    }

    fn call(&mut self, function: Function, words: usize) -> Parsed {
        let start = self.span().start;
        self.at = self.at.saturating_add(words);
        self.need_mark("(")?;
        let arguments = if self.is_mark(")") {
            Vec::new()
        } else {
            self.separated(Self::expression)?
        };
        self.need_mark(")")?;
        self.node(
            start,
            Kind::Call(function, arguments, Resolution::default()),
        )
    }

    fn path(&mut self) -> Parsed {
        let start = self.span().start;
        let mut names = vec![self.name("a fact")?];
        while self.take_mark(".") {
            names.push(self.name("a name after `.`")?);
        }
        if self.is_mark("(") {
            return Err(self.unfinished("an operator or the end of the condition"));
        }
        self.node(start, Kind::Path(names, Resolution::default()))
    }

    fn unknown_function(&self, name: &str, words: usize) -> Diagnostic {
        let last = self.at.saturating_add(words).saturating_sub(1);
        let end = self.tokens.get(last).map_or(0, |(_, span)| span.end);
        Diagnostic::error(
            "E202",
            format!("the unknown function `{name}`"),
            "a function of the language",
        )
        .help(help_for(name))
        .span(&self.source, self.span().start..end)
    }

    fn name(&mut self, expected: &str) -> Result<Arc<str>, Diagnostic> {
        match self.peek().clone() {
            Token::Name(name) if !KEYWORDS.contains(&name.as_ref()) => {
                if let ("function" | "instance", Some(diagnostic)) =
                    (name.as_ref(), self.left_out())
                {
                    return Err(diagnostic);
                }
                self.step();
                Ok(name)
            }
            _ => Err(self.unexpected(expected)),
        }
    }
}

/// What to write instead of a function that is not there.
fn help_for(name: &str) -> String {
    let infix = name.char_indices().find_map(|(at, letter)| {
        let (subject, function) = name.split_at_checked(at)?;
        (letter == ' ').then(|| Function::named(function.trim_start()))??;
        Some(format!("write{function}({subject}, …)"))
    });
    match name {
        "time" | "date and time" => {
            "times of day are left out: compare days, date(\"2026-03-02\")".to_owned()
        }
        "string" | "number" => "values are never converted: compare like with like".to_owned(),
        "is defined" => "write known(fact), in a rule that flags or sets a duty".to_owned(),
        _ => infix.unwrap_or_else(|| match nearest(name, Function::names()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "the functions are few: a definition can name a condition".to_owned(),
        }),
    }
}
