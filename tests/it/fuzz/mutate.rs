//! Changes of valid requests.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use super::corpus::Seed;

/// Splitmix64: the same numbers at every run.
pub(super) struct Random(u64);

impl Random {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15))
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.next() % (limit.max(1) as u64)).unwrap_or_default()
    }

    pub(super) fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.below(items.len())]
    }

    /// One to three changes of the document or the variables.
    pub(super) fn change(&mut self, seed: &Seed) -> (String, Value) {
        let (mut document, mut variables) = (seed.document.clone(), seed.variables.clone());
        for _ in 0..=self.below(2) {
            match self.below(8) {
                0 => document = self.change_text(&document),
                1 => document = self.change_words(&document),
                _ => {
                    let count = pointers(&variables).len();
                    let pointer = pointers(&variables).swap_remove(self.below(count));
                    if let Some(value) = variables.pointer_mut(&pointer) {
                        *value = self.change_value(value);
                    }
                }
            }
        }
        (document, variables)
    }

    fn change_value(&mut self, value: &Value) -> Value {
        let nasty: Vec<Value> = match value {
            Value::String(_) => texts().into_iter().map(Value::from).collect(),
            _ => numbers(),
        };
        match (value, self.below(8)) {
            (_, 0) => json!([value]),
            (_, 1 | 2) => self.pick(&nasty).clone(),
            (Value::String(text), 3 | 4) => self.change_decoded(text).into(),
            (Value::String(text), _) => self.change_text(text).into(),
            (Value::Number(number), _) => {
                let factor = self.below(4_000) as f64 / 1_000.0 - 1.0;
                json!(number.as_f64().unwrap_or_default() * factor)
            }
            (Value::Array(items), _) => {
                let mut items = items.clone();
                let item = items.first().cloned().unwrap_or_default();
                items.resize(self.below(12), item);
                items.into()
            }
            _ => Value::Null,
        }
    }

    /// Changes what lies behind the base64 of identifiers and cursors.
    fn change_decoded(&mut self, text: &str) -> String {
        match URL_SAFE_NO_PAD.decode(text).ok().and_then(|bytes| String::from_utf8(bytes).ok()) {
            Some(decoded) => URL_SAFE_NO_PAD.encode(self.change_text(&decoded)),
            None => self.change_text(text),
        }
    }

    /// A character gone, doubled, exchanged or new, or an end cut off.
    fn change_text(&mut self, text: &str) -> String {
        let mut chars: Vec<char> = text.chars().collect();
        let strange = [
            '\0', '"', '\\', '{', '}', '(', '[', ':', '$', '@', '!', '.', '\u{feff}', '\u{202e}', 'é', '🦀', '0', '-',
            '\n',
        ];
        if chars.is_empty() {
            return self.pick(&strange).to_string();
        }
        let place = self.below(chars.len());
        match self.below(5) {
            0 => drop(chars.remove(place)),
            1 => chars.insert(place, chars[place]),
            2 => chars[place] = *self.pick(&strange),
            3 => chars.insert(place, *self.pick(&strange)),
            _ => chars.truncate(place),
        }
        chars.into_iter().collect()
    }

    fn change_words(&mut self, document: &str) -> String {
        let mut words: Vec<&str> = document.split_inclusive([' ', '(', '{', ':']).collect();
        let (one, other) = (self.below(words.len()), self.below(words.len()));
        match self.below(4) {
            0 => words.swap(one, other),
            1 => drop(words.remove(one)),
            2 => words.insert(one, words[other]),
            _ => {
                let odd =
                    ["... on Node { ", "null ", "id ", "__typename ", "@skip(if: true) ", "(id: 7) ", "fragment "];
                words[one] = odd[self.below(odd.len())];
            }
        }
        words.concat()
    }
}

