//! The description of the service is true: each example in it is a request that works.

use serde_json::Value;

use crate::running::service;

fn description() -> Value {
    service().public().get("/openapi.json", &[]).unwrap().json()
}

/// The address of an operation, with the examples of its parameters; none if one has no example.
fn address(path: &str, operation: &Value) -> Option<String> {
    let mut path = path.to_owned();
    let mut query = Vec::new();
    for parameter in operation["parameters"].as_array().into_iter().flatten() {
        let name = parameter["name"].as_str().unwrap();
        let example = match &parameter["example"] {
            Value::Array(items) => items[0].clone(),
            other => other.clone(),
        };
        let example = example
            .as_str()
            .map(str::to_owned)
            .or_else(|| example.as_u64().map(|n| n.to_string()));
        match (parameter["in"].as_str(), example) {
            (Some("path"), example) => path = path.replace(&format!("{{{name}}}"), &example?),
            (Some("query"), Some(example)) => query.push(format!("{name}={example}")),
            _ => {}
        }
    }
    if query.is_empty() {
        Some(path)
    } else {
        Some(format!("{path}?{}", query.join("&")))
    }
}

/// The bodies of an operation, by their media types.
fn bodies(operation: &Value) -> Vec<(String, Vec<u8>)> {
    let Some(content) = operation["requestBody"]["content"].as_object() else {
        return vec![(String::new(), Vec::new())];
    };
    let body = |(media_type, content): (&String, &Value)| {
        let example = &content["example"];
        assert!(!example.is_null(), "no example for {media_type}");
        let text = example
            .as_str()
            .map_or_else(|| example.to_string(), str::to_owned);
        (media_type.clone(), text.into_bytes())
    };
    content.iter().map(body).collect()
}

#[test]
fn every_example_works() {
    let description = description();
    assert_eq!(description["openapi"], "3.1.0");
    let mut tried = 0;
    for (path, item) in description["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let Some(address) = address(path, operation) else {
                continue;
            };
            for (media_type, body) in bodies(operation) {
                let headers = [("content-type", media_type.as_str())];
                let headers = if media_type.is_empty() {
                    &headers[..0]
                } else {
                    &headers[..]
                };
                let reply = service()
                    .senior
                    .send(&method.to_uppercase(), &address, headers, &body)
                    .unwrap();
                assert!(
                    reply.status < 300,
                    "{method} {address}: {} {}",
                    reply.status,
                    reply.text()
                );
                let told = &operation["responses"][reply.status.to_string()];
                assert!(
                    told.is_object(),
                    "{method} {path} does not describe {}",
                    reply.status
                );
                tried += 1;
            }
        }
    }
    assert!(tried >= 20, "only {tried} examples");
}

/// Every `$ref` of a document.
fn references(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(object) => {
            for (key, below) in object {
                match below.as_str() {
                    Some(target) if key == "$ref" => found.push(target.to_owned()),
                    _ => references(below, found),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| references(item, found)),
        _ => {}
    }
}

#[test]
fn every_reference_leads_somewhere() {
    let description = description();
    let mut found = Vec::new();
    references(&description, &mut found);
    for target in found {
        let pointer = target.strip_prefix('#').unwrap();
        assert!(description.pointer(pointer).is_some(), "{target}");
    }
}

#[test]
fn the_page_of_the_service_needs_no_other_host() {
    let public = service().public();
    assert_eq!(public.get("/", &[]).unwrap().header("location"), "/docs/");
    let page = public.get("/docs/", &[]).unwrap();
    assert_eq!(page.status, 200);
    for file in [
        "swagger-ui-bundle.js",
        "swagger-ui.css",
        "swagger-initializer.js",
    ] {
        assert_eq!(
            public.get(&format!("/docs/{file}"), &[]).unwrap().status,
            200,
            "{file}"
        );
    }
    assert!(!page.text().contains("https://"), "{}", page.text());
}
