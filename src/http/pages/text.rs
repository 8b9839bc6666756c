//! Redacted text as HTML: paragraphs, headings and lists as the candidate set them, and quiet labels where words were
//! removed. Knows how plain text looks, not what it says.

use std::sync::LazyLock;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use maud::{Markup, html};
use regex::Regex;

use crate::messages::Messages;

/// `[NAME]`, `[REFEREE 1]`, `[SECONDARY SCHOOL]`: capitals, digits and a few marks in square brackets.
static REMOVED: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"\[([A-Z][A-Z0-9 /&'’.,+-]{0,48})\]").ok());

/// A date in words.
pub(crate) fn long_date(words: &Messages, at: Timestamp) -> String {
    // A machine without time zone data shows the day in UTC, which differs for an hour around a summer midnight.
    let zone = TimeZone::get("Europe/London").unwrap_or(TimeZone::UTC);
    let day = at.to_zoned(zone);
    let count = |number: i64| usize::try_from(number).unwrap_or_default();
    words.fill(
        "date-long",
        &[
            ("day", count(i64::from(day.day())).into()),
            ("month", count(i64::from(day.month())).into()),
            // As a text: a year is not a count, and must not get a thousands separator.
            ("year", (&day.year().to_string()).into()),
        ],
    )
}

/// A block of redacted text.
enum Block {
    Heading(String),
    Bullets(Vec<String>),
    Lines(Vec<String>),
}

/// Redacted text, readable.
pub(super) fn redacted(words: &Messages, text: &str) -> Markup {
    html! {
        @for block in blocks(text) {
            @match block {
                Block::Heading(line) => p.text-heading { (marked(words, &line)) },
                Block::Bullets(items) => ul { @for item in items { li { (marked(words, &item)) } } },
                Block::Lines(lines) => {
                    p {
                        @for (index, line) in lines.into_iter().enumerate() {
                            @if index > 0 { br; }
                            (marked(words, &line))
                        }
                    }
                }
            }
        }
    }
}

/// A removed word as the panel sees it: a label for the eye, "… removed" for the ear.
pub(super) fn removed(words: &Messages, label: &str) -> Markup {
    html! {
        span.removed {
            (label.to_lowercase())
            span.unseen { " " (words.text("pack-removed")) }
        }
    }
}

fn marked(words: &Messages, line: &str) -> Markup {
    let mut rest = line;
    let mut parts: Vec<(&str, Option<&str>)> = Vec::new();
    if let Some(pattern) = REMOVED.as_ref() {
        while let Some(found) = pattern.captures(rest) {
            let (Some(whole), Some(label)) = (found.get(0), found.get(1)) else { break };
            let before = rest.get(..whole.start()).unwrap_or_default();
            parts.push((before, Some(label.as_str())));
            rest = rest.get(whole.end()..).unwrap_or_default();
        }
    }
    html! {
        @for (before, label) in parts {
            (before)
            @if let Some(label) = label { (removed(words, label)) }
        }
        (rest)
    }
}

/// Blank lines part paragraphs; a short line in capitals heads what follows, and so does a question that opens a
/// paragraph; lines that begin with a mark are a list.
fn blocks(text: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut lines: Vec<&str> = Vec::new();
    // Whether the line before is a list item that may go on in this one.
    let mut in_item = false;
    for line in text.lines().map(str::trim) {
        let (line, underlined) = without_marks(line);
        let item = bullet(line);
        let heading = underlined || is_heading(line) || (lines.is_empty() && is_question(line));
        if line.is_empty() || item.is_some() || heading {
            close(&mut blocks, &mut lines);
        }
        match (item, blocks.last_mut()) {
            (Some(item), Some(Block::Bullets(items))) => items.push(item.to_owned()),
            (Some(item), _) => blocks.push(Block::Bullets(vec![item.to_owned()])),
            (None, _) if line.is_empty() => {}
            (None, _) if heading => blocks.push(Block::Heading(line.to_owned())),
            (None, Some(Block::Bullets(items))) if in_item => {
                if let Some(item) = items.last_mut() {
                    item.push(' ');
                    item.push_str(line);
                }
            }
            (None, _) => lines.push(line),
        }
        let goes_on = in_item && !line.is_empty() && !heading;
        in_item = (item.is_some() || goes_on) && is_long(line);
    }
    close(&mut blocks, &mut lines);
    blocks
}

/// `== About you ==`, `## About you` and `**About you**` are headings; a line of marks alone parts paragraphs.
fn without_marks(line: &str) -> (&str, bool) {
    const MARKS: [char; 6] = ['=', '#', '*', '_', '-', '~'];
    let inner = line.trim_matches(MARKS).trim();
    let marked = line.starts_with("# ")
        || MARKS
            .iter()
            .any(|mark| line.starts_with([*mark; 2].iter().collect::<String>().as_str()));
    match (marked, inner.is_empty()) {
        (true, true) => ("", false),
        (true, false) if inner.chars().count() <= 70 => (inner, true),
        _ => (line, false),
    }
}

