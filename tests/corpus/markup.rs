//! Reads annotated texts written with `{{LABEL|words}}`, several to a file. Knows the notation, not the labels.

/// One annotated application.
pub struct Marked {
    /// What the file calls it.
    pub id: String,
    /// Where the candidate's name comes from.
    pub origin: String,
    /// What the ATS sent, as JSON.
    pub identity: String,
    /// The text without the notation.
    pub text: String,
    /// Start and end in characters, and the label.
    pub spans: Vec<(usize, usize, String)>,
}

/// Reads a file: `=== id | origin | identity` before each text.
pub fn read(file: &str) -> Vec<Marked> {
    file.split("=== ")
        .filter(|part| !part.trim().is_empty())
        .filter_map(|part| {
            let (head, body) = part.split_once('\n')?;
            let mut fields = head.splitn(3, " | ").map(str::to_owned);
            let (id, origin, identity) = (fields.next()?, fields.next()?, fields.next()?);
            let (text, spans) = unmark(body);
            Some(Marked { id, origin, identity, text, spans })
        })
        .collect()
}

fn unmark(body: &str) -> (String, Vec<(usize, usize, String)>) {
    let mut text = String::new();
    let mut spans = Vec::new();
    for (number, part) in body.split("{{").enumerate() {
        match part.split_once("}}").filter(|_| number > 0) {
            Some((marked, rest)) => {
                let (label, words) = marked.split_once('|').unwrap_or(("", marked));
                let start = text.chars().count();
                text.push_str(words);
                spans.push((start, text.chars().count(), label.to_owned()));
                text.push_str(rest);
            }
            None => text.push_str(part),
        }
    }
    (text, spans)
}
