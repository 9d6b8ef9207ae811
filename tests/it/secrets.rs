//! Secrets of the form that the server gives out, as somebody who reads its source would make them.

/// The text followed by its CRC-32 (IEEE) in eight hexadecimal digits.
pub(crate) fn with_checksum(text: &str) -> String {
    let mut crc = u32::MAX;
    for byte in text.bytes() {
        crc ^= u32::from(byte);
        for _ in 0..8 {
            crc = if crc & 1 == 1 { (crc >> 1) ^ 0xedb8_8320 } else { crc >> 1 };
        }
    }
    format!("{text}{:08x}", !crc)
}
