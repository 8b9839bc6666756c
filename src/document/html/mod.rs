//! Web pages: visible words in reading order, with the rest (title, link targets, descriptions, comments, concealed
//! text) kept apart as hidden. Runs nothing and fetches nothing.

mod elements;
mod lists;

use html5gum::{DefaultEmitter, HtmlString, Span, Spanned, StartTag, Token, Tokenizer};

use self::elements::{attribute, is_block, is_paragraph, is_void, unseen};
use self::lists::Lists;
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
    lists: Lists,
    /// The bullet or number that is owed before the next word.
    mark: Option<String>,
    /// Depth of drawings.
    drawings: usize,
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
        if let Some(place) = unseen(tag, self.drawings > 0)
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
            b"ul" | b"ol" => {
                self.lists.open(tag);
                self.paragraph();
            }
            b"li" => {
                self.new_line();
                self.mark = self.lists.mark(tag);
            }
            b"svg" if !tag.self_closing => {
                self.drawings += 1;
                self.new_line();
            }
            b"input" => self.input(tag),
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
            b"svg" => {
                self.drawings = self.drawings.saturating_sub(1);
                self.new_line();
            }
            b"ul" | b"ol" => {
                self.lists.close();
                self.mark = None;
                self.paragraph();
            }
            _ if is_paragraph(name) => self.paragraph(),
            _ if is_block(name) => self.new_line(),
            _ => {}
        }
    }

    /// A box of a form: what stands in it is seen.
    fn input(&mut self, tag: &StartTag<usize>) {
        let kind = attribute(tag, b"type").unwrap_or_default();
        match kind.as_str() {
            "hidden" | "password" | "image" | "file" => {
                self.hide_value(tag);
                return;
            }
            "checkbox" | "radio" => {
                self.hide_value(tag);
                let ticked = attribute(tag, b"checked").is_some();
                self.pay_space();
                self.push(if ticked { "☒" } else { "☐" });
            }
            _ => {
                let value = tag.attributes.iter().find(|(name, _)| name.as_slice() == b"value");
                if let Some((_, value)) = value {
                    self.owes_space = true;
                    self.words(value);
                }
            }
        }
        self.owes_space = true;
    }

    fn hide_value(&mut self, tag: &StartTag<usize>) {
        for (_, value) in tag.attributes.iter().filter(|(name, _)| name.as_slice() == b"value") {
            self.hide(HiddenPlace::Concealed, value);
        }
    }

    fn attributes(&mut self, tag: &StartTag<usize>) {
        for (name, value) in &tag.attributes {
            let place = match name.as_slice() {
                b"href" | b"src" | b"action" => HiddenPlace::Link,
                b"alt" | b"title" | b"aria-label" | b"placeholder" => HiddenPlace::AltText,
                b"content" if tag.name.as_slice() == b"meta" && !is_technical(tag) => {
                    HiddenPlace::Metadata
                }
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
        let mut from = self.characters;
        // A place where a word may be parted is not seen.
        let words = words.replace('\u{ad}', "");
        if self.preformatted > 0 {
            self.push(&words);
        } else {
            for (number, word) in words.split([' ', '\n', '\t', '\r', '\u{c}']).enumerate() {
                self.owes_space |= number > 0;
                if !word.is_empty() {
                    let before = self.characters;
                    self.pay_space();
                    // A bullet is no part of what the source says.
                    if from == before {
                        from = self.characters;
                    }
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
        if let Some(mark) = self.mark.take() {
            self.push(&mark);
            self.owes_space = true;
        }
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
        // The first paragraph of an item stands beside its bullet.
        let text = &self.document.text;
        if self.mark.is_none() && !text.is_empty() && !text.ends_with("\n\n") {
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

/// Whether a statement about the page names programs, encodings or dates, never people.
fn is_technical(tag: &StartTag<usize>) -> bool {
    let kind = attribute(tag, b"name").or_else(|| attribute(tag, b"http-equiv"));
    kind.is_some_and(|kind| {
        let kinds = ["generator", "viewport", "content-type", "created", "changed", "robots"];
        kinds.contains(&kind.as_str()) || kind.starts_with("x-") || kind.contains("color")
    })
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
    fn lists_boxes_and_drawings_say_what_is_seen() {
        for (page, text) in [
            ("<ul><li>One<li><p>Two</p></ul>after", "• One\n• Two\n\nafter"),
            ("<ol start=3><li>a</li><li value='7'>b</li><li>c</li></ol>", "3. a\n7. b\n8. c"),
            ("<ol type=i><li>a<ol type=A><li>b</ol><li>c</ol>", "i. a\n\nA. b\n\nii. c"),
            ("<ul style='list-style: none'><li>a</li><li></li></ul>", "a"),
            (
                "<label>Name</label><input value='Jo Bell'> <input type=checkbox checked> yes",
                "Name Jo Bell ☒ yes",
            ),
            ("<svg><title>t</title><text x=1>Jo</text><text>Bell</text></svg>", "Jo\nBell"),
            ("dif&shy;ficult <del>six</del> seven", "difficult seven"),
        ] {
            assert_eq!(read(page.as_bytes()).text.trim_end(), text, "{page}");
        }
        let page = "<input type=hidden value=secret><meta name=author content='Jo Bell'><meta name=generator content=Writer>\
                    <svg><title>Jo smiling</title></svg><del>Delroy</del>";
        let document = read(page.as_bytes());
        let hidden: Vec<&str> = document.hidden.iter().map(|hidden| hidden.text.as_str()).collect();
        assert_eq!(hidden, ["secret", "Jo Bell", "Jo smiling", "Delroy"]);
    }

    #[test]
    fn segments_lead_back_to_the_source() {
        let document = read(b"<p>ab</p><p>cd</p>");
        let source = &document.segments[1].source;
        assert_eq!(&b"<p>ab</p><p>cd</p>"[source.clone()], b"cd");
    }
}
