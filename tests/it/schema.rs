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
