//! The letters that a server without a mail server has put into its outbox.

use std::fs;
use std::time::Duration;

use crate::TestServer;

/// Letters are sent after the answer: how long to wait for one.
const ATTEMPTS: u32 = 200;
const PAUSE: Duration = Duration::from_millis(50);

/// The letters to an address, the oldest first.
#[must_use]
pub fn letters(server: &TestServer, to: &str) -> Vec<String> {
    let Ok(files) = fs::read_dir(server.data_directory().join("outbox")) else { return Vec::new() };
    let mut paths: Vec<_> = files.flatten().map(|file| file.path()).collect();
    // Their names are ordered by time.
    paths.sort();
    let texts = paths.iter().filter_map(|path| fs::read_to_string(path).ok());
    texts.filter(|text| text.starts_with(&format!("To: {to}\n"))).collect()
}

/// The letter to an address with this number, from 0.
///
/// # Panics
/// If it does not come.
pub async fn letter(server: &TestServer, to: &str, number: usize) -> String {
    for _ in 0..ATTEMPTS {
        if let Some(letter) = letters(server, to).into_iter().nth(number) {
            return letter;
        }
        tokio::time::sleep(PAUSE).await;
    }
    panic!("no letter {number} to {to}")
}
