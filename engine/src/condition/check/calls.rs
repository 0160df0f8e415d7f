//! Checks calls: the number of arguments, their types, and names in quotes.

use std::ops::Range;
use std::sync::Arc;

use regex::RegexBuilder;

use super::{Checker, is_ordered};
use crate::condition::ast::{Expr, Kind, Resolution};
use crate::condition::functions::Function;
use crate::condition::names::Reference;
use crate::facts::Type;
use crate::limits;
use crate::source::{Diagnostic, nearest};

impl Checker<'_> {
    pub(super) fn call(
        &mut self,
        function: Function,
        arguments: &mut [Expr],
        pattern: &mut Resolution<regex::Regex>,
        span: &Range<usize>,
    ) -> Type {
        let (least, most) = function.arity();
        if arguments.len() < least
            || arguments.len() > most
            || (function == Function::Date && arguments.len() == 2)
        {
            let found = format!("{} arguments of `{}`", arguments.len(), function.name());
            let expected = match (least, most) {
                (least, most) if least == most => format!("{least}"),
                (least, usize::MAX) => format!("{least} or more"),
                (least, most) => format!("{least} or {most}"),
            };
            self.report(span, Diagnostic::error("E203", found, expected));
            return Type::Any;
        }
        match function {
            Function::Group => {
                self.reference(function, arguments);
                self.only_after_in(span, "a group")
            }
            Function::Indicator | Function::Param | Function::Define | Function::Charted => {
                self.reference(function, arguments)
            }
            Function::Listed => {
                self.record_argument(arguments);
                self.named_argument(arguments.get(1), Reference::List);
                Type::Boolean
            }
            Function::Under => self.under(arguments),
            Function::Known => self.known(arguments, span),
            Function::Matches => {
                self.arguments(arguments, &[Type::Text, Type::Text]);
                self.pattern(arguments.get(1), pattern);
                Type::Boolean
            }
            _ => self.standard(function, arguments),
        }
    }

    fn arguments(&mut self, arguments: &mut [Expr], wanted: &[Type]) {
        for (argument, wanted) in arguments.iter_mut().zip(wanted) {
            self.need(argument, wanted);
        }
    }

    fn standard(&mut self, function: Function, arguments: &mut [Expr]) -> Type {
        let text = Type::Text;
        match function {
            Function::Not => {
                self.arguments(arguments, &[Type::Boolean]);
                Type::Boolean
            }
            Function::Contains | Function::StartsWith | Function::EndsWith => {
                self.arguments(arguments, &[text.clone(), text]);
                Type::Boolean
            }
            Function::SubstringBefore | Function::SubstringAfter => {
                self.arguments(arguments, &[text.clone(), text.clone()]);
                text
            }
            Function::UpperCase | Function::LowerCase => {
                self.arguments(arguments, std::slice::from_ref(&text));
                text
            }
            Function::StringLength => {
                self.arguments(arguments, &[text]);
                Type::NUMBER
            }
            Function::All | Function::Any => {
                self.arguments(arguments, &[Type::Boolean.list()]);
                Type::Boolean
            }
            Function::Count => {
                self.collection(arguments.first_mut());
                Type::NUMBER
            }
            Function::ListContains => self.list_contains(arguments),
            Function::Date | Function::Duration => self.temporal(function, arguments),
            Function::YearsAndMonthsDuration => {
                self.arguments(arguments, &[Type::Date, Type::Date]);
                Type::Duration
            }
            _ => self.numeric(function, arguments),
        }
    }

    fn numeric(&mut self, function: Function, arguments: &mut [Expr]) -> Type {
        match function {
            Function::Modulo => self.modulo(arguments),
            Function::Abs => arguments
                .first_mut()
                .map_or(Type::Any, |argument| self.negate(argument)),
            Function::Floor | Function::Ceiling => arguments
                .first_mut()
                .map_or(Type::Any, |argument| self.need(argument, &Type::NUMBER)),
            _ => self.extreme(function, arguments),
        }
    }

    fn modulo(&mut self, arguments: &mut [Expr]) -> Type {
        let [number, divisor] = arguments else {
            return Type::Any;
        };
        let ty = self.need(number, &Type::NUMBER);
        let wanted = if ty.fits(&Type::NUMBER) {
            &ty
        } else {
            &Type::NUMBER
        };
        self.need(divisor, wanted);
        ty
    }

    /// `min`, `max`, `sum`: of one list, or of the arguments themselves.
    fn extreme(&mut self, function: Function, arguments: &mut [Expr]) -> Type {
        let alone = arguments.len() == 1;
        let mut result = Type::Any;
        for argument in arguments {
            let member = match self.check(argument) {
                Type::List(member) if alone => *member,
                ty => ty,
            };
            let sums = function != Function::Sum || matches!(member, Type::Number(_) | Type::Any);
            if member.fits(&result) && is_ordered(&member) && sums {
                result = result.joined(member);
                continue;
            }
            let expected = match function {
                Function::Sum => "numbers of one unit, or one list of them",
                _ => "numbers, dates, texts or durations of one type, or one list of them",
            };
            let found = format!("a value of type {member}");
            self.report(&argument.span, Diagnostic::error("E204", found, expected));
        }
        result
    }

    fn collection(&mut self, argument: Option<&mut Expr>) -> Type {
        let Some(argument) = argument else {
            return Type::Any;
        };
        let ty = self.check(argument);
        ty.member().unwrap_or_else(|| {
            let error =
                Diagnostic::error("E204", format!("a value of type {ty}"), "a list or a set");
            self.report(&argument.span.clone(), error);
            Type::Any
        })
    }

    fn list_contains(&mut self, arguments: &mut [Expr]) -> Type {
        let member = self.collection(arguments.first_mut());
        if let Some(value) = arguments.get_mut(1) {
            self.need(value, &member);
            self.codes(&member, value);
        }
        Type::Boolean
    }

    fn temporal(&mut self, function: Function, arguments: &mut [Expr]) -> Type {
        let by_number = arguments.len() == 3;
        let wanted = if by_number { Type::NUMBER } else { Type::Text };
        for argument in arguments.iter_mut() {
            self.need(argument, &wanted);
        }
        if function == Function::Duration {
            Type::Duration
        } else {
            Type::Date
        }
    }

    fn pattern(&mut self, argument: Option<&Expr>, pattern: &mut Resolution<regex::Regex>) {
        let Some(argument) = argument else { return };
        let Some(text) = argument.constant_text() else {
            let error =
                Diagnostic::error("E209", "a pattern that is computed", "a pattern in quotes");
            self.report(&argument.span, error);
            return;
        };
        match RegexBuilder::new(text)
            .size_limit(limits::PATTERN_BYTES)
            .build()
        {
            Ok(regex) => *pattern = Resolution(Some(Arc::new(regex))),
            Err(regex::Error::CompiledTooBig(_)) => {
                self.report(
                    &argument.span,
                    Diagnostic::error("E404", "a pattern that is too large", "a smaller pattern"),
                );
            }
            Err(_) => {
                let error = Diagnostic::error(
                    "E305",
                    format!("the pattern \"{text}\""),
                    "a pattern that runs in linear time",
                );
                self.report(
                    &argument.span,
                    error.help("look-around and back-references are left out"),
                );
            }
        }
    }

    pub(super) fn reference(&mut self, function: Function, arguments: &mut [Expr]) -> Type {
        let kind = match function {
            Function::Group => Reference::Group,
            Function::Indicator => Reference::Indicator,
            Function::Param => Reference::Parameter,
            Function::Define => Reference::Definition,
            _ => Reference::Column,
        };
        if let Some(country) = arguments.get_mut(1) {
            self.need(country, &Type::Code("country".into()));
        }
        self.named_argument(arguments.first(), kind)
    }

    /// Checks an argument that must be a known name in quotes; the type of what it names.
    fn named_argument(&mut self, argument: Option<&Expr>, kind: Reference) -> Type {
        let Some(argument) = argument else {
            return Type::Any;
        };
        let Some(name) = argument.constant_text() else {
            let found = format!("a {} that is computed", kind.word());
            let error = Diagnostic::error(
                "E209",
                found,
                format!("the name of a {} in quotes", kind.word()),
            );
            self.report(&argument.span, error);
            return Type::Any;
        };
        if let Some(ty) = self.names.reference(kind, name) {
            return ty;
        }
        let known = self.names.references(kind);
        let help = match nearest(name, known.iter().map(String::as_str)) {
            Some(near) => format!("did you mean \"{near}\"?"),
            None if known.is_empty() => format!("there is no {} here", kind.word()),
            None => format!("known: {}", known.join(", ")),
        };
        let error = Diagnostic::error(
            "E211",
            format!("the unknown {} \"{name}\"", kind.word()),
            format!("a known {}", kind.word()),
        );
        self.report(&argument.span, error.help(help));
        Type::Any
    }

    fn record_argument(&mut self, arguments: &mut [Expr]) {
        let Some(party) = arguments.first_mut() else {
            return;
        };
        let ty = self.check(party);
        if !matches!(ty, Type::Record(_) | Type::Any) {
            let error = Diagnostic::error("E204", format!("a value of type {ty}"), "a party");
            self.report(
                &party.span.clone(),
                error.help("write `some party in parties satisfies listed(party, …)`"),
            );
        }
    }

    fn under(&mut self, arguments: &mut [Expr]) -> Type {
        let Some(first) = arguments.first_mut() else {
            return Type::Boolean;
        };
        let ty = self.check(first);
        if !matches!(ty, Type::Set(_) | Type::Code(_) | Type::Any) {
            let error = Diagnostic::error(
                "E204",
                format!("a value of type {ty}"),
                "a set of control entries",
            );
            self.report(&first.span.clone(), error);
        }
        if let Some(entry) = arguments.get_mut(1) {
            self.ancestors(&ty, entry);
        }
        Type::Boolean
    }

    /// What an entry may stand under: an entry in quotes, a list of them, or a parameter that holds one.
    fn ancestors(&mut self, ty: &Type, entry: &mut Expr) {
        let constants = match &entry.kind {
            Kind::List(items) => items.iter().all(|item| item.constant_text().is_some()),
            Kind::Call(Function::Param, ..) => {
                self.need(entry, &Type::Text.list());
                true
            }
            _ => entry.constant_text().is_some(),
        };
        if !constants {
            let error = Diagnostic::error(
                "E209",
                "an entry that is computed",
                "an entry in quotes, a list of them, or a parameter",
            );
            self.report(&entry.span, error);
        }
        self.codes(ty, entry);
    }

    fn known(&mut self, arguments: &mut [Expr], span: &Range<usize>) -> Type {
        if let Some(argument) = arguments.first_mut() {
            self.check(argument);
        }
        if !self.names.allows_known() {
            let error = Diagnostic::error(
                "E208",
                "`known(…)`",
                "a condition that does not ask whether a fact is known",
            );
            let help = "only rules that flag or set a duty may ask this: else a fact's absence would decide a level";
            self.report(span, error.help(help));
        }
        Type::Boolean
    }
}
