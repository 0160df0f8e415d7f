//! Cuts the text of a condition into tokens.

use std::ops::Range;
use std::sync::Arc;

use unicode_normalization::UnicodeNormalization;

use crate::facts::Decimal;
use crate::source::{Diagnostic, Problems};

/// A token of the language.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token {
    /// A name or a keyword.
    Name(Arc<str>),
    /// A number.
    Number(Decimal),
    /// Text in quotes, in NFC.
    Text(Arc<str>),
    /// `@` before a text.
    At,
    /// A punctuation mark or operator.
    Mark(&'static str),
    /// The end of the text.
    End,
}

/// Longest first, so that `<=` is not read as `<` and `=`.
const MARKS: [&str; 22] = [
    "..", "<=", ">=", "!=", "**", "->", "<", ">", "=", "+", "-", "*", "/", "(", ")", "[", "]", ",",
    ".", "{", "}", ":",
];

/// A token with its bytes in the text.
pub(super) type Spanned = (Token, Range<usize>);

/// All tokens of a text, the end included.
pub(super) fn tokens(text: &Arc<str>) -> Result<Vec<Spanned>, Problems> {
    let mut lexer = Lexer {
        text,
        at: 0,
        tokens: Vec::new(),
    };
    let mut problems = Problems::new();
    loop {
        match lexer.next() {
            Ok((Token::End, span)) => {
                lexer.tokens.push((Token::End, span));
                break;
            }
            Ok(token) => lexer.tokens.push(token),
            Err(diagnostic) => problems.push(diagnostic),
        }
    }
    problems.or(lexer.tokens)
}

struct Lexer<'t> {
    text: &'t Arc<str>,
    at: usize,
    tokens: Vec<Spanned>,
}

impl Lexer<'_> {
    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn take(&mut self, bytes: usize) -> Range<usize> {
        let start = self.at;
        self.at = start.saturating_add(bytes).min(self.text.len());
        start..self.at
    }

    fn error(
        &self,
        code: &'static str,
        span: Range<usize>,
        found: impl Into<String>,
        expected: &str,
    ) -> Diagnostic {
        Diagnostic::error(code, found, expected).span(self.text, span)
    }

    fn next(&mut self) -> Result<Spanned, Diagnostic> {
        self.skip_blanks()?;
        let rest = self.rest();
        let Some(first) = rest.chars().next() else {
            return Ok((Token::End, self.take(0)));
        };
        if first == '"' {
            return self.text_token();
        }
        if first.is_ascii_digit() || (first == '.' && rest.get(1..).is_some_and(starts_with_digit))
        {
            return self.number();
        }
        if is_name_start(first) {
            let length = rest
                .find(|letter| !is_name_part(letter))
                .unwrap_or(rest.len());
            let name = rest.get(..length).unwrap_or_default().into();
            return Ok((Token::Name(name), self.take(length)));
        }
        if first == '@' {
            return Ok((Token::At, self.take(1)));
        }
        if let Some(mark) = MARKS.iter().find(|mark| rest.starts_with(**mark)) {
            return Ok((Token::Mark(mark), self.take(mark.len())));
        }
        let span = self.take(first.len_utf8());
        let found = format!("the character `{first}`");
        let error = self.error("E101", span, found, "a name, a value or an operator");
        Err(error.maybe_help(habit(first).map(str::to_owned)))
    }

    fn skip_blanks(&mut self) -> Result<(), Diagnostic> {
        loop {
            let rest = self.rest();
            let blank = rest
                .find(|letter: char| !letter.is_whitespace())
                .unwrap_or(rest.len());
            if blank > 0 {
                self.take(blank);
            } else if rest.starts_with("//") {
                let length = rest.find('\n').unwrap_or(rest.len());
                self.take(length);
            } else if rest.starts_with("/*") {
                let end = rest.find("*/").map(|end| end.saturating_add(2));
                let length = end.unwrap_or(rest.len());
                let span = self.take(length);
                if end.is_none() {
                    return Err(self.error(
                        "E105",
                        span,
                        "a comment without an end",
                        "`*/` after it",
                    ));
                }
            } else {
                return Ok(());
            }
        }
    }

    fn number(&mut self) -> Result<Spanned, Diagnostic> {
        let length = number_length(self.rest());
        let span = self.take(length);
        let text = self.text.get(span.clone()).unwrap_or_default();
        match Decimal::parse(text) {
            Some(number) => Ok((Token::Number(number), span)),
            None => Err(self.error(
                "E303",
                span,
                format!("the number {text}"),
                "a number of at most 34 digits",
            )),
        }
    }

    fn text_token(&mut self) -> Result<Spanned, Diagnostic> {
        let start = self.at;
        self.take(1);
        let mut units = String::new();
        let mut wrong = None;
        loop {
            let Some(letter) = self.rest().chars().next() else {
                let span = start..self.at;
                return Err(self.error(
                    "E103",
                    span,
                    "a text without an end",
                    "a closing quotation mark",
                ));
            };
            match letter {
                '"' => break,
                '\\' => match self.escape() {
                    Ok(letter) => units.push(letter),
                    Err(diagnostic) => wrong = wrong.or(Some(diagnostic)),
                },
                letter => {
                    units.push(letter);
                    self.take(letter.len_utf8());
                }
            }
        }
        self.take(1);
        match wrong {
            Some(diagnostic) => Err(diagnostic),
            None => Ok((
                Token::Text(units.nfc().collect::<String>().into()),
                start..self.at,
            )),
        }
    }

    fn escape(&mut self) -> Result<char, Diagnostic> {
        let start = self.at;
        self.take(1);
        let letter = self.rest().chars().next().unwrap_or('\\');
        let plain = match letter {
            'n' => Some('\n'),
            'r' => Some('\r'),
            't' => Some('\t'),
            '"' | '\'' | '\\' => Some(letter),
            _ => None,
        };
        if plain.is_some() || !matches!(letter, 'u' | 'U') {
            self.take(if letter == '"' && plain.is_none() {
                0
            } else {
                letter.len_utf8()
            });
            return plain.ok_or_else(|| self.bad_escape(start));
        }
        let unit = self.hexadecimal(if letter == 'u' { 4 } else { 6 });
        let high = unit.filter(|unit| (0xD800..0xDC00).contains(unit));
        let code = match high {
            Some(high) => self.low_surrogate(high),
            None => unit,
        };
        code.and_then(char::from_u32)
            .ok_or_else(|| self.bad_escape(start))
    }

    fn bad_escape(&self, start: usize) -> Diagnostic {
        self.error(
            "E104",
            start..self.at,
            "an escape that names no character",
            "\\n \\r \\t \\\" \\\\ \\uXXXX or \\UXXXXXX",
        )
    }

    fn hexadecimal(&mut self, digits: usize) -> Option<u32> {
        self.take(1);
        let text = self
            .rest()
            .get(..digits)
            .filter(|text| text.bytes().all(|byte| byte.is_ascii_hexdigit()))?;
        let value = u32::from_str_radix(text, 16).ok();
        self.take(digits);
        value
    }

    fn low_surrogate(&mut self, high: u32) -> Option<u32> {
        if !self.rest().starts_with("\\u") && !self.rest().starts_with("\\U") {
            return None;
        }
        let digits = if self.rest().starts_with("\\u") { 4 } else { 6 };
        self.take(1);
        let low = self.hexadecimal(digits)?;
        let (high, low) = (u16::try_from(high).ok()?, u16::try_from(low).ok()?);
        char::decode_utf16([high, low]).next()?.ok().map(u32::from)
    }
}

