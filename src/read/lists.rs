//! Lists in one cell, however a program wrote them: `a;b`, `["a","b"]` (JSON), `['a', 'b']` (Python), `(2:a,b)` (GDAL).

use serde_json::Value;

/// The parts of a list in a cell that is written with brackets; `None` where it is not.
///
/// ```
/// use chargegap::internals::read::lists::bracketed;
/// assert_eq!(bracketed("['residential', 'primary']"), Some(vec!["residential".to_owned(), "primary".to_owned()]));
/// assert_eq!(bracketed("residential"), None);
/// ```
pub fn bracketed(text: &str) -> Option<Vec<String>> {
    let text = text.trim();
    let inside = match text.strip_prefix('[').and_then(|t| t.strip_suffix(']')) {
        Some(inside) => inside,
        None => {
            let (count, inside) = text.strip_prefix('(')?.strip_suffix(')')?.split_once(':')?;
            count.parse::<u32>().ok()?;
            inside
        }
    };
    if let Ok(Value::Array(list)) = serde_json::from_str::<Value>(text) {
        return Some(list.iter().filter_map(scalar).collect());
    }
    let bare = |part: &str| part.trim().trim_matches(['\'', '"', ' ']).to_owned();
    Some(inside.split(',').map(bare).filter(|part| !part.is_empty()).collect())
}

/// A value that is no list or object as text; `None` where it is nothing or one of these.
pub fn scalar(value: &Value) -> Option<String> {
    let text = match value {
        Value::String(s) => s.trim().to_owned(),
        Value::Number(n) => n.to_string().trim_end_matches(".0").to_owned(),
        Value::Bool(b) => b.to_string(),
        Value::Null | Value::Array(_) | Value::Object(_) => return None,
    };
    (!text.is_empty()).then_some(text)
}

/// The parts of a list value joined by `;`; `None` where it holds what is no plain value, or nothing.
pub fn joined(list: &[Value]) -> Option<String> {
    let parts: Option<Vec<String>> = list.iter().filter(|v| !v.is_null()).map(scalar).collect();
    parts.map(|parts| parts.join(";")).filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_of_every_hand_are_taken_apart() {
        let two = Some(vec!["J1772".to_owned(), "CHADEMO".to_owned()]);
        for text in [r#"["J1772","CHADEMO"]"#, "['J1772', 'CHADEMO']", "(2:J1772,CHADEMO)", "[J1772, CHADEMO]"] {
            assert_eq!(bracketed(text), two, "{text}");
        }
        assert_eq!(bracketed("[1, 2.5]"), Some(vec!["1".to_owned(), "2.5".to_owned()]));
        assert_eq!(bracketed("[]"), Some(Vec::new()));
        assert_eq!((bracketed("(kW)"), bracketed("a;b"), bracketed("[a")), (None, None, None));
    }
}
