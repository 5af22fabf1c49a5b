//! Vietnamese as it is typed on a keyboard without Vietnamese letters: Telex
//! ("Tieengs Vieejt") and VNI ("Tie61ng Vie65t").
//!
//! Whole words only: an input method composes letter by letter, and what counts
//! here is what a finished word became.

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

use crate::fold::normalise;

/// An input method (bộ gõ).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum InputMethod {
    /// Letters twice and tones as letters: "aa" â, "s" rising tone.
    Telex,
    /// Digits: "a6" â, "1" rising tone.
    Vni,
}

const BREVE: char = '\u{0306}';
const CIRCUMFLEX: char = '\u{0302}';
const HORN: char = '\u{031B}';
const GRAVE: char = '\u{0300}';
const ACUTE: char = '\u{0301}';
const TILDE: char = '\u{0303}';
const HOOK: char = '\u{0309}';
const DOT: char = '\u{0323}';

impl InputMethod {
    /// Both methods.
    pub const ALL: [Self; 2] = [Self::Telex, Self::Vni];

    const fn tone(self, key: char) -> Option<char> {
        match (self, key) {
            (Self::Telex, 's') | (Self::Vni, '1') => Some(ACUTE),
            (Self::Telex, 'f') | (Self::Vni, '2') => Some(GRAVE),
            (Self::Telex, 'r') | (Self::Vni, '3') => Some(HOOK),
            (Self::Telex, 'x') | (Self::Vni, '4') => Some(TILDE),
            (Self::Telex, 'j') | (Self::Vni, '5') => Some(DOT),
            _ => None,
        }
    }

    /// The text that keys become when the method is on. A word in which no key
    /// means anything stays as it is.
    pub fn compose(self, keys: &str) -> String {
        map_words(keys, |word| self.compose_word(word))
    }

    /// The keys that make a text: marks of a letter right behind it, the tone at
    /// the end of its word, as people type.
    pub fn keys(self, text: &str) -> String {
        map_words(text, |word| self.keys_of_word(word))
    }

    fn compose_word(self, word: &str) -> String {
        let mut letters: Vec<Letter> = Vec::new();
        let mut tone: Option<char> = None;
        for key in word.chars() {
            let lower = key.to_ascii_lowercase();
            let has_vowel = letters.iter().any(Letter::is_vowel);
            if let Some(mark) = self.tone(lower).filter(|_| has_vowel) {
                tone = Some(mark);
                continue;
            }
            if self.put_mark(&mut letters, lower) {
                continue;
            }
            letters.push(Letter {
                base: key,
                mark: None,
            });
        }
        if let Some(tone) = tone {
            return with_tone(&letters, tone);
        }
        letters
            .iter()
            .flat_map(|letter| letter.written())
            .nfc()
            .collect()
    }

    /// Whether the key is a mark on a letter typed before.
    fn put_mark(self, letters: &mut [Letter], key: char) -> bool {
        let last_of = |letters: &mut [Letter], bases: &str| {
            letters
                .iter()
                .rposition(|letter| letter.mark.is_none() && bases.contains(letter.lower()))
        };
        let (bases, mark) = match (self, key) {
            (Self::Telex, 'a' | 'e' | 'o') => {
                let doubled = letters
                    .last()
                    .is_some_and(|letter| letter.lower() == key && letter.mark.is_none());
                if doubled && let Some(letter) = letters.last_mut() {
                    letter.mark = Some(CIRCUMFLEX);
                }
                return doubled;
            }
            (Self::Telex, 'd') => {
                let doubled =
                    letters.len() == 1 && letters[0].lower() == 'd' && letters[0].mark.is_none();
                if doubled {
                    letters[0].mark = Some(BAR);
                }
                return doubled;
            }
            (Self::Telex, 'w') => ("aou", None),
            (Self::Vni, '6') => ("aeo", Some(CIRCUMFLEX)),
            (Self::Vni, '7') => ("ou", Some(HORN)),
            (Self::Vni, '8') => ("a", Some(BREVE)),
            (Self::Vni, '9') => {
                let first = letters
                    .first_mut()
                    .filter(|letter| letter.lower() == 'd' && letter.mark.is_none());
                let barred = first.is_some();
                if let Some(letter) = first {
                    letter.mark = Some(BAR);
                }
                return barred;
            }
            _ => return false,
        };
        let Some(at) = last_of(letters, bases) else {
            return false;
        };
        let mark = mark.unwrap_or(if letters[at].lower() == 'a' {
            BREVE
        } else {
            HORN
        });
        // "uow" and "uo7" are ươ.
        let pair =
            mark == HORN && letters[at].lower() == 'o' && at > 0 && letters[at - 1].lower() == 'u';
        if pair && letters[at - 1].mark.is_none() && !follows_q(letters, at - 1) {
            letters[at - 1].mark = Some(HORN);
        }
        letters[at].mark = Some(mark);
        true
    }

