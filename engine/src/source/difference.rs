//! Where two documents differ.

use std::collections::BTreeSet;

use serde_json::Value;

/// A place at which two documents differ, with what stands there in each; null where nothing does.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference<'d> {
    /// The place, as an RFC 6901 pointer.
    pub pointer: String,
    /// What stands in the one.
    pub one: &'d Value,
    /// What stands in the other.
    pub other: &'d Value,
}

/// The places at which two documents differ, at most so many. Lists of different lengths differ as a whole.
pub fn differences<'d>(one: &'d Value, other: &'d Value, most: usize) -> Vec<Difference<'d>> {
    let mut found = Vec::new();
    add(String::new(), (one, other), most, &mut found);
    found
}

fn add<'d>(
    pointer: String,
    (one, other): (&'d Value, &'d Value),
    most: usize,
    found: &mut Vec<Difference<'d>>,
) {
    const ABSENT: &Value = &Value::Null;
    if found.len() >= most || one == other {
        return;
    }
    match (one, other) {
        (Value::Object(one), Value::Object(other)) => {
            let keys: BTreeSet<&String> = one.keys().chain(other.keys()).collect();
            for key in keys {
                let below = format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1"));
                let of = |object: &'d serde_json::Map<String, Value>| object.get(key);
                let pair = (of(one).unwrap_or(ABSENT), of(other).unwrap_or(ABSENT));
                add(below, pair, most, found);
            }
        }
        (Value::Array(one), Value::Array(other)) if one.len() == other.len() => {
            for (at, pair) in one.iter().zip(other).enumerate() {
                add(format!("{pointer}/{at}"), pair, most, found);
            }
        }
        _ => found.push(Difference {
            pointer,
            one,
            other,
        }),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::differences;

    #[test]
    fn places_are_pointers_and_no_more_than_asked_for() {
        let one = json!({"a": [1, 2], "b/c": null, "d": [1], "e": 1});
        let other = json!({"a": [1, 3], "b/c": 4, "d": [1, 2], "e": 1});
        let pointers = |most| {
            let found = differences(&one, &other, most).into_iter();
            found.map(|found| found.pointer).collect::<Vec<_>>()
        };
        assert_eq!(pointers(9), ["/a/1", "/b~1c", "/d"]);
        assert_eq!(pointers(2), ["/a/1", "/b~1c"]);
        assert_eq!(differences(&one, &one, 9), []);
    }
}
