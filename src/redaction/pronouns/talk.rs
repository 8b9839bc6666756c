//! Of whom a paragraph speaks, as far as it has been read: for "she", for "he" and for "they", since whoever cannot be
//! meant by a pronoun does not come between it and its bearer.

use crate::redaction::sex::Sex;

/// Who was mentioned.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Who {
    Nobody,
    Candidate,
    Somebody,
}

/// Who was mentioned last to whom one pronoun may refer, and whom the sentences are about: who was mentioned at the
/// beginning of one. "Zara is whom I'd want for my mother. She says hard things kindly" goes on about Zara.
#[derive(Clone, Copy)]
struct Line {
    last: Who,
    topic: Who,
}

/// The talk of a paragraph.
pub(super) struct Talk {
    women: Line,
    men: Line,
    /// Those who are "they".
    any: Line,
    /// The candidate's sex, where it is known.
    sex: Option<Sex>,
    began: Who,
}

impl Talk {
    /// The beginning of a paragraph that speaks of somebody before it names anybody.
    pub fn new(who: Who, sex: Option<Sex>) -> Self {
        let nobody = Line { last: Who::Nobody, topic: Who::Nobody };
        let mut talk = Self { women: nobody, men: nobody, any: nobody, sex, began: who };
        if who == Who::Candidate {
            talk.candidate(true);
        }
        talk
    }

    /// The beginning of what somebody said of the candidate, who may be "she" or "he" in it whatever is known.
    pub fn quoted() -> Self {
        Self::new(Who::Candidate, None)
    }

    /// Whether the paragraph spoke of the candidate before it named anybody.
    pub fn began_with_candidate(&self) -> bool {
        self.began == Who::Candidate
    }

    /// The candidate is named.
    pub fn candidate(&mut self, opens: bool) {
        let sex = self.sex;
        self.each(sex, |line| {
            line.last = Who::Candidate;
            if opens {
                line.topic = Who::Candidate;
            }
        });
    }

    /// The candidate says how they are called, and speaks of others from here on.
    pub fn own_voice(&mut self) {
        let known = self.sex.is_some();
        self.each(None, |line| {
            if !(known && line.topic == Who::Candidate) {
                line.last = Who::Nobody;
            }
        });
    }

    /// Somebody else is named. Where the sentences are about the candidate, who is known to be the one or the other, a
    /// name further on in one changes nothing.
    pub fn somebody(&mut self, sex: Option<Sex>, opens: bool) {
        let known = self.sex.is_some();
        self.each(sex, |line| {
            if known && sex.is_none() && !opens && line.topic == Who::Candidate {
                return;
            }
            line.last = Who::Somebody;
            if opens {
                line.topic = Who::Somebody;
            }
        });
    }

    /// Several are named, of whom "they" may speak.
    pub fn several(&mut self) {
        self.any.last = Who::Somebody;
    }

    /// Whether who was named last for any pronoun is the candidate.
    pub fn last_is_candidate(&self) -> bool {
        [self.women, self.men].iter().any(|line| line.last == Who::Candidate)
    }

    /// Whether a pronoun is the candidate's. At the beginning of a sentence it goes on about what the last one was about.
    pub fn is_own(&mut self, sex: Option<Sex>, begins: bool) -> bool {
        let line = match sex {
            Some(Sex::Woman) => &mut self.women,
            Some(Sex::Man) => &mut self.men,
            None => &mut self.any,
        };
        if begins && line.topic == Who::Candidate {
            line.last = Who::Candidate;
        }
        line.last == Who::Candidate
    }

    /// Those lines that may be about somebody of a sex.
    fn each(&mut self, sex: Option<Sex>, mut change: impl FnMut(&mut Line)) {
        if sex != Some(Sex::Man) {
            change(&mut self.women);
        }
        if sex != Some(Sex::Woman) {
            change(&mut self.men);
        }
        change(&mut self.any);
    }
}
