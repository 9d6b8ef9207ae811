//! The check on the text of a document, before anything parses it.

use super::{GuardLimits, Refusal, RefusalCode};

/// Refuses a text that is too long, has too many words, or nests brackets too deep.
///
/// Brackets within strings, block strings and comments do not count. Takes time linear in the length, and no stack.
///
/// # Errors
///
/// `PayloadTooLarge` for the length, `QueryTooComplex` for words and nesting, `ParseFailed` for a string that never
/// ends.
pub fn check_text(document: &str, limits: &GuardLimits) -> Result<(), Refusal> {
    if document.len() > limits.document_bytes {
        let message = format!(
            "The document has {} bytes; the limit is {}. Send values as variables, or split the document.",
            document.len(),
            limits.document_bytes
        );
        return Err(Refusal::new(RefusalCode::PayloadTooLarge, message));
    }
    let mut scanner = Scanner { rest: document.as_bytes(), depth: 0, tokens: 0, in_word: false };
    while let Some((&byte, rest)) = scanner.rest.split_first() {
        scanner.rest = rest;
        scanner.step(byte)?;
        scanner.check(limits)?;
    }
    Ok(())
}

/// Reads the text byte by byte. All that matters is ASCII, and no byte of a longer UTF-8 character is.
struct Scanner<'a> {
    rest: &'a [u8],
    depth: usize,
    tokens: usize,
    in_word: bool,
}

impl Scanner<'_> {
    fn step(&mut self, byte: u8) -> Result<(), Refusal> {
        match byte {
            b'#' => self.skip_comment(),
            b'"' => {
                self.mark();
                self.skip_string()?;
            }
            b'{' | b'[' | b'(' => {
                self.mark();
                self.depth += 1;
            }
            b'}' | b']' | b')' => {
                self.mark();
                self.depth = self.depth.saturating_sub(1);
            }
            b' ' | b',' | b'\t' | b'\r' | b'\n' => self.in_word = false,
            b':' | b'!' | b'$' | b'@' | b'=' | b'|' | b'&' => self.mark(),
            _ => {
                self.tokens += usize::from(!self.in_word);
                self.in_word = true;
            }
        }
        Ok(())
    }

    fn check(&self, limits: &GuardLimits) -> Result<(), Refusal> {
        let (nesting, tokens) = (limits.safe_nesting() as u64, limits.tokens as u64);
        let advice = "Send values as variables, and select less deep.";
        Refusal::above(nesting, self.depth as u64, "Levels of brackets in the document, at least", advice)?;
        let advice = "Send values as variables, or split the document.";
        Refusal::above(tokens, self.tokens as u64, "Words and marks in the document, at least", advice)
    }

    /// Counts a token that is no word.
    fn mark(&mut self) {
        self.tokens += 1;
        self.in_word = false;
    }

    fn skip_comment(&mut self) {
        self.in_word = false;
        let end = self.rest.iter().position(|byte| matches!(byte, b'\n' | b'\r'));
        self.rest = end.map_or(&[], |end| &self.rest[end..]);
    }

    /// Skips a string whose opening quote has been read.
    ///
    /// A string that never ends must be refused here. The engine's parser reads a block string without end as an empty
    /// string and a second one, and would go on to brackets that were skipped here.
    fn skip_string(&mut self) -> Result<(), Refusal> {
        let end = if let Some(block) = self.rest.strip_prefix(b"\"\"") {
            end_of_block_string(block).map(|end| end + 2)
        } else {
            end_of_string(self.rest)
        };
        let Some(rest) = end.and_then(|end| self.rest.get(end..)) else {
            let message = "A string in the document has no closing quote.";
            return Err(Refusal::new(RefusalCode::ParseFailed, message));
        };
        self.rest = rest;
        Ok(())
    }
}

/// Where the text after a string's closing quote starts.
fn end_of_string(text: &[u8]) -> Option<usize> {
    let mut at = 0;
    loop {
        match text.get(at)? {
            b'"' => return Some(at + 1),
            b'\n' | b'\r' => return None,
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
}

/// Where the text after a block string's closing quotes starts.
fn end_of_block_string(text: &[u8]) -> Option<usize> {
    let mut at = 0;
    loop {
        let rest = text.get(at..)?;
        if rest.starts_with(b"\"\"\"") {
            return Some(at + 3);
        }
        at += if rest.starts_with(b"\\\"\"\"") { 4 } else { 1 };
        if at >= text.len() {
            return None;
        }
    }
}