/// Ends a paragraph. Letters are wrapped where a screen once ended, and flow; forms and CVs are written in lines,
/// which stay. All lines but the last of wrapped text are long, and none starts with a label like "Telephone:".
fn close(blocks: &mut Vec<Block>, lines: &mut Vec<&str>) {
    let lines = std::mem::take(lines);
    let Some((last, others)) = lines.split_last() else { return };
    let wrapped = others.iter().all(|line| is_long(line))
        && !others.iter().skip(1).chain([last]).any(|line| starts_with_label(line));
    let mut kept: Vec<String> = Vec::new();
    let mut after_long = false;
    for line in &lines {
        let goes_on = after_long && (wrapped || line.starts_with(char::is_lowercase));
        match kept.last_mut() {
            Some(before) if goes_on => {
                before.push(' ');
                before.push_str(line);
            }
            _ => kept.push((*line).to_owned()),
        }
        after_long = is_long(line);
    }
    blocks.push(Block::Lines(kept));
}

/// Text is wrapped at 65 to 80 characters, of which a removed word may have taken some.
fn is_long(line: &str) -> bool {
    line.chars().count() >= 48
}

fn starts_with_label(line: &str) -> bool {
    line.split_once(':').is_some_and(|(label, _)| {
        (1..=40).contains(&label.chars().count()) && label.starts_with(char::is_uppercase)
    })
}

fn is_question(line: &str) -> bool {
    line.ends_with('?') && line.chars().count() <= 90
}

fn bullet(line: &str) -> Option<&str> {
    ["- ", "* ", "• ", "– ", "· ", "▪ ", "◦ ", "•\t"]
        .iter()
        .find_map(|mark| line.strip_prefix(mark))
        .map(str::trim)
        .filter(|item| !item.is_empty())
}

fn is_heading(line: &str) -> bool {
    if line.chars().count() > 70 {
        return false;
    }
    // The labels of removed words are in capitals too and say nothing about the line.
    let own = REMOVED.as_ref().map_or(line.into(), |pattern| pattern.replace_all(line, ""));
    let letters = || own.chars().filter(|c| c.is_alphabetic());
    letters().count() >= 4 && letters().all(char::is_uppercase)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> String {
        redacted(&Messages::english(), text).into_string()
    }

    #[test]
    fn removed_words_become_labels_that_say_so() {
        let label = |word: &str| {
            format!("<span class=\"removed\">{word}<span class=\"unseen\"> removed</span></span>")
        };
        for (text, expected) in [
            ("I, [NAME], apply.", format!("<p>I, {}, apply.</p>", label("name"))),
            ("[REFEREE 1][NAME]", format!("<p>{}{}</p>", label("referee 1"), label("name"))),
            ("see [1] and [sic]", "<p>see [1] and [sic]</p>".to_owned()),
            ("[NAME and", "<p>[NAME and</p>".to_owned()),
        ] {
            assert_eq!(shown(text), expected);
        }
    }

    #[test]
    fn what_a_candidate_writes_is_never_html() {
        let page = shown("<script>alert(1)</script> & \"[NAME]\"");
        assert!(page.contains("&lt;script&gt;") && !page.contains("<script>"), "{page}");
    }

    #[test]
    fn paragraphs_headings_and_lists_keep_their_shape() {
        let text = "EMPLOYMENT HISTORY\nWarden\n2019 to now\n\nI walk far.\n- tides\n- gates\n\nREFEREES: [REFEREE 1]";
        let page = shown(text);
        assert!(
            page.starts_with(
                "<p class=\"text-heading\">EMPLOYMENT HISTORY</p><p>Warden<br>2019 to now</p>"
            ),
            "{page}"
        );
        assert!(page.contains("<ul><li>tides</li><li>gates</li></ul>"), "{page}");
        assert!(page.contains("<p class=\"text-heading\">REFEREES: "), "{page}");
        assert!(
            shown("What are you good at?\nSums.").contains("text-heading\">What are"),
            "a question heads its answer"
        );
        for heading in ["== About you ==", "## About you", "**About you**", "# About you"] {
            assert_eq!(shown(heading), "<p class=\"text-heading\">About you</p>");
        }
        assert_eq!(shown("one\n-----\ntwo"), "<p>one</p><p>two</p>");
        assert_eq!(shown("-5 degrees"), "<p>-5 degrees</p>");
        assert!(shown("[NAME] [NAME]").starts_with("<p><span"), "labels alone are no heading");
        assert!(shown("IT").starts_with("<p>IT"), "two letters are no heading");
    }

    #[test]
    fn wrapped_lines_flow_and_lines_of_forms_stay() {
        let letter = "I have kept the gates of this river for eleven years and know what the\nwater does in March.";
        assert_eq!(shown(letter).matches("<br>").count(), 0);
        let cv = "Sessional warden, lower river, April to now, thirty hours a week\nGate keeper\nUpper river, two summers, and the winter of the great flood too\nPilot";
        assert_eq!(shown(cv).matches("<br>").count(), 3, "{}", shown(cv));
        let form = "Post: Warden of the lower river, with standby duties every third week\nGrade: E\nHours: 37";
        assert_eq!(shown(form).matches("<br>").count(), 2);
        let list = "- walked every metre of the embankment between the two stations twice\nin each month\n- kept the log";
        assert!(
            shown(list).contains("twice in each month</li><li>kept the log</li>"),
            "{}",
            shown(list)
        );
    }

    #[test]
    fn dates_are_written_out() {
        let words = Messages::english();
        for (at, expected) in
            [("2026-03-02T09:30:00Z", "2 March 2026"), ("2026-12-31T23:59:00Z", "31 December 2026")]
        {
            assert_eq!(long_date(&words, at.parse().unwrap()), expected);
        }
    }
}
