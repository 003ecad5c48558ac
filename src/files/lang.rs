//! A text that stands in both languages.

use super::text::clean;
use serde::Deserialize;

pub use crate::config::language::Lang;

/// A text in English and Chinese. In files it is a list of the two.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(from = "[String; 2]")]
pub struct Both {
    /// English.
    pub en: String,
    /// Simplified Chinese.
    pub zh: String,
}

impl Both {
    /// Of two texts.
    pub fn new(en: impl Into<String>, zh: impl Into<String>) -> Self {
        Self { en: en.into(), zh: zh.into() }
    }

    /// What is the same in both: a number, a key, what a user wrote.
    pub fn same(text: impl Into<String>) -> Self {
        let en = text.into();
        Self { zh: en.clone(), en }
    }

    /// Two texts from data: control characters go, and what is longer than `most` characters is cut.
    pub fn clean(en: &str, zh: &str, most: usize) -> Self {
        Self { en: clean(en, most), zh: clean(zh, most) }
    }

    /// The text in one language.
    pub fn of(&self, lang: Lang) -> &str {
        match lang {
            Lang::En => &self.en,
            Lang::Zh => &self.zh,
        }
    }

    /// A list, with the comma of each language between its parts.
    pub fn list<'a>(parts: impl IntoIterator<Item = &'a Self>) -> Self {
        Self::join(parts, [", ", "、"])
    }

    /// Parts with something between them, by language.
    pub fn join<'a>(parts: impl IntoIterator<Item = &'a Self>, [en, zh]: [&str; 2]) -> Self {
        let (first, second): (Vec<&str>, Vec<&str>) = parts.into_iter().map(|p| (p.en.as_str(), p.zh.as_str())).unzip();
        Self { en: first.join(en), zh: second.join(zh) }
    }
}

impl From<[String; 2]> for Both {
    fn from([en, zh]: [String; 2]) -> Self {
        Self { en, zh }
    }
}

impl From<[&str; 2]> for Both {
    fn from([en, zh]: [&str; 2]) -> Self {
        Self::new(en, zh)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_has_the_commas_of_its_language() {
        let parts = [Both::from(["roads", "道路"]), Both::same("7")];
        assert_eq!(Both::list(&parts), Both::new("roads, 7", "道路、7"));
        assert_eq!([Lang::En, Lang::Zh].map(|l| parts[0].of(l)), ["roads", "道路"]);
    }
}
