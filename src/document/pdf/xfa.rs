//! What was filled in to a form that is kept as XML (XFA): the values of its data, each with the caption that the
//! form's template gives it. Runs no script and draws no template.

use std::collections::HashMap;

use lopdf::{Object, Stream};

use super::fields;
use super::file::File;
use super::markup::{self, Element, Markup};

/// Elements and texts of all packets.
const MOST_EVENTS: usize = 400_000;
/// Values of one form.
const MOST_VALUES: usize = 10_000;
/// The longest answer that is kept whole.
const LONGEST_VALUE_BYTES: usize = 64 * 1024;

/// What was filled in to one field.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Filled {
    /// What the form's data call the field.
    pub(super) name: String,
    /// What stands beside it on the form, or its name in words.
    pub(super) label: String,
    /// What was filled in.
    pub(super) text: String,
}

/// Everything that was filled in, in the order of the form.
pub(super) fn values(file: &File) -> Vec<Filled> {
    let mut form = Form::default();
    for packet in packets(file) {
        let content = file.unpack(packet);
        markup::read(&content, MOST_EVENTS.saturating_sub(form.events), |part| form.take(part));
        form.open.clear();
    }
    form.finish()
}

/// The packets: one stream, or names and streams by turns.
fn packets(file: &File) -> Vec<&Stream> {
    match fields::form(file).and_then(|form| file.get(form, b"XFA")) {
        Some(Object::Stream(whole)) => vec![whole],
        Some(Object::Array(parts)) => parts
            .iter()
            .take(100)
            .filter_map(|part| match file.resolve(part) {
                Object::Stream(stream) => Some(stream),
                _ => None,
            })
            .collect(),
        _ => Vec::new(),
    }
}

/// A field of the template.
#[derive(Default)]
struct Field {
    name: String,
    caption: String,
    tip: String,
    ticks: bool,
    /// Whether it holds its buttons, of which one is chosen.
    is_group: bool,
    /// What can be chosen, and what is stored for it.
    shown: Vec<String>,
    stored: Vec<String>,
}

/// A value of the data while its element is open.
#[derive(Default)]
struct Value {
    name: String,
    text: String,
    has_members: bool,
    is_picture: bool,
}

/// A form while it is read.
#[derive(Default)]
struct Form {
    events: usize,
    open: Vec<String>,
    /// Fields of the template that are open: a field within its group.
    fields: Vec<Field>,
    stores: bool,
    known: HashMap<String, Field>,
    values: Vec<Value>,
    filled: Vec<(String, String)>,
}

impl Form {
    fn take(&mut self, part: Markup) {
        self.events += 1;
        match part {
            Markup::Open(element) => {
                if self.is_in_data() {
                    self.open_value(&element);
                } else {
                    self.open_field(&element);
                }
                self.open.push(element.name);
            }
            Markup::Text(text) if self.is_in_data() => {
                if let Some(value) = self.values.last_mut()
                    && value.text.len() < LONGEST_VALUE_BYTES
                {
                    value.text.push_str(&text);
                }
            }
            Markup::Text(text) => self.say(&text),
            Markup::Close => self.close(),
        }
    }

    fn is_in_data(&self) -> bool {
        let data = self.open.iter().position(|name| name == "datasets");
        data.is_some_and(|at| self.open.get(at + 1).is_some_and(|name| name == "data"))
    }

    fn is_in(&self, name: &str) -> bool {
        self.open.iter().any(|open| open == name)
    }

    fn open_value(&mut self, element: &Element) {
        // Rich text: its paragraphs are lines of the value.
        if element.name == "body" || self.is_in("body") {
            if let Some(value) = self.values.last_mut() {
                markup::break_line(element, &mut value.text);
            }
            return;
        }
        if let Some(owner) = self.values.last_mut() {
            owner.has_members = true;
        }
        let kind = element.attribute("contentType").unwrap_or_default();
        self.values.push(Value {
            name: element.name.clone(),
            is_picture: kind.starts_with("image"),
            ..Value::default()
        });
    }

    fn open_field(&mut self, element: &Element) {
        match element.name.as_str() {
            "field" | "exclGroup" => self.fields.push(Field {
                name: element.attribute("name").unwrap_or_default().to_owned(),
                is_group: element.name == "exclGroup",
                ..Field::default()
            }),
            "bind" => {
                let bound =
                    element.attribute("ref").and_then(|path| path.rsplit(['.', '/']).next());
                if let (Some(field), Some(bound)) = (self.fields.last_mut(), bound) {
                    let name = bound.split('[').next().unwrap_or(bound).trim_start_matches('$');
                    name.clone_into(&mut field.name);
                }
            }
            "checkButton" => {
                if let Some(field) = self.fields.last_mut() {
                    field.ticks = true;
                }
            }
            "items" => self.stores = element.attribute("save") == Some("1"),
            _ => {}
        }
    }

    /// Words of the template.
    fn say(&mut self, text: &str) {
        let (caption, tip, items) =
            (self.is_in("caption"), self.is_in("toolTip"), self.is_in("items"));
        let stores = self.stores;
        let Some(field) = self.fields.last_mut().filter(|_| !text.trim().is_empty()) else {
            return;
        };
        if caption {
            field.caption.push_str(text);
        } else if tip {
            field.tip.push_str(text);
        } else if items {
            let list = if stores { &mut field.stored } else { &mut field.shown };
            list.push(text.trim().to_owned());
        }
    }

