//! Which applications were counted before, and in what order threads may ask. Keeps eight bytes an application, and no
//! name.

use std::hash::{DefaultHasher, Hasher};
use std::sync::{Condvar, Mutex, PoisonError};

/// How many parts the set has: growing one at a time needs little memory beside what is kept.
const PARTS: usize = 64;

/// What stands for an application: 64 bits of a keyed hash of vacancy and application. Among ten million applications
/// the chance that any two share one is about three in a million.
pub(in super::super) fn identity(vacancy: &[u8], application: &[u8]) -> u64 {
    let mut hasher = DefaultHasher::new();
    hasher.write(vacancy);
    hasher.write_u8(0);
    hasher.write(application);
    // Zero marks a vacant place.
    hasher.finish().max(1)
}

/// Numbers that have been seen.
#[derive(Debug)]
pub struct Seen {
    parts: Vec<Part>,
}

#[derive(Debug, Clone, Default)]
struct Part {
    places: Vec<u64>,
    count: usize,
}

impl Default for Seen {
    fn default() -> Self {
        Self { parts: vec![Part::default(); PARTS] }
    }
}

impl Seen {
    /// Whether a number is new; from now on it is not.
    pub fn insert(&mut self, number: u64) -> bool {
        let part = (number >> 58) as usize;
        self.parts.get_mut(part).is_some_and(|part| part.insert(number))
    }
}

impl Part {
    fn insert(&mut self, number: u64) -> bool {
        // Full to seven eighths at the most.
        if (self.count + 1) * 8 > self.places.len() * 7 {
            let larger = vec![0; (self.places.len() * 2).max(64)];
            for old in std::mem::replace(&mut self.places, larger) {
                if old != 0 {
                    self.put(old);
                }
            }
        }
        let is_new = self.put(number);
        self.count += usize::from(is_new);
        is_new
    }

    fn put(&mut self, number: u64) -> bool {
        let mask = self.places.len() - 1;
        let mut place = number as usize & mask;
        loop {
            match self.places.get_mut(place) {
                Some(vacant) if *vacant == 0 => {
                    *vacant = number;
                    return true;
                }
                Some(taken) if *taken == number => return false,
                _ => place = (place + 1) & mask,
            }
        }
    }
}

/// Lets threads do one thing in the order of their blocks.
#[derive(Debug, Default)]
pub struct Turns {
    state: Mutex<Turn>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct Turn {
    next: u64,
    stopped: bool,
    seen: Seen,
}

impl Turns {
    /// Waits until it is a block's turn, lets it look and leave its mark, and calls the next. `None` when the work
    /// was stopped.
    pub fn take<T>(&self, number: u64, work: impl FnOnce(&mut Seen) -> T) -> Option<T> {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let mut state = self
            .changed
            .wait_while(state, |state| state.next != number && !state.stopped)
            .unwrap_or_else(PoisonError::into_inner);
        if state.stopped {
            return None;
        }
        let done = work(&mut state.seen);
        state.next += 1;
        self.changed.notify_all();
        Some(done)
    }

    /// Tells everybody who waits that nothing more will come.
    pub fn stop(&self) {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).stopped = true;
        self.changed.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use super::{Seen, identity};

    #[test]
    fn a_number_is_new_once() {
        let mut seen = Seen::default();
        let number = |n: u64| identity(b"V1", n.to_string().as_bytes());
        assert!((0..10_000).all(|n| seen.insert(number(n))));
        assert!((0..10_000).all(|n| !seen.insert(number(n))));
        assert_ne!(identity(b"a", b"bc"), identity(b"ab", b"c"));
    }
}
