//! A clean document as plain text: the words as they stand, without characters that nobody sees.

use super::CleanDocument;

/// Writes plain text.
pub(super) fn write(document: &CleanDocument<'_>) -> String {
    let mut out = String::new();
    for part in document.parts {
        if !out.is_empty() {
            out.push('\n');
        }
        if !part.heading.trim().is_empty() {
            out.extend(part.heading.chars().filter(|c| is_seen(*c)));
            out.push_str("\n\n");
        }
        for line in part.text.lines() {
            let seen: String = line.chars().filter(|c| is_seen(*c)).collect();
            out.push_str(seen.trim_end());
            out.push('\n');
        }
    }
    out
}

/// Marks of direction, joiners and control characters carry nothing that a reader needs, and can carry something else.
pub(super) fn is_seen(c: char) -> bool {
    c == '\t'
        || !c.is_control()
            && !matches!(c,
                '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}'
                | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
                | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}
