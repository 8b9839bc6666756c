//! Where the labels of a chart stand beside the ends of its lines. Places them; draws nothing.

/// The first place from one downwards where a label is a line's distance from the others, which are in order and to
/// which it is added. Each of the others is looked at once, so that a distance which is a line's but for rounding is one.
pub fn free_line(wanted: f64, line: f64, labels: &mut Vec<f64>) -> f64 {
    let mut at = wanted;
    for other in labels.iter() {
        if (at - other).abs() < line {
            at = other + line;
        }
    }
    let place = labels.partition_point(|other| *other < at);
    labels.insert(place, at);
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_find_a_place_whatever_their_distances_round_to() {
        for start in 0..2000 {
            let mut labels = Vec::new();
            for number in 0..6 {
                let wanted = 17.3 + f64::from(start) * 0.077 + f64::from(number % 3) * 0.1;
                free_line(wanted, 15.0, &mut labels);
            }
            let near = labels.windows(2).find(|pair| pair[1] - pair[0] < 15.0 - 1e-9);
            assert_eq!((labels.len(), near), (6, None), "{labels:?}");
        }
    }
}