    fn close(&mut self) {
        let in_data = self.is_in_data();
        let Some(closed) = self.open.pop() else { return };
        if in_data {
            let rich = closed == "body" || self.is_in("body");
            // Also true of the element of all data, which is no value.
            if !rich && let Some(value) = self.values.pop() {
                self.keep(value);
            }
        } else if matches!(closed.as_str(), "field" | "exclGroup")
            && let Some(field) = self.fields.pop()
        {
            self.know(field);
        }
    }

    fn keep(&mut self, value: Value) {
        let text = value.text.trim();
        // Pictures of signatures and photographs.
        let encoded = value.is_picture || text.len() > 300 && !text.contains(char::is_whitespace);
        if !value.has_members && !text.is_empty() && !encoded && self.filled.len() < MOST_VALUES {
            self.filled.push((value.name, text.to_owned()));
        }
    }

    /// Remembers a field; a button within a group says what choosing it means.
    fn know(&mut self, field: Field) {
        if let Some(group) = self.fields.last_mut().filter(|group| group.is_group) {
            let stored = field.stored.first().or(field.shown.first());
            group.stored.push(stored.cloned().unwrap_or_default());
            group.shown.push(field.caption.trim().to_owned());
        } else if self.known.len() < MOST_VALUES {
            self.known.entry(field.name.clone()).or_insert(field);
        }
    }

    fn finish(mut self) -> Vec<Filled> {
        let filled = std::mem::take(&mut self.filled);
        filled
            .into_iter()
            .map(|(name, text)| {
                let field = self.known.get(&name);
                let label = field
                    .map(|field| [&field.caption, &field.tip])
                    .and_then(|words| words.into_iter().find(|words| !words.trim().is_empty()))
                    .map_or_else(|| in_words(&name), |label| one_line(label));
                let text = field.map_or_else(|| text.clone(), |field| field.displayed(&text));
                Filled { name, label, text }
            })
            .collect()
    }
}

impl Field {
    /// What the form shows for a stored value.
    fn displayed(&self, stored: &str) -> String {
        if self.ticks {
            let on = self.stored.first().or(self.shown.first()).map_or("1", String::as_str);
            return if stored == on { "[x]" } else { "[ ]" }.to_owned();
        }
        let place = self.stored.iter().position(|value| value == stored);
        let shown = place.and_then(|place| self.shown.get(place)).filter(|shown| !shown.is_empty());
        shown.map_or_else(|| stored.to_owned(), Clone::clone)
    }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A name of data in words: "HomePhone", "home_phone[0]".
pub(super) fn in_words(name: &str) -> String {
    let mut words = String::new();
    let mut before = ' ';
    for letter in name.split('[').next().unwrap_or_default().chars() {
        if letter.is_uppercase() && before.is_lowercase() {
            words.push(' ');
        }
        words.push(if matches!(letter, '_' | '-' | '.') { ' ' } else { letter });
        before = letter;
    }
    one_line(&words)
}

/// Words with a single space between them and without regard to case, so that a value is known again.
pub(super) fn folded(text: &str) -> String {
    one_line(&text.to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(packets: &[&str]) -> Vec<(String, String)> {
        let mut form = Form::default();
        for packet in packets {
            markup::read(packet.as_bytes(), 10_000, |part| form.take(part));
            form.open.clear();
        }
        form.finish().into_iter().map(|filled| (filled.label, filled.text)).collect()
    }

    #[test]
    fn values_stand_under_the_captions_of_their_fields() {
        let template = "<template><subform name='form1'>\
            <field name='GivenName'><ui><textEdit/></ui><caption><value><text>First name(s)</text></value></caption></field>\
            <field name='f2'><bind match='dataRef' ref='$.person.Surname'/><assist><toolTip>Family name</toolTip></assist></field>\
            <field name='Region'><ui><choiceList/></ui><items><text>East</text><text>West</text></items>\
              <items save='1'><text>e</text><text>w</text></items></field>\
            <field name='Drives'><ui><checkButton/></ui><caption><value><text>I drive</text></value></caption>\
              <items><integer>1</integer><integer>0</integer></items></field>\
            <exclGroup name='Shift'><field><ui><checkButton/></ui><caption><value><text>Nights</text></value></caption>\
              <items><text>n</text></items></field><field><ui><checkButton/></ui><caption><value><text>Days</text></value></caption>\
              <items><text>d</text></items></field></exclGroup>\
            <field name='Why'/></subform></template>";
        let data = "<xfa:datasets><xfa:data><form1><GivenName>Jo &amp; Si&#226;n</GivenName><person><Surname>Bell</Surname></person>\
            <Region>w</Region><Drives>1</Drives><Shift>d</Shift>\
            <Why><body xmlns='http://www.w3.org/1999/xhtml'><p>I lead <b>well</b>.</p><p>I listen.</p></body></Why>\
            <Empty/><Photo xfa:contentType='image/png'>aGVsbG8=</Photo><home_townName>Hull</home_townName></form1></xfa:data>\
            <dd:dataDescription><form1><GivenName>not a value</GivenName></form1></dd:dataDescription></xfa:datasets>";
        let expected = [
            ("First name(s)", "Jo & Siân"),
            ("Family name", "Bell"),
            ("Region", "West"),
            ("I drive", "[x]"),
            ("Shift", "Days"),
            ("Why", "I lead well.\nI listen."),
            ("home town Name", "Hull"),
        ]
        .map(|(label, text)| (label.to_owned(), text.to_owned()));
        assert_eq!(read(&[template, data]), expected);
        let whole = format!("<xdp:xdp>{template}{data}</xdp:xdp>");
        assert_eq!(read(&[&whole]), expected);
        // Damage costs what comes after it.
        assert_eq!(read(&[template, data.split_once("<Region>").unwrap().0]), expected[..2]);
    }
}
