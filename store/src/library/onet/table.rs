//! Tables as O*NET writes them: UTF-8, a line per row, cells separated by tabs, and no quoting whatever.

use std::io::Read;

use flate2::read::MultiGzDecoder;

use super::files::RawFile;
use crate::library::import::{FileFault, ImportError};

/// The first bytes of gzip data.
const GZIP_MAGIC: [u8; 2] = [0x1f, 0x8b];
/// More than this is no table of O*NET; the largest of those read here has 5 MB. In bytes.
const SIZE_MAXIMUM: u64 = 256 * 1024 * 1024;

/// The text of a file, unzipped if need be.
pub(super) fn text_of(file: &RawFile) -> Result<String, ImportError> {
    let is_named_gzip = file.name.to_lowercase().ends_with(".gz");
    if is_named_gzip && !file.content.starts_with(&GZIP_MAGIC) {
        return Err(FileFault::whole("is not gzip, although its name says so").within(&file.name));
    }
    decoded(&file.content).map_err(|fault| fault.within(&file.name))
}

/// The text of a content, unzipped if it begins like gzip.
pub(super) fn decoded(content: &[u8]) -> Result<String, FileFault> {
    let mut bytes = Vec::new();
    if content.starts_with(&GZIP_MAGIC) {
        let unzipped = MultiGzDecoder::new(content).take(SIZE_MAXIMUM).read_to_end(&mut bytes);
        // What came out before the fault tells where the fault is.
        let line = |bytes: &[u8]| bytes.iter().filter(|&&byte| byte == b'\n').count() as u64 + 1;
        unzipped.map_err(|error| {
            FileFault::on_line(line(&bytes), format!("the gzip data is damaged or cut off ({error})"))
        })?;
    } else {
        bytes.extend_from_slice(content);
    }
    if bytes.len() as u64 >= SIZE_MAXIMUM {
        return Err(FileFault::whole("is far larger than any table of O*NET"));
    }
    let text = String::from_utf8(bytes).map_err(|error| {
        let valid = error.utf8_error().valid_up_to();
        let line = error.as_bytes().iter().take(valid).filter(|&&byte| byte == b'\n').count() as u64 + 1;
        FileFault::on_line(line, "is not UTF-8")
    })?;
    refuse_cut_off(&text)?;
    Ok(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text))
}

/// All these files end with a line break, so that a download that broke off is noticed.
fn refuse_cut_off(text: &str) -> Result<(), FileFault> {
    if text.ends_with('\n') {
        return Ok(());
    }
    let line = text.lines().count().max(1) as u64;
    Err(FileFault::on_line(line, "the last line has no end: the file is empty or cut off"))
}