    fn keys_of_word(self, word: &str) -> String {
        let mut keys = String::new();
        let mut tone_key = None;
        for letter in word.nfd() {
            let at = |telex, vni| match self {
                Self::Telex => telex,
                Self::Vni => vni,
            };
            let last = keys.chars().next_back().unwrap_or_default();
            match letter {
                ACUTE => tone_key = Some(at('s', '1')),
                GRAVE => tone_key = Some(at('f', '2')),
                HOOK => tone_key = Some(at('r', '3')),
                TILDE => tone_key = Some(at('x', '4')),
                DOT => tone_key = Some(at('j', '5')),
                CIRCUMFLEX => keys.push(at(last, '6')),
                HORN => keys.push(at('w', '7')),
                BREVE => keys.push(at('w', '8')),
                'đ' => keys.extend(['d', at('d', '9')]),
                'Đ' => keys.extend(['D', at('D', '9')]),
                other => keys.push(other),
            }
        }
        keys.extend(tone_key);
        keys
    }
}

/// Stands for the bar of đ, which has no combining mark of its own.
const BAR: char = '\u{0335}';

struct Letter {
    base: char,
    mark: Option<char>,
}

impl Letter {
    fn lower(&self) -> char {
        self.base.to_ascii_lowercase()
    }

    fn is_vowel(&self) -> bool {
        // A letter that is Vietnamese already carries its vowel too.
        let base = self
            .base
            .nfd()
            .next()
            .unwrap_or(self.base)
            .to_ascii_lowercase();
        matches!(base, 'a' | 'e' | 'i' | 'o' | 'u' | 'y')
    }

    fn written(&self) -> Vec<char> {
        match (self.base, self.mark) {
            ('d', Some(BAR)) => vec!['đ'],
            ('D', Some(BAR)) => vec!['Đ'],
            (base, mark) => std::iter::once(base).chain(mark).collect(),
        }
    }
}

fn follows_q(letters: &[Letter], at: usize) -> bool {
    at > 0 && letters[at - 1].lower() == 'q'
}

/// Where the tone stands: on a vowel with a mark of its own (the second of ươ),
/// else on the last vowel before a final consonant, else on the last but one.
fn with_tone(letters: &[Letter], tone: char) -> String {
    let vowels: Vec<usize> = (0..letters.len())
        .filter(|at| letters[*at].is_vowel())
        // In "quý" and "già" u and i belong to the consonant.
        .filter(|at| {
            let next_is_vowel = letters.get(at + 1).is_some_and(Letter::is_vowel);
            let glide = match letters[*at].lower() {
                'u' => follows_q(letters, *at),
                'i' => *at == 1 && letters[0].lower() == 'g' && next_is_vowel,
                _ => false,
            };
            !glide
        })
        .collect();
    let marked = vowels
        .iter()
        .copied()
        .rfind(|at| letters[*at].mark.is_some());
    let place = marked.or_else(|| {
        let last = *vowels.last()?;
        let closed = last + 1 < letters.len();
        if closed || vowels.len() == 1 {
            Some(last)
        } else {
            vowels.get(vowels.len() - 2).copied()
        }
    });
    let mut text: Vec<char> = Vec::new();
    for (at, letter) in letters.iter().enumerate() {
        text.extend(letter.written());
        if Some(at) == place {
            text.push(tone);
        }
    }
    text.into_iter().nfc().collect()
}

