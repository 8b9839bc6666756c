//! What begins and ends with a group of a rich text file: values that are kept, notes, boxes, fields. Knows no control
//! words.

use super::{
    Destination, DocumentProblem, Ends, Field, HiddenPlace, Opens, Reader, Table, Value,
    field_codes,
};

impl Reader<'_> {
    pub(super) fn enter(&mut self, opened: Opens) {
        let group = self.group();
        if group.destination == Destination::Passed && opened != Opens::Unicode {
            return;
        }
        match opened {
            Opens::Group(Destination::Kept(value)) => {
                self.kept.push(String::new());
                self.change(|group| {
                    group.destination = Destination::Kept(value);
                    group.ends = Ends::Kept(value);
                });
            }
            // A field inside a value shows its result there.
            Opens::Group(Destination::Shown) => {}
            Opens::Group(destination) => self.change(|group| group.destination = destination),
            Opens::Header | Opens::Note | Opens::Box => {
                self.composer.open_aside();
                self.tables.push(Table::default());
                self.change(|group| {
                    group.destination = Destination::Shown;
                    group.ends = match opened {
                        Opens::Header => Ends::Header,
                        Opens::Note => Ends::Note,
                        _ => Ends::Box,
                    };
                });
            }
            Opens::Field => {
                self.fields.push(Field { taken: self.composer.taken(), ..Field::default() });
                self.change(|group| group.ends = Ends::Field);
            }
            Opens::Picture => {
                self.pictures += 1;
                self.change(|group| group.destination = Destination::Picture);
            }
            Opens::Object => self.objects += 1,
            Opens::Twice => self.change(|group| {
                group.outer = group.destination;
                group.destination = Destination::Passed;
            }),
            Opens::Unicode => self.change(|group| group.destination = group.outer),
        }
    }

    pub(super) fn close(&mut self) {
        let Some(group) = self.groups.pop() else { return };
        match group.ends {
            Ends::Nothing => {}
            Ends::Kept(value) => {
                let text = self.kept.pop().unwrap_or_default();
                self.keep(value, text);
            }
            Ends::Header | Ends::Note | Ends::Box => {
                self.keep_hidden();
                self.end_row();
                if self.tables.len() > 1 {
                    self.tables.pop();
                }
                match group.ends {
                    Ends::Header => {
                        self.composer.close_aside();
                        self.composer.place_asides_here();
                    }
                    Ends::Note => self.composer.close_note(),
                    _ => self.composer.close_aside(),
                }
            }
            Ends::Field => self.end_field(),
        }
    }

    pub(super) fn keep(&mut self, value: Value, text: String) {
        match value {
            Value::Title => self.composer.hide(HiddenPlace::Title, &text),
            Value::Person => self.composer.hide(HiddenPlace::Metadata, text.trim_end_matches(';')),
            Value::Comment => self.composer.hide(HiddenPlace::Comment, &text),
            Value::Concealed => self.composer.hide(HiddenPlace::Concealed, &text),
            Value::Instruction => {
                if let Some(field) = self.fields.last_mut() {
                    field.instruction.push_str(&text);
                }
            }
            Value::Mark => {
                let mark = text.trim();
                if !mark.is_empty() {
                    let mark = format!("{mark} ");
                    self.imply(&mark);
                }
            }
            Value::Choice => self.form(|form| form.choices.push(text)),
            Value::ShapeName => self.property = text,
            Value::ShapeText => match self.property.trim() {
                "wzDescription" | "wzTooltip" | "pihlShape" => {
                    self.composer.hide(HiddenPlace::AltText, &text);
                }
                "gtextUNICODE" => {
                    self.composer.open_aside();
                    self.composer.imply(&text);
                    self.composer.close_aside();
                }
                _ => {}
            },
        }
    }

    pub(super) fn end_field(&mut self) {
        let Some(field) = self.fields.pop() else { return };
        field_codes::hide_arguments(&field.instruction, self.composer);
        if self.composer.taken() != field.taken {
            return;
        }
        let form = &field.form;
        // 25 means that the form was not filled in, so that the preset value holds.
        let result = form.result.filter(|result| *result != 25).or(form.preset).unwrap_or(0);
        let kind = field.instruction.trim().to_ascii_uppercase();
        let words = if kind.starts_with("FORMCHECKBOX") || form.kind == 1 {
            Some(if result == 1 { "☒".to_owned() } else { "☐".to_owned() })
        } else if kind.starts_with("FORMDROPDOWN") || form.kind == 2 {
            usize::try_from(result).ok().and_then(|index| form.choices.get(index).cloned())
        } else {
            field_codes::button_words(&field.instruction)
        };
        if let Some(words) = words {
            self.imply(&words);
        }
    }

    pub(super) fn keep_hidden(&mut self) {
        self.composer.hide(HiddenPlace::Concealed, &std::mem::take(&mut self.deleted));
        let concealed = std::mem::take(&mut self.concealed);
        if !concealed.trim().is_empty() {
            self.composer.hide(HiddenPlace::Concealed, &concealed);
            self.composer.report(DocumentProblem::concealed_text());
        }
    }
}