/// Calls `each` with the line, counted from 1, and the cells of these columns of every row.
pub(super) fn for_each_row<'a, const N: usize>(
    text: &'a str,
    columns: [&str; N],
    mut each: impl FnMut(u64, [&'a str; N]) -> Result<(), FileFault>,
) -> Result<(), FileFault> {
    let mut lines = (1..).zip(text.lines());
    let header: Vec<&str> = lines.next().map(|(_, line)| line.split('\t').collect()).unwrap_or_default();
    let mut positions = [0; N];
    for (position, column) in positions.iter_mut().zip(columns) {
        let found = header.iter().position(|name| name.trim() == column);
        *position = found.ok_or_else(|| FileFault::on_line(1, format!("there is no column \"{column}\"")))?;
    }
    let mut cells = Vec::with_capacity(header.len());
    for (number, line) in lines {
        cells.clear();
        cells.extend(line.split('\t'));
        if cells.len() != header.len() {
            let reason = format!("{} columns where the header has {}", cells.len(), header.len());
            return Err(FileFault::on_line(number, reason));
        }
        each(number, positions.map(|position| cells[position].trim()))?;
    }
    Ok(())
}

/// A fault for a cell that holds something else than it should.
pub(super) fn unexpected(line: u64, column: &str, value: &str) -> FileFault {
    let shown: String = value.chars().take(60).collect();
    FileFault::on_line(line, format!("unexpected {column} {shown:?}"))
}

/// Refuses what is no O*NET-SOC code, such as `15-1252.00`.
pub(super) fn checked_code(line: u64, code: &str) -> Result<&str, FileFault> {
    let fits = |(byte, wanted): (u8, u8)| if wanted == b'd' { byte.is_ascii_digit() } else { byte == wanted };
    let pattern = b"dd-dddd.dd";
    let is_code = code.len() == pattern.len() && code.bytes().zip(pattern.iter().copied()).all(fits);
    if is_code { Ok(code) } else { Err(unexpected(line, "O*NET-SOC code", code)) }
}

/// A number of a task, such as `8823`, which some files write as `8823.0`.
pub(super) fn task_number(line: u64, text: &str) -> Result<&str, FileFault> {
    let digits = text.strip_suffix(".0").unwrap_or(text);
    let is_number = !digits.is_empty() && digits.len() <= 12 && digits.bytes().all(|byte| byte.is_ascii_digit());
    if is_number { Ok(digits) } else { Err(unexpected(line, "task ID", text)) }
}

#[cfg(test)]
pub(super) mod tests {
    use std::io::Write;

    use flate2::{Compression, write::GzEncoder};

    use super::*;

    pub(in crate::library::onet) fn gzipped(text: &str) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(text.as_bytes()).unwrap();
        encoder.finish().unwrap()
    }

    fn file(name: &str, content: &[u8]) -> RawFile {
        RawFile { name: name.into(), content: content.to_vec() }
    }

    fn error(name: &str, content: &[u8]) -> String {
        text_of(&file(name, content)).unwrap_err().to_string()
    }

    #[test]
    fn gzip_is_known_by_its_first_bytes() {
        assert_eq!(text_of(&file("a.txt", b"a\tb\n")).unwrap(), "a\tb\n");
        assert_eq!(text_of(&file("a.txt", &gzipped("a\tb\n"))).unwrap(), "a\tb\n");
        assert_eq!(text_of(&file("a.txt.gz", &gzipped("\u{feff}a\n"))).unwrap(), "a\n");
    }

    #[test]
    fn broken_files_are_named() {
        let whole = gzipped(&"some text that is long enough\n".repeat(100));
        assert!(error("a.gz", &whole[..whole.len() / 2]).contains("the gzip data is damaged or cut off"));
        assert!(error("a.gz", &whole[..whole.len() - 2]).contains("line 101: the gzip data is damaged or cut off"));
        assert_eq!(error("a.gz", b"plain\n"), "a.gz: is not gzip, although its name says so");
        assert_eq!(error("a.txt", b"x\ny\n\xff\n"), "a.txt, line 3: is not UTF-8");
        assert!(error("a.txt", b"x\ny\nz").starts_with("a.txt, line 3: the last line has no end"));
        assert!(error("a.txt", b"").starts_with("a.txt, line 1: the last line has no end"));
    }

    #[test]
    fn rows_are_read_by_the_names_of_columns() {
        let mut rows = Vec::new();
        let text = "A\tB\tC\r\n1\tsay \"hi\tx\r\n2\t\ty\r\n";
        for_each_row(text, ["C", "B"], |line, cells| {
            rows.push((line, cells));
            Ok(())
        })
        .unwrap();
        assert_eq!(rows, [(2, ["x", "say \"hi"]), (3, ["y", ""])]);
    }

    #[test]
    fn ragged_rows_and_missing_columns_are_refused() {
        let run = |text: &str| for_each_row(text, ["A", "B"], |_, _| Ok(())).unwrap_err().within("f").to_string();
        assert_eq!(run("A\tC\n1\t2\n"), "f, line 1: there is no column \"B\"");
        assert_eq!(run("A\tB\n1\t2\n1\n"), "f, line 3: 1 columns where the header has 2");
        assert_eq!(run("A\tB\n1\t2\t3\n"), "f, line 2: 3 columns where the header has 2");
    }

    #[test]
    fn codes_and_numbers_are_checked() {
        assert_eq!(checked_code(1, "15-1252.00"), Ok("15-1252.00"));
        assert_eq!(task_number(1, "8823.0"), Ok("8823"));
        assert_eq!(task_number(1, "8823"), Ok("8823"));
        assert_eq!(checked_code(7, "15-1252"), Err(unexpected(7, "O*NET-SOC code", "15-1252")));
        for bad in ["", ".0", "8823.5", "x", "-1"] {
            assert!(task_number(1, bad).is_err(), "{bad}");
        }
    }
}
