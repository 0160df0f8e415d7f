//! placeholder
/// placeholder
pub fn determination_schema() -> serde_json::Value {
    serde_json::Value::Null
}
