//! Fields of a Word document: what an instruction names, and what a form field holds. Computes no field anew.

use super::super::compose::Composer;
use super::super::xml::{Token, Xml};
use super::super::{HiddenPlace, field_codes};
use super::styles::is_on;

/// What a legacy form field holds beside its result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum FormValue {
    /// A tick box.
    Ticked(bool),
    /// The choice of a drop-down list.
    Chosen(String),
}

/// A field while it is read.
#[derive(Debug, Default)]
pub(super) struct Field {
    instruction: String,
    /// How much text there was when the result began.
    result_from: Option<usize>,
    /// The value of a form field.
    pub(super) form: Option<FormValue>,
}

impl Field {
    /// A field whose instruction is an attribute and whose content is its result.
    pub(super) fn simple(instruction: Option<String>) -> Self {
        Self {
            instruction: instruction.unwrap_or_default(),
            result_from: Some(usize::MAX),
            form: None,
        }
    }

    pub(super) fn add(&mut self, text: &str) {
        self.instruction.push_str(text);
    }

    pub(super) fn start_result(&mut self, taken: usize) {
        self.result_from = Some(taken);
    }

    /// Whether what stands in the field now is its instruction, which is not shown.
    pub(super) fn is_instruction(&self) -> bool {
        self.result_from.is_none()
    }

    /// What a page shows for the field when it has no result of its own.
    pub(super) fn words_without_result(&self, taken: usize) -> Option<String> {
        if self.result_from.is_some_and(|from| taken != from) {
            return None;
        }
        match &self.form {
            Some(FormValue::Ticked(true)) => return Some("☒".to_owned()),
            Some(FormValue::Ticked(false)) => return Some("☐".to_owned()),
            Some(FormValue::Chosen(choice)) => return Some(choice.clone()),
            None => {}
        }
        field_codes::button_words(&self.instruction)
    }

    pub(super) fn instruction(&self) -> &str {
        &self.instruction
    }
}

/// Reads `w:ffData` to its end.
pub(super) fn read_form_data(xml: &mut Xml<'_>, composer: &mut Composer) -> Option<FormValue> {
    let mut choices = Vec::new();
    let mut chosen = None;
    let mut preset = None;
    let mut ticked = None;
    let mut kind = "";
    let mut depth = 1;
    while depth > 0 {
        match xml.next() {
            Token::Open(element) => {
                depth += 1;
                let value = element.attribute("val");
                match element.name {
                    "checkBox" => kind = "checkBox",
                    "ddList" => kind = "ddList",
                    "textInput" => kind = "textInput",
                    "listEntry" => choices.extend(value),
                    "result" => chosen = value.and_then(|value| value.parse::<usize>().ok()),
                    "checked" => ticked = Some(is_on(value.as_deref())),
                    "default" if kind == "textInput" => {
                        composer.hide(HiddenPlace::Concealed, &value.unwrap_or_default());
                    }
                    "default" => preset = value,
                    _ => {}
                }
            }
            Token::Close(..) => depth -= 1,
            Token::Text(..) => {}
            Token::End(_) => break,
        }
    }
    match kind {
        "checkBox" => Some(FormValue::Ticked(
            ticked.unwrap_or_else(|| preset.is_some_and(|on| is_on(Some(&on)))),
        )),
        "ddList" => {
            let index =
                chosen.or_else(|| preset.and_then(|preset| preset.parse().ok())).unwrap_or(0);
            choices.get(index).cloned().map(FormValue::Chosen)
        }
        _ => None,
    }
}
