//! Texts that no spreadsheet takes for a formula. Knows no report.

/// A text with a quote before it where a spreadsheet would run it. White space and marks that programs skip before
/// they look for a formula do not hide one.
pub fn disarmed(text: &str) -> String {
    let skipped = |c: char| c.is_whitespace() || c.is_control() || c == '\u{feff}';
    let start = text.trim_start_matches(skipped);
    // Full-width forms are taken for their usual ones by spreadsheets in East Asian settings.
    let is_formula =
        start.starts_with(['=', '+', '-', '@', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}']);
    if is_formula || text.starts_with(['\t', '\r', '\n']) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::disarmed;

    #[test]
    fn what_a_spreadsheet_would_run_is_disarmed_and_nothing_else_is_touched() {
        for text in
            ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "\u{feff}=1", "\u{ff1d}1"]
        {
            assert_eq!(disarmed(text), format!("'{text}"));
        }
        for text in ["White: British", "A-level", "", "1 = 1", "65+"] {
            assert_eq!(disarmed(text), text);
        }
    }
}
