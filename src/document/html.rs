//! Web pages: visible words in reading order, with the rest (title, link targets, descriptions, comments, concealed
//! text) kept apart as hidden. Runs nothing and fetches nothing.

use html5gum::{DefaultEmitter, HtmlString, Span, Spanned, StartTag, Token, Tokenizer};

use super::structure::lines_before_heading;
use super::{DocumentText, HiddenPlace, HiddenText, Segment, limits, plain};

/// Reads a web page.
pub(super) fn read(bytes: &[u8]) -> DocumentText {
    // Encodings are settled first, so that the tokenizer sees UTF-8; offsets then count bytes of that text.
    let decoded = plain::read(bytes);
    let mut page = Page {
        document: DocumentText { problems: decoded.problems, ..Default::default() },
        ..Default::default()
    };
    let mut emitter = DefaultEmitter::<usize>::new_with_span();
    emitter.naively_switch_states(true);
    for token in Tokenizer::new_with_emitter(decoded.text.as_str(), emitter) {
        let Ok(token) = token;
        page.take(token);
        if page.document.text.len() > limits::LONGEST_TEXT_BYTES {
            page.document.problems.push(plain::truncated());
            break;
        }
    }
    page.document
}

#[derive(Default)]
struct Page {
    document: DocumentText,
    characters: usize,
    /// Elements whose text is not shown, innermost last.
    unseen: Vec<(Vec<u8>, Option<HiddenPlace>)>,
    /// Depth of preformatted elements.
    preformatted: usize,
    /// White space is owed before the next word.
    owes_space: bool,
}

impl Page {
    fn take(&mut self, token: Token<usize>) {
        match token {
            Token::StartTag(tag) => self.open(&tag),
            Token::EndTag(tag) => self.close(&tag.name),
            Token::String(text) => self.words(&text),
            Token::Comment(comment) => self.hide(HiddenPlace::Comment, &comment),
            Token::Doctype(_) | Token::Error(_) => {}
        }
    }

    fn open(&mut self, tag: &StartTag<usize>) {
        self.attributes(tag);
        let name: &[u8] = &tag.name;
        if let Some(place) = unseen(tag)
            && !tag.self_closing
            && !is_void(name)
        {
            self.unseen.push((name.to_vec(), place));
            return;
        }
        if !self.unseen.is_empty() {
            // Count equal names, so that the right end tag closes.
            if self.unseen.last().is_some_and(|(open, _)| open == name) && !is_void(name) {
                let place = self.unseen.last().and_then(|(_, place)| *place);
                self.unseen.push((name.to_vec(), place));
            }
            return;
        }
        match name {
            b"br" => self.line_end(),
            b"td" | b"th" => self.cell(),
            b"pre" | b"textarea" => {
                self.preformatted += 1;
                self.line_end();
            }
            b"h1" => self.heading(1),
            b"h2" | b"h3" | b"h4" => self.heading(2),
            _ if is_paragraph(name) => self.paragraph(),
            _ if is_block(name) => self.new_line(),
            _ => {}
        }
    }

    fn close(&mut self, name: &[u8]) {
        if let Some((open, _)) = self.unseen.last() {
            if open == name {
                self.unseen.pop();
            }
            return;
        }
        match name {
            b"pre" | b"textarea" => {
                self.preformatted = self.preformatted.saturating_sub(1);
                self.new_line();
            }
            _ if is_paragraph(name) => self.paragraph(),
            _ if is_block(name) => self.new_line(),
            _ => {}
        }
    }

    fn attributes(&mut self, tag: &StartTag<usize>) {
        for (name, value) in &tag.attributes {
            let place = match name.as_slice() {
                b"href" | b"src" | b"action" => HiddenPlace::Link,
                b"alt" | b"title" | b"aria-label" | b"placeholder" => HiddenPlace::AltText,
                b"content" if tag.name.as_slice() == b"meta" => HiddenPlace::Metadata,
                b"value" if tag.name.as_slice() == b"input" => HiddenPlace::Concealed,
                _ => continue,
            };
            self.hide(place, value);
        }
    }

    fn hide(&mut self, place: HiddenPlace, text: &Spanned<HtmlString, usize>) {
        if self.document.hidden.len() >= limits::MOST_HIDDEN_TEXTS {
            return;
        }
        let bytes = text.get(..text.len().min(limits::LONGEST_HIDDEN_TEXT_BYTES));
        let text = String::from_utf8_lossy(bytes.unwrap_or_default()).trim().to_owned();
        if !text.is_empty() {
            self.document.hidden.push(HiddenText { place, text });
        }
    }

    fn words(&mut self, text: &Spanned<HtmlString, usize>) {
        if let Some((_, place)) = self.unseen.last() {
            if let Some(place) = *place {
                self.hide(place, text);
            }
            return;
        }
        let Span { start, end } = text.span;
        let words = String::from_utf8_lossy(text.as_slice());
        let from = self.characters;
        if self.preformatted > 0 {
            self.push(&words);
        } else {
            for (number, word) in words.split([' ', '\n', '\t', '\r', '\u{c}']).enumerate() {
                self.owes_space |= number > 0;
                if !word.is_empty() {
                    self.pay_space();
                    self.push(word);
                }
            }
        }
        if self.characters > from {
            self.document
                .segments
                .push(Segment { text: from..self.characters, source: start..end });
        }
    }