/// What to write for a character that other languages use.
fn habit(letter: char) -> Option<&'static str> {
    Some(match letter {
        '&' => "write `and`",
        '|' => "write `or`",
        '!' => "write not(…)",
        '\'' | '“' | '”' | '‘' | '’' | '„' | '«' | '»' => {
            "write texts in straight double quotes"
        }
        '%' => "write a decimal number: 0.25 for 25 per cent",
        '?' => "leave it out: a cell tests its input already",
        '≤' => "write `<=`",
        '≥' => "write `>=`",
        '≠' => "write `!=`",
        _ => return None,
    })
}

fn starts_with_digit(text: &str) -> bool {
    text.starts_with(|letter: char| letter.is_ascii_digit())
}

fn is_name_start(letter: char) -> bool {
    letter.is_alphabetic() || letter == '_'
}

fn is_name_part(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_'
}

/// Length of the number at the start: digits, a point with digits, an exponent. `2..4` is a range.
fn number_length(text: &str) -> usize {
    let digits = |from: usize| {
        let rest = text.get(from..).unwrap_or_default();
        from.saturating_add(rest.bytes().take_while(u8::is_ascii_digit).count())
    };
    let mut end = digits(0);
    let after = text.get(end..).unwrap_or_default();
    if after.strip_prefix('.').is_some_and(starts_with_digit) {
        end = digits(end.saturating_add(1));
    }
    let after = text.get(end..).unwrap_or_default();
    if after.starts_with(['e', 'E']) {
        let sign = usize::from(
            after
                .get(1..)
                .is_some_and(|rest| rest.starts_with(['+', '-'])),
        );
        let from = end.saturating_add(1).saturating_add(sign);
        if digits(from) > from {
            end = digits(from);
        }
    }
    end
}
