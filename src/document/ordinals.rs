//! Numbers as lists write them: letters and Roman numerals. Knows no format of documents.

/// a to z, then aa, bb and so on.
pub(super) fn letters(number: u32) -> String {
    let Some(index) = number.checked_sub(1) else { return "0".to_owned() };
    let letter = char::from_u32(u32::from(b'a') + index % 26).unwrap_or('a');
    let times = usize::try_from(index / 26).unwrap_or(0).min(20) + 1;
    std::iter::repeat_n(letter, times).collect()
}

/// Roman numerals up to 3999, then figures.
pub(super) fn roman(number: u32) -> String {
    if number == 0 || number > 3999 {
        return number.to_string();
    }
    let mut left = number;
    let mut text = String::new();
    for (value, sign) in [
        (1000, "M"),
        (900, "CM"),
        (500, "D"),
        (400, "CD"),
        (100, "C"),
        (90, "XC"),
        (50, "L"),
        (40, "XL"),
        (10, "X"),
        (9, "IX"),
        (5, "V"),
        (4, "IV"),
        (1, "I"),
    ] {
        while left >= value {
            text.push_str(sign);
            left -= value;
        }
    }
    text
}