    fn push(&mut self, text: &str) {
        self.document.text.push_str(text);
        self.characters += text.chars().count();
    }

    fn pay_space(&mut self) {
        let fresh =
            self.document.text.is_empty() || self.document.text.ends_with(['\n', '\t', ' ']);
        if self.owes_space && !fresh {
            self.push(" ");
        }
        self.owes_space = false;
    }

    fn line_end(&mut self) {
        self.owes_space = false;
        self.push("\n");
    }

    fn new_line(&mut self) {
        if !self.document.text.is_empty() && !self.document.text.ends_with('\n') {
            self.line_end();
        }
    }

    fn paragraph(&mut self) {
        self.new_line();
        if !self.document.text.is_empty() && !self.document.text.ends_with("\n\n") {
            self.line_end();
        }
    }

    /// Headings are set apart, as `structure` expects of them.
    fn heading(&mut self, level: usize) {
        self.new_line();
        let text = &self.document.text;
        let there = text.len() - text.trim_end_matches('\n').len();
        if there < text.len() {
            for _ in there..lines_before_heading(level) {
                self.line_end();
            }
        }
    }

    fn cell(&mut self) {
        self.owes_space = false;
        if !self.document.text.is_empty() && !self.document.text.ends_with(['\n', '\t']) {
            self.push("\t");
        }
    }
}

/// Whether an element's text is not shown, and if it may still tell something, where to keep it.
fn unseen(tag: &StartTag<usize>) -> Option<Option<HiddenPlace>> {
    let attribute = |name: &[u8]| {
        tag.attributes
            .iter()
            .find(|(known, _)| known.as_slice() == name)
            .map(|(_, value)| String::from_utf8_lossy(value).to_ascii_lowercase().replace(' ', ""))
    };
    match tag.name.as_slice() {
        b"script" | b"style" | b"template" | b"noscript" | b"svg" => Some(None),
        b"title" => Some(Some(HiddenPlace::Title)),
        _ => {
            let style = attribute(b"style").unwrap_or_default();
            let concealed = style.contains("display:none")
                || style.contains("visibility:hidden")
                || style.contains("font-size:0")
                || attribute(b"hidden").is_some();
            concealed.then_some(Some(HiddenPlace::Concealed))
        }
    }
}

fn is_void(name: &[u8]) -> bool {
    matches!(
        name,
        b"br"
            | b"hr"
            | b"img"
            | b"input"
            | b"meta"
            | b"link"
            | b"area"
            | b"base"
            | b"col"
            | b"wbr"
            | b"embed"
            | b"source"
            | b"track"
    )
}

fn is_paragraph(name: &[u8]) -> bool {
    matches!(
        name,
        b"p" | b"h1"
            | b"h2"
            | b"h3"
            | b"h4"
            | b"h5"
            | b"h6"
            | b"table"
            | b"ul"
            | b"ol"
            | b"dl"
            | b"section"
            | b"article"
            | b"blockquote"
            | b"header"
            | b"footer"
            | b"hr"
    )
}

fn is_block(name: &[u8]) -> bool {
    matches!(
        name,
        b"div"
            | b"li"
            | b"tr"
            | b"dt"
            | b"dd"
            | b"address"
            | b"fieldset"
            | b"legend"
            | b"form"
            | b"main"
            | b"body"
            | b"nav"
            | b"aside"
            | b"figure"
            | b"figcaption"
            | b"caption"
            | b"option"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn visible_words_keep_their_lines_and_cells() {
        let page = "<html><head><title>CV of Jo</title><style>p{}</style></head><body><h1>Jo&nbsp;Bell</h1><p>One <b>two</b>\n three<br>four</p><table><tr><th>Name</th><td>Jo</td></tr><tr><td>A</td><td>B</td></tr></table></body>";
        let document = read(page.as_bytes());
        assert_eq!(
            document.text.trim_end(),
            "Jo\u{a0}Bell\n\nOne two three\nfour\n\nName\tJo\nA\tB"
        );
    }

    #[test]
    fn identity_outside_the_visible_words_is_kept_as_hidden() {
        let page = "<title>CV of Jo</title><!-- by jbell --><a href='mailto:jo@example.com'>mail</a><img alt='Jo smiling'><span style='display: none'>Secret <b>x</b></span>end";
        let document = read(page.as_bytes());
        let hidden: Vec<(HiddenPlace, &str)> =
            document.hidden.iter().map(|hidden| (hidden.place, hidden.text.as_str())).collect();
        assert_eq!(
            hidden,
            [
                (HiddenPlace::Title, "CV of Jo"),
                (HiddenPlace::Comment, "by jbell"),
                (HiddenPlace::Link, "mailto:jo@example.com"),
                (HiddenPlace::AltText, "Jo smiling"),
                (HiddenPlace::Concealed, "Secret"),
                (HiddenPlace::Concealed, "x"),
            ]
        );
        assert_eq!(document.text, "mailend");
    }

    #[test]
    fn segments_lead_back_to_the_source() {
        let document = read(b"<p>ab</p><p>cd</p>");
        let source = &document.segments[1].source;
        assert_eq!(&b"<p>ab</p><p>cd</p>"[source.clone()], b"cd");
    }
}
