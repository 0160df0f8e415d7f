//! placeholder
use crate::reference::Reference;
use crate::screening::Determination;
/// placeholder
pub fn html(_d: &Determination, _r: &Reference, _to: Option<&str>) -> String {
    String::new()
}
