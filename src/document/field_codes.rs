//! Instructions of fields, which Word and RTF write alike: what they name, and what a page shows of them. Computes no
//! field anew.

use super::HiddenPlace;
use super::compose::Composer;

/// Keeps what an instruction names: targets of links and included files.
pub(super) fn hide_arguments(instruction: &str, composer: &mut Composer) {
    let kind = instruction.split_whitespace().next().unwrap_or_default();
    let place = if kind.eq_ignore_ascii_case("HYPERLINK") {
        HiddenPlace::Link
    } else {
        HiddenPlace::Concealed
    };
    for argument in instruction.split('"').skip(1).step_by(2) {
        // Formats such as \@ "d MMMM yyyy" name nobody, and cost nothing to look through.
        composer.hide(place, argument);
    }
    if place == HiddenPlace::Link && !instruction.contains('"') {
        composer.hide(place, instruction.split_whitespace().nth(1).unwrap_or_default());
    }
}

/// The shown words of a button, which are part of its instruction, after the name of what it runs.
pub(super) fn button_words(instruction: &str) -> Option<String> {
    let mut words = instruction.split_whitespace();
    let kind = words.next()?;
    if !kind.eq_ignore_ascii_case("MACROBUTTON") && !kind.eq_ignore_ascii_case("GOTOBUTTON") {
        return None;
    }
    words.next()?;
    Some(words.collect::<Vec<_>>().join(" "))
}