/// Where the scalars and lists of a value are.
fn pointers(value: &Value) -> Vec<String> {
    let below = |name: &str, value: &Value| -> Vec<String> {
        pointers(value).into_iter().map(|rest| format!("/{name}{rest}")).collect()
    };
    match value {
        Value::Object(entries) => entries.iter().flat_map(|(name, value)| below(name, value)).collect(),
        Value::Array(items) => {
            let items = items.iter().enumerate().flat_map(|(index, item)| below(&index.to_string(), item));
            std::iter::once(String::new()).chain(items).collect()
        }
        _ => vec![String::new()],
    }
}

/// Texts that trip up databases, patterns, calendars and keys.
fn texts() -> Vec<String> {
    let short = [
        "",
        "a\0b",
        "\r\n",
        "%_\\!",
        "'; DROP TABLE member; --",
        "\u{feff}\u{202e}",
        "🦀e\u{301}İ",
        "1e400",
        "rolemark:\0",
        "0000-01-01T00:00:00Z",
        "9999-12-31T23:59:60Z",
        "-4714-01-01T00:00:00Z",
        "+262142-12-31T23:59:59Z",
    ];
    short.map(str::to_owned).into_iter().chain(["x".repeat(201), "é".repeat(5_000)]).collect()
}

/// Numbers at the ends of what types and rules hold.
fn numbers() -> Vec<Value> {
    vec![
        json!(0),
        json!(-0.0),
        json!(-1),
        json!(1e308),
        json!(5e-324),
        json!(1.000_000_1),
        json!(1_000_000),
        json!(2_147_483_647),
        json!(-2_147_483_648_i64),
        json!(i64::MAX),
        json!(u64::MAX),
        json!(null),
    ]
}

/// The variables with one scalar replaced by a nasty one of its kind, for every scalar and each nasty one.
pub(super) fn nasty(variables: &Value) -> Vec<Value> {
    let mut all = Vec::new();
    for pointer in pointers(variables) {
        let replacements = match variables.pointer(&pointer) {
            Some(Value::String(_)) => texts().into_iter().map(Value::from).collect(),
            Some(Value::Number(_)) => numbers(),
            _ => Vec::new(),
        };
        for replacement in replacements {
            let mut changed = variables.clone();
            if let Some(value) = changed.pointer_mut(&pointer) {
                *value = replacement;
            }
            all.push(changed);
        }
    }
    all
}

/// What is in a cursor, for messages.
pub(super) fn decoded(cursor: &str) -> String {
    let bytes = URL_SAFE_NO_PAD.decode(cursor).unwrap_or_default();
    String::from_utf8_lossy(&bytes).chars().take(200).collect()
}

/// A list's own cursor with other contents under the same seal.
pub(super) fn forged_cursors(cursor: &str) -> Vec<String> {
    let parts: Value = serde_json::from_str(&decoded(cursor)).expect("a cursor in JSON");
    let (seal, id) = (&parts[0], &parts[2]);
    let mut values: Vec<Value> = texts().into_iter().map(|text| json!({ "T": text })).collect();
    values.extend([0.0, -0.0, -1.0, 1e308, -1e308, 5e-324, 0.5].map(|number| json!({ "N": number })));
    let instants = [
        0,
        1,
        -1,
        i64::MAX,
        i64::MIN,
        8_210_266_876_799_999_999,
        -8_334_601_228_800_000_000,
        253_402_300_800_000_000,
        -62_167_219_200_000_001,
        -210_866_803_200_000_001,
        9_223_371_331_200_000_000,
    ];
    values.extend(instants.map(|instant| json!({ "I": instant })));
    let mut forged: Vec<Value> = values.into_iter().map(|value| json!([seal, value, id])).collect();
    let ids = [
        json!({ "K": "key" }),
        json!({ "K": "\0" }),
        json!({ "K": "" }),
        json!({ "U": "00000000-0000-0000-0000-000000000000" }),
    ];
    forged.extend(ids.map(|id| json!([seal, parts[1], id])));
    forged.extend([
        json!([seal]),
        json!([seal, null, null]),
        json!({}),
        json!([seal, { "X": 1 }, id]),
        json!([-1, parts[1], id]),
    ]);
    forged.into_iter().map(|cursor| URL_SAFE_NO_PAD.encode(cursor.to_string())).collect()
}
