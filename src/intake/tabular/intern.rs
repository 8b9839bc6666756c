//! Names to small numbers, looked up millions of times: an open table over one run of bytes. Keeps texts, knows no
//! meaning.

/// Distinct texts with their numbers.
#[derive(Debug)]
pub struct Interned {
    /// A power of two of them, at least half of them vacant.
    slots: Vec<Slot>,
    bytes: Vec<u8>,
    count: usize,
}

/// A text and its number. A hash of zero marks a vacant slot.
#[derive(Debug, Clone, Copy, Default)]
struct Slot {
    hash: u64,
    start: u32,
    length: u32,
    value: u32,
}

impl Default for Interned {
    fn default() -> Self {
        Self { slots: vec![Slot::default(); 64], bytes: Vec::new(), count: 0 }
    }
}

impl Interned {
    /// The number of a text, if it has one.
    #[inline]
    pub fn find(&self, text: &[u8]) -> Option<u32> {
        let hash = hash(text);
        let mask = self.slots.len() - 1;
        let mut place = spread(hash) & mask;
        loop {
            let slot = self.slots.get(place)?;
            if slot.hash == hash && self.text(slot) == text {
                return Some(slot.value);
            }
            if slot.hash == 0 {
                return None;
            }
            place = (place + 1) & mask;
        }
    }

    /// Gives a text that has none its number.
    pub fn insert(&mut self, text: &[u8], value: u32) {
        if (self.count + 1) * 2 > self.slots.len() {
            let larger = vec![Slot::default(); self.slots.len() * 2];
            for slot in std::mem::replace(&mut self.slots, larger) {
                if slot.hash != 0 {
                    self.place(slot);
                }
            }
        }
        let number = |size: usize| u32::try_from(size).unwrap_or(u32::MAX);
        let (start, length) = (number(self.bytes.len()), number(text.len()));
        self.bytes.extend_from_slice(text);
        self.count += 1;
        self.place(Slot { hash: hash(text), start, length, value });
    }

    /// How many texts there are.
    pub fn len(&self) -> usize {
        self.count
    }

    fn text(&self, slot: &Slot) -> &[u8] {
        let start = slot.start as usize;
        self.bytes.get(start..start + slot.length as usize).unwrap_or_default()
    }

    fn place(&mut self, slot: Slot) {
        let mask = self.slots.len() - 1;
        let mut place = spread(slot.hash) & mask;
        while self.slots.get(place).is_some_and(|slot| slot.hash != 0) {
            place = (place + 1) & mask;
        }
        if let Some(vacant) = self.slots.get_mut(place) {
            *vacant = slot;
        }
    }
}

/// Where to start looking.
fn spread(hash: u64) -> usize {
    (hash >> 32) as usize
}

/// A multiply-and-rotate hash over words of eight bytes, never zero: short texts, nothing to defend against but a slow
/// table.
#[inline]
fn hash(text: &[u8]) -> u64 {
    let mut state = text.len() as u64;
    let mut mix = |word: u64| {
        state = (state.rotate_left(5) ^ word).wrapping_mul(0x517c_c1b7_2722_0a95);
    };
    let (words, rest) = text.as_chunks::<8>();
    for word in words {
        mix(u64::from_le_bytes(*word));
    }
    if let Some(last) = text.last_chunk::<8>().filter(|_| !rest.is_empty()) {
        // The last eight bytes hold the rest, and some of what was mixed in already.
        mix(u64::from_le_bytes(*last));
    } else if !rest.is_empty() {
        mix(rest.iter().fold(0, |word, byte| word << 8 | u64::from(*byte)));
    }
    state | 1
}

#[cfg(test)]
mod tests {
    use super::Interned;

    #[test]
    fn every_text_keeps_its_number_while_the_table_grows() {
        let mut interned = Interned::default();
        let text = |number: u32| format!("text {number}, {}", "x".repeat(number as usize % 19));
        for number in 0..5000 {
            assert_eq!(interned.find(text(number).as_bytes()), None);
            interned.insert(text(number).as_bytes(), number);
        }
        for number in 0..5000 {
            assert_eq!(interned.find(text(number).as_bytes()), Some(number));
        }
        assert_eq!((interned.len(), interned.find(b"")), (5000, None));
    }
}
