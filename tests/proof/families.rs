//! Groups of facts, with conditions over them and every value that these can tell apart.

use catchall_tests::library;
use serde_json::{Value, json};

/// Conditions over one group of facts, and values of these facts, one of each class and more.
pub(crate) struct Family {
    pub(crate) atoms: &'static [&'static str],
    pub(crate) values: fn() -> Vec<Value>,
}

pub(crate) const FAMILIES: [Family; 9] = [
    Family {
        atoms: &["exporter.us_person", "not(exporter.us_person)"],
        values: us_person,
    },
    Family {
        atoms: &[
            "activity = \"export\"",
            "activity in (\"brokering\", \"transit\")",
            "activity != \"transit\"",
        ],
        values: activity,
    },
    Family {
        atoms: &[
            "destination in group(\"eu.customs\")",
            "destination in group(\"eu.arms_embargo\")",
            "indicator(\"wgi.rule_of_law\") < -0.5",
        ],
        values: destination,
    },
    Family {
        atoms: &[
            "under(item.entries, \"5A001\")",
            "(some e in item.entries satisfies e = \"4D004\")",
            "(every e in item.entries satisfies under(e, \"4D004\"))",
            "(some e in item.entries satisfies true)",
        ],
        values: entries,
    },
    Family {
        atoms: &[
            "\"wmd\" in exporter.informed_of",
            "(every g in exporter.informed_of satisfies g = \"wmd\")",
        ],
        values: informed,
    },
    Family {
        atoms: &[
            "(some party in parties satisfies (party.role = \"end_user\" and party.type = \"police\"))",
            "(every party in parties satisfies (not(party.role = \"end_user\") or party.type = \"police\"))",
            "(some party in parties satisfies party.type = \"police\")",
            "count(parties) > 1",
        ],
        values: parties,
    },
    Family {
        atoms: &[
            "item.value_eur >= 10000",
            "item.value_eur in [500..10000]",
            "item.value_eur = 500",
        ],
        values: value,
    },
    Family {
        atoms: &[
            "item.value_eur > severity.scale",
            "severity.scale >= 2",
            "item.value_eur < 10",
        ],
        values: amounts,
    },
    Family {
        atoms: &[
            "(if risk.diversion then risk.civil_disorder else exporter.us_person)",
            "all([risk.diversion, risk.civil_disorder])",
            "risk.diversion = risk.civil_disorder",
        ],
        values: risks,
    },
];

pub(crate) fn each(key: &str, values: &[Value]) -> Vec<Value> {
    values
        .iter()
        .map(|value| patch(key, value.clone()))
        .collect()
}

/// An application that states one thing at a place such as `exporter/us_person`.
pub(crate) fn patch(place: &str, value: Value) -> Value {
    let inner = |key: &str, value: Value| match key {
        "items" => json!({"items": [value]}),
        key => json!({key: value}),
    };
    place
        .rsplit('/')
        .fold(value, |value, key| inner(key, value))
}

pub(crate) fn three(place: &str) -> Vec<Value> {
    each(place, &[Value::Null, json!(true), json!(false)])
}

pub(crate) fn us_person() -> Vec<Value> {
    three("exporter/us_person")
}

pub(crate) fn activity() -> Vec<Value> {
    let codes = ["export", "brokering", "transit", "technical_assistance"].map(|code| json!(code));
    let mut values = each("activity", &codes);
    values.push(json!({}));
    values
}

pub(crate) fn destination() -> Vec<Value> {
    let places = library().reference.destinations.iter();
    let codes: Vec<Value> = places.map(|place| json!(place.code)).collect();
    let mut values = each("destination/country", &codes);
    values.push(json!({}));
    values
}

/// Every set of some codes, certain and possible, open and not; and none.
pub(crate) fn sets(place: &str, codes: &[&str]) -> Vec<Value> {
    let mut found = vec![json!({})];
    for open in [false, true] {
        for mut state in 0..3_usize.pow(u32::try_from(codes.len()).unwrap()) {
            let (mut certain, mut possible) = (Vec::new(), Vec::new());
            for code in codes {
                match state % 3 {
                    1 => possible.push(*code),
                    2 => certain.push(*code),
                    _ => {}
                }
                state /= 3;
            }
            found.push(patch(
                place,
                json!({"certain": certain, "possible": possible, "open": open}),
            ));
        }
    }
    found
}

pub(crate) fn entries() -> Vec<Value> {
    sets("items/entries", &["5A001.f", "4D004", "5D002"])
}

pub(crate) fn informed() -> Vec<Value> {
    sets("exporter/informed_of", &["wmd", "torture"])
}

pub(crate) fn parties() -> Vec<Value> {
    let mut party = Vec::new();
    for role in [Value::Null, json!("end_user"), json!("consignee")] {
        for ty in [Value::Null, json!("police"), json!("medical")] {
            party.push(json!({"role": role, "type": ty}));
        }
    }
    let mut found = vec![json!({}), json!({"parties": []})];
    for one in &party {
        found.push(json!({"parties": [one]}));
        found.extend(party.iter().map(|other| json!({"parties": [one, other]})));
    }
    found
}

pub(crate) fn value() -> Vec<Value> {
    let amounts = ["0", "499", "500", "501", "9999.99", "10000", "10000.01"];
    let mut values = vec![json!({})];
    values.extend(
        amounts.map(|amount| patch("items/value", json!({"amount": amount, "unit": "EUR"}))),
    );
    values
}

pub(crate) fn amounts() -> Vec<Value> {
    let mut found = Vec::new();
    for amount in [
        None,
        Some("0"),
        Some("1"),
        Some("2"),
        Some("3"),
        Some("9"),
        Some("10"),
        Some("11"),
    ] {
        for quantity in [
            None,
            Some("0"),
            Some("1"),
            Some("1.5"),
            Some("2"),
            Some("3"),
            Some("4"),
        ] {
            let mut application = json!({"items": [{}]});
            if let Some(amount) = amount {
                application["items"][0]["value"] = json!({"amount": amount, "unit": "EUR"});
            }
            if let Some(quantity) = quantity {
                application["severity"] = json!({"scale": quantity});
            }
            found.push(application);
        }
    }
    found
}

pub(crate) fn risks() -> Vec<Value> {
    let mut found = Vec::new();
    for one in three("risk/diversion") {
        for other in three("risk/civil_disorder") {
            for person in three("exporter/us_person") {
                found.push(merged(&[&one, &other, &person]));
            }
        }
    }
    found
}

pub(crate) fn merge(into: &mut Value, from: &Value) {
    match (into, from) {
        (Value::Object(into), Value::Object(from)) => {
            for (key, value) in from {
                merge(into.entry(key.clone()).or_insert(Value::Null), value);
            }
        }
        (Value::Array(into), Value::Array(from)) => {
            into.iter_mut()
                .zip(from)
                .for_each(|(into, from)| merge(into, from));
        }
        (into, from) => *into = from.clone(),
    }
}

pub(crate) fn merged(parts: &[&Value]) -> Value {
    let mut whole = json!({"items": [{}]});
    parts.iter().for_each(|part| merge(&mut whole, part));
    whole
}