fn map_words(text: &str, mut change: impl FnMut(&str) -> String) -> String {
    let mut changed = String::with_capacity(text.len());
    let mut word = String::new();
    for letter in text.chars() {
        if letter.is_alphanumeric() || is_combining_mark(letter) {
            word.push(letter);
            continue;
        }
        changed.push_str(&change(&word));
        word.clear();
        changed.push(letter);
    }
    changed.push_str(&change(&word));
    changed
}

/// Consonants that may begin a Vietnamese syllable, the longest first.
const INITIALS: [&str; 27] = [
    "ngh", "ch", "gh", "gi", "kh", "ng", "nh", "ph", "qu", "th", "tr", "b", "c", "d", "đ", "g",
    "h", "k", "l", "m", "n", "p", "r", "s", "t", "v", "x",
];

/// Rhymes without their tone: every vowel group that stands alone, and those that
/// a consonant may close.
const OPEN: &str = " a ă â e ê i o ô ơ u ư y ai ao au ay âu ây eo êu ia iu iêu yêu oa oai oao oay oe oeo oi ôi ơi ua ua uy uya uây uê ui uơ uôi ưa ưi ưu ươi ươu uyu ";
const CLOSED: &str = " a ă â e ê i o ô ơ u ư y iê yê oa oă oe oo ôô uâ uê uô uơ uy uyê ươ ";
const FINALS: [&str; 8] = ["ch", "ng", "nh", "c", "m", "n", "p", "t"];

/// Whether a word can be a Vietnamese syllable with its tone in place. "Nguyễn"
/// can, "Nguyeenx" and "Kros" cannot.
pub fn is_syllable(word: &str) -> bool {
    let mut tones: Vec<char> = Vec::new();
    let bare: String = normalise(word)
        .to_lowercase()
        .nfd()
        .filter(|letter| {
            let tone = matches!(*letter, ACUTE | GRAVE | HOOK | TILDE | DOT);
            if tone {
                tones.push(*letter);
            }
            !tone
        })
        .nfc()
        .collect();
    if tones.len() > 1 || bare.is_empty() {
        return false;
    }
    let stopped = |last: &str| {
        // Only two tones fit a rhyme that ends in a stop.
        !matches!(last, "c" | "ch" | "p" | "t")
            || tones.is_empty()
            || matches!(tones[0], ACUTE | DOT)
    };
    let rhyme = |rest: &str| {
        let open = OPEN.contains(&format!(" {rest} "));
        open && !rest.is_empty()
            || FINALS.iter().any(|last| {
                rest.strip_suffix(last).is_some_and(|vowels| {
                    !vowels.is_empty() && CLOSED.contains(&format!(" {vowels} ")) && stopped(last)
                })
            })
    };
    rhyme(&bare)
        || INITIALS
            .iter()
            .any(|initial| bare.strip_prefix(initial).is_some_and(rhyme))
        || matches!(bare.as_str(), "gi" | "gin" | "gim" | "giêng" | "giêc")
}

/// Text in which an input method was left off, put right: "Nguyeenx Vawn An".
///
/// A word is changed only when it is no Vietnamese syllable as it stands and
/// becomes one with a mark; the whole is changed only when one method explains
/// every such word. None when there is nothing to put right, or no one answer.
pub fn undo_leftovers(text: &str) -> Option<(InputMethod, String)> {
    let mut answers = InputMethod::ALL.into_iter().filter_map(|method| {
        let mut changed = false;
        let undone = map_words(text, |word| {
            let composed = method.compose_word(word);
            let leftover = word.is_ascii()
                && word.chars().any(|letter| letter.is_ascii_alphabetic())
                && !is_syllable(word)
                && composed != word
                && is_syllable(&composed);
            if leftover {
                changed = true;
                composed
            } else {
                word.to_owned()
            }
        });
        changed.then_some((method, undone))
    });
    let first = answers.next()?;
    answers.next().is_none().then_some(first)
}

#[cfg(test)]
mod tests;
