//! Two columns of text that stand side by side in the lines, as programs without layout write them: read down the left
//! one, then down the right one. Knows gaps, not words.

/// A gap of so many spaces parts two columns.
const GAP: usize = 4;
/// A line that begins so far in belongs to the right column alone.
const INDENT: usize = 16;
/// Fewer lines than this are no columns.
const FEWEST: usize = 6;

/// The lines with columns taken apart, the right one below the left one.
pub(super) fn one_below_the_other(text: &str) -> Vec<&str> {
    let lines: Vec<&str> = text.lines().collect();
    let mut done = Vec::with_capacity(lines.len());
    let mut at = 0;
    while at < lines.len() {
        let rest = lines.get(at..).unwrap_or_default();
        let length = reach(rest);
        if length == 0 {
            done.extend(rest.first());
            at += 1;
            continue;
        }
        let region = rest.get(..length).unwrap_or_default();
        let (left, right): (Vec<&str>, Vec<&str>) =
            region.iter().map(|line| part(line).unwrap_or((line, ""))).unzip();
        if done.last() != Some(&"") {
            done.push("");
        }
        done.extend(left);
        done.push("");
        done.extend(right);
        done.push("");
        at += length;
    }
    done
}

/// How many lines from the first on are columns: mostly parted, never with a third column.
fn reach(lines: &[&str]) -> usize {
    if lines.first().and_then(|line| part(line)).is_none() {
        return 0;
    }
    let mut parted = 0;
    let mut both = 0;
    let mut last = 0;
    let mut other = 0;
    for (number, line) in lines.iter().enumerate() {
        match part(line) {
            Some((left, right)) => {
                if right.contains("    ") || line.contains('\t') {
                    break;
                }
                parted += 1;
                both += usize::from(!left.is_empty() && !right.is_empty());
                (last, other) = (number + 1, 0);
            }
            None if line.trim().is_empty() => {}
            None => {
                other += 1;
                if other > 4 || line.chars().count() > 60 {
                    break;
                }
            }
        }
    }
    if parted >= FEWEST && both * 3 >= parted && parted * 2 >= last { last } else { 0 }
}

/// The two sides of a line.
fn part(line: &str) -> Option<(&str, &str)> {
    let text = line.trim_end();
    let indent = text.len() - text.trim_start_matches(' ').len();
    if indent >= INDENT {
        return Some(("", text.trim_start()));
    }
    let body = text.get(indent..)?;
    let gap = body.find(&" ".repeat(GAP))?;
    Some((body.get(..gap)?, body.get(gap..)?.trim_start()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_read_one_after_the_other() {
        let text = "\
[NAME]                   PROFILE
                         Engineer with eleven
CONTACT                  years in bridges.
[ADDRESS]                EXPERIENCE
[ADDRESS]                Senior Engineer
M [PHONE]                County Council

PERSONAL                 Wrote the policy
Driving licence: full
Done.";
        let found: Vec<&str> =
            one_below_the_other(text).into_iter().filter(|line| !line.is_empty()).collect();
        assert_eq!(
            found.join("|"),
            "[NAME]|CONTACT|[ADDRESS]|[ADDRESS]|M [PHONE]|PERSONAL|PROFILE|Engineer with eleven|years in bridges.\
             |EXPERIENCE|Senior Engineer|County Council|Wrote the policy|Driving licence: full|Done."
        );
    }

    #[test]
    fn a_form_is_no_pair_of_columns() {
        let text = "Job title: Aide     Grade: D\nFrom: 2019     To: 2021\n";
        assert_eq!(one_below_the_other(text), text.lines().collect::<Vec<_>>());
    }
}
