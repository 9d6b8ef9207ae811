//! The real data sets: that what lies there is what the cases expect.

use std::path::Path;

use rolemark_tests::Result;
use serde_json::Value;

pub async fn golden_vectors_are_readable(data: &Path) -> Result<()> {
    let file = data.join("golden_vectors.json");
    let vectors: Value = serde_json::from_slice(&std::fs::read(file)?)?;
    assert!(vectors.as_object().is_some_and(|vectors| !vectors.is_empty()), "no vectors: {vectors}");
    Ok(())
}
