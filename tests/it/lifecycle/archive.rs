//! An archive as its reader has it.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;

use aws_lc_rs::digest::{SHA256, digest};
use flate2::read::GzDecoder;
use rolemark_tests::Result;
use serde_json::Value;

/// The files of an archive.
pub(super) struct Archive {
    pub(super) manifest: Value,
    pub(super) names: Vec<String>,
    /// By name, a value for each line.
    pub(super) files: BTreeMap<String, Vec<Value>>,
    /// All of it, unpacked.
    pub(super) bytes: Vec<u8>,
}

impl Archive {
    /// Unpacks an archive, and compares it with its manifest.
    pub(super) fn read(packed: &[u8]) -> Result<Self> {
        let mut tar = tar::Archive::new(GzDecoder::new(packed));
        let (mut contents, mut names) = (BTreeMap::new(), Vec::new());
        for entry in tar.entries()? {
            let mut entry = entry?;
            let name = entry.path()?.display().to_string();
            let mut content = Vec::new();
            entry.read_to_end(&mut content)?;
            names.push(name.clone());
            assert!(contents.insert(name, content).is_none(), "a file comes twice");
        }
        let manifest: Value = serde_json::from_slice(&contents["manifest.json"])?;
        let mut files = BTreeMap::new();
        for described in manifest["files"].as_array().cloned().unwrap_or_default() {
            let name = described["name"].as_str().unwrap_or_default().to_owned();
            let content = &contents[&name];
            let digits: String = digest(&SHA256, content).as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
            assert_eq!(described["sha256"], digits, "{name}");
            assert_eq!(described["bytes"], content.len(), "{name}");
            let lines = lines(content)?;
            assert_eq!(described["rows"], lines.len(), "{name}");
            files.insert(name, lines);
        }
        assert_eq!(files.len() + 2, contents.len(), "files that the manifest does not know: {names:?}");
        let bytes = contents.into_values().flatten().collect();
        Ok(Self { manifest, names, files, bytes })
    }

    /// All texts anywhere in the lines, those of keys too.
    pub(super) fn texts(&self) -> BTreeSet<&str> {
        let mut texts = BTreeSet::new();
        self.files.values().flatten().for_each(|line| collect(line, &mut texts));
        texts
    }
}

/// A value for each line; each ends with its end.
pub(super) fn lines(content: &[u8]) -> Result<Vec<Value>> {
    let text = std::str::from_utf8(content)?;
    assert!(text.is_empty() || text.ends_with('\n'), "the last line has no end");
    text.lines().map(|line| Ok(serde_json::from_str(line)?)).collect()
}

/// All texts anywhere in a value.
pub(super) fn collect<'a>(value: &'a Value, texts: &mut BTreeSet<&'a str>) {
    match value {
        Value::String(text) => {
            texts.insert(text);
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, texts)),
        Value::Object(fields) => fields.iter().for_each(|(name, field)| {
            texts.insert(name);
            collect(field, texts);
        }),
        _ => {}
    }
}
