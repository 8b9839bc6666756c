//! Checks of what a pattern found: check digits, prefixes, ranges. Pure arithmetic over one short text.

use crate::rulebook::Validator;

/// Whether a find passes a check.
pub(super) fn passes(validator: Validator, text: &str) -> bool {
    match validator {
        Validator::NhsChecksum => nhs_checksum(text),
        Validator::NiPrefix => ni_prefix(text),
        Validator::PhoneDigits => phone_digits(text),
        Validator::PostcodeLetters => postcode_letters(text),
        Validator::DriverDate => driver_date(text),
        Validator::LongNumber => long_number(text),
        Validator::PersonalUrl => personal_url(text),
    }
}

/// NHS number: weights 10 to 2 over the first nine digits; 11 minus the sum modulo 11 is the tenth, 11 counts as 0
/// and 10 is never issued (NHS Data Dictionary).
fn nhs_checksum(text: &str) -> bool {
    let digits: Vec<u32> = text.chars().filter_map(|c| c.to_digit(10)).collect();
    let [nine @ .., last] = digits.as_slice() else { return false };
    if nine.len() != 9 {
        return false;
    }
    let sum: u32 = nine.iter().zip((2..=10).rev()).map(|(digit, weight)| digit * weight).sum();
    match 11 - sum % 11 {
        11 => *last == 0,
        10 => false,
        check => *last == check,
    }
}

/// HMRC never issues D, F, I, Q, U, V in the first two places, O in the second, nor BG, GB, KN, NK, NT, TN, ZZ
/// (National Insurance Manual NIM39110). People type example numbers too, so the QQ of forms is let through; other
/// excluded prefixes are found by their label only.
fn ni_prefix(text: &str) -> bool {
    let mut letters =
        text.chars().filter(char::is_ascii_alphabetic).map(|c| c.to_ascii_uppercase());
    let (Some(first), Some(second)) = (letters.next(), letters.next()) else { return false };
    let excluded = ["BG", "GB", "KN", "NK", "NT", "TN", "ZZ"];
    let pair: String = [first, second].iter().collect();
    pair == "QQ"
        || !("DFIQUV".contains(first)
            || "DFIQUVO".contains(second)
            || excluded.contains(&pair.as_str()))
}

/// A number that can be dialled: 9 to 15 digits, letters read for digits included.
fn phone_digits(text: &str) -> bool {
    let count = text.chars().filter(|c| c.is_ascii_digit() || "OoIl".contains(*c)).count();
    let digits = text.chars().filter(char::is_ascii_digit).count();
    (9..=15).contains(&count) && digits * 5 >= count * 2
}

/// Royal Mail's PAF: no Q, V, X in the first place; no I, J, Z in the second; C, I, K, M, O, V never in the inward
/// part. Letters that scanners put for digits pass, since the shape has already been matched.
fn postcode_letters(text: &str) -> bool {
    let letters: Vec<char> =
        text.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect();
    let [.., one, two] = letters.as_slice() else { return false };
    let inward = |c: &char| c.is_ascii_alphabetic() && !"CIKMOV".contains(*c);
    let first = letters.first().is_some_and(|c| c.is_ascii_alphabetic() && !"QVX".contains(*c));
    let second = letters.get(1).is_some_and(|c| !"IJZ".contains(*c));
    let girobank = text.to_ascii_uppercase().starts_with("GIR");
    first && (second || girobank) && inward(one) && inward(two)
}

/// Driver number: five letters or nines, then decade, month (plus 50 for women), day, year digit.
fn driver_date(text: &str) -> bool {
    let squeezed: Vec<char> = text.chars().filter(char::is_ascii_alphanumeric).collect();
    let digits: Vec<u32> =
        squeezed.get(5..11).unwrap_or_default().iter().filter_map(|c| c.to_digit(10)).collect();
    let [_, m1, m2, d1, d2, _] = digits.as_slice() else { return false };
    let month = (m1 * 10 + m2) % 50;
    (1..=12).contains(&month) && (1..=31).contains(&(d1 * 10 + d2))
}

/// Captions such as "member" stand before years too, and those stay.
fn long_number(text: &str) -> bool {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    // "IOSH 2024": letters say nothing of whether a number is a year.
    let parts: Vec<&str> = text
        .split(['-', '/', ' '])
        .filter(|part| part.contains(|c: char| c.is_ascii_digit()))
        .collect();
    let is_year = |part: &&str| {
        part.parse().is_ok_and(|year: u32| (1900..=2039).contains(&year)) || part.len() == 2
    };
    let years = parts.len() <= 2 && parts.iter().all(is_year);
    digits >= 4 && !years
}

/// Sites of government, health service and police are places of work, not people.
fn personal_url(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    let host = lower.trim_start_matches("https://").trim_start_matches("http://");
    let host = host.split(['/', '?', '#']).next().unwrap_or("");
    ![".gov.uk", ".nhs.uk", ".police.uk", ".parliament.uk", ".gov.scot", ".gov.wales", ".mod.uk"]
        .iter()
        .any(|official| host.ends_with(official))
        && !NOT_SITES.contains(&host)
}

/// Words with a full stop inside that are products or file types, not sites.
const NOT_SITES: [&str; 8] =
    ["node.js", "asp.net", "vb.net", "d3.js", "vue.js", "next.js", "socket.io", "draw.io"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checks_pass_what_is_issued_and_refuse_what_is_not() {
        for (validator, text, expected) in [
            (Validator::NhsChecksum, "943 476 5919", true),
            (Validator::NhsChecksum, "943 476 5918", false),
            (Validator::NhsChecksum, "94347659", false),
            (Validator::NiPrefix, "AB 12 34 56 C", true),
            (Validator::NiPrefix, "QQ123456C", true),
            (Validator::NiPrefix, "GB123456A", false),
            (Validator::NiPrefix, "DA123456A", false),
            (Validator::PhoneDigits, "O77OO 900 145", true),
            (Validator::PhoneDigits, "12345", false),
            (Validator::PostcodeLetters, "SW1A 1AA", true),
            (Validator::PostcodeLetters, "QA1 1AA", false),
            (Validator::PostcodeLetters, "SW1 1CA", false),
            (Validator::DriverDate, "SAHOT753147GK9ZX", true),
            (Validator::DriverDate, "SAHOT793997GK9ZX", false),
            (Validator::PersonalUrl, "www.leeds.gov.uk/jobs", false),
            (Validator::PersonalUrl, "linkedin.com/in/x", true),
        ] {
            assert_eq!(passes(validator, text), expected, "{validator:?} {text}");
        }
    }
}
