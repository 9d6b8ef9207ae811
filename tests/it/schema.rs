//! The committed schema is the one that the server has.

use rolemark_tests::{Result, workspace_root};

pub async fn committed_schema_is_current() -> Result<()> {
    let file = workspace_root().join("schema.graphql");
    let committed = std::fs::read_to_string(&file).unwrap_or_default();
    let printed = rolemark::schema_sdl();
    if committed.trim_end() == printed.trim_end() {
        return Ok(());
    }
    let difference = first_difference(&committed, &printed);
    Err(format!("schema.graphql is out of date; run `cargo run -- schema > schema.graphql`\n{difference}").into())
}

fn first_difference(committed: &str, printed: &str) -> String {
    let lines = committed.lines().count().max(printed.lines().count());
    let (mut old, mut new) = (committed.lines(), printed.lines());
    for number in 1..=lines {
        let (old, new) = (old.next(), new.next());
        if old != new {
            let show = |line: Option<&str>| line.unwrap_or("(end of file)").to_owned();
            return format!("line {number}: committed `{}`, server `{}`", show(old), show(new));
        }
    }
    "only line ends differ".to_owned()
}

/// Every type, field, argument and enum value says what it is.
pub async fn everything_is_described() -> Result<()> {
    let sdl = rolemark::schema_sdl();
    let lines: Vec<&str> = sdl.lines().map(str::trim).collect();
    let is_definition = |line: &str| {
        let is_type = ["type ", "input ", "enum ", "interface ", "scalar "].iter().any(|word| line.starts_with(word));
        let is_member = line.contains(": ") && !line.starts_with(')') && !line.contains('"');
        let is_field_with_arguments = line.ends_with('(');
        let is_value = line.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_' || byte.is_ascii_digit());
        is_type || is_member || is_field_with_arguments || (is_value && !line.is_empty())
    };
    // The first line is the second of no pair.
    let mut inside = lines.first() == Some(&"\"\"\"");
    let mut undescribed = Vec::new();
    for pair in lines.windows(2) {
        let [before, line] = pair else { continue };
        if *line == "\"\"\"" {
            inside = !inside;
        } else if !inside && is_definition(line) && *before != "\"\"\"" && !line.starts_with("schema") {
            undescribed.push(*line);
        }
    }
    undescribed.retain(|line| !line.starts_with("directive") && !["query: Query", "mutation: Mutation"].contains(line));
    if undescribed.is_empty() {
        return Ok(());
    }
    Err(format!("without a description: {}", undescribed.join(", ")).into())
}
