//! The benchmark runs to its end on both databases, with every answer checked. Its figures are not looked at.

use std::process::Command;

use rolemark_tests::scratch::ScratchDirectory;
use serde_json::Value;

#[test]
fn small_run_on_both_databases() {
    let scratch = ScratchDirectory::create().expect("a scratch directory");
    let json = scratch.path().join("figures.json");
    let mut bench = Command::new(env!("CARGO_BIN_EXE_bench-http"));
    bench
        .args(["--quick", "--organizations=2", "--seconds=0.2", "--concurrency=4", "--warm-up=0", "--json"])
        .arg(&json);
    let output = bench.output().expect("the benchmark can be started");
    let (table, messages) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{messages}");
    for line in ["| q1 role | sqlite |", "| q5 update | postgres |", "| PostgreSQL "] {
        assert!(table.contains(line), "{line} is not in\n{table}");
    }
    let text = std::fs::read_to_string(&json).expect("the figures were written");
    let figures: Value = serde_json::from_str(&text).expect("the figures are JSON");
    for site in figures["databases"].as_array().expect("databases") {
        let repetitions = site["repetitions"].as_array().expect("repetitions");
        assert_eq!(repetitions.len(), 7);
        assert!(repetitions.iter().all(|one| one["requests"].as_f64() > Some(0.0)), "{repetitions:?}");
    }
}
