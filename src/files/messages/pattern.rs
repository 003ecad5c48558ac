//! A sentence with holes, and what stands in them in a finished one.

/// English with `{}` where something is filled in, or `{#}` where only a number can be.
#[derive(Debug)]
pub struct Pattern {
    /// What stands between the holes: one more than there are.
    literals: Vec<String>,
    /// Of each hole, whether only a number fits.
    numbers: Vec<bool>,
}

impl Pattern {
    /// Of its text.
    pub fn of(text: &str) -> Self {
        let (mut literals, mut numbers) = (Vec::new(), Vec::new());
        let mut rest = text;
        while let Some((at, mark)) = next_hole(rest) {
            literals.push(rest[..at].to_owned());
            numbers.push(mark == "{#}");
            rest = &rest[at + mark.len()..];
        }
        literals.push(rest.to_owned());
        Self { literals, numbers }
    }

    /// What it begins with, up to the first hole.
    pub fn head(&self) -> &str {
        &self.literals[0]
    }

    /// How many holes it has.
    pub fn holes(&self) -> usize {
        self.numbers.len()
    }

    /// How much of a sentence it says itself: of two that fit, the one that says more is meant.
    pub fn weight(&self) -> usize {
        self.literals.iter().map(String::len).sum::<usize>() * 4 + self.numbers.iter().filter(|n| **n).count()
    }

    /// What stands in the holes of a finished sentence; `None` when it is another one.
    pub fn holes_of<'t>(&self, text: &'t str) -> Option<Vec<&'t str>> {
        let mut rest = text.strip_prefix(self.head())?;
        let Some((last, between)) = self.literals[1..].split_last() else { return rest.is_empty().then(Vec::new) };
        rest = rest.strip_suffix(last.as_str())?;
        let mut found = Vec::with_capacity(self.numbers.len());
        for literal in between {
            let (hole, after) = rest.split_once(literal.as_str())?;
            found.push(hole);
            rest = after;
        }
        found.push(rest);
        let fits = |(hole, number): (&&str, &bool)| !number || is_number(hole);
        found.iter().zip(&self.numbers).all(fits).then_some(found)
    }
}

/// The first hole: where it stands, and how it is written.
fn next_hole(text: &str) -> Option<(usize, &'static str)> {
    let at = |mark: &'static str| text.find(mark).map(|at| (at, mark));
    [at("{}"), at("{#}")].into_iter().flatten().min()
}

fn is_number(text: &str) -> bool {
    text.contains(|c: char| c.is_ascii_digit()) && text.chars().all(|c| c.is_ascii_digit() || ",.-+ %e".contains(c))
}

/// A text as it stands in the source, with every `{name:.1}` as `{}`, and two holes side by side as one.
pub fn normal(source: &str) -> String {
    let mut out = String::with_capacity(source.len());
    let mut chars = source.trim().chars().peekable();
    while let Some(c) = chars.next() {
        if matches!(c, '{' | '}') && chars.peek() == Some(&c) {
            chars.next();
            out.push(c);
        } else if c == '{' {
            chars.by_ref().find(|c| *c == '}');
            if !out.ends_with("{}") {
                out.push_str("{}");
            }
        } else {
            out.push(c);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holes_are_what_stands_between_the_words() {
        let holes = |pattern: &str, text: &'static str| Pattern::of(pattern).holes_of(text);
        assert_eq!(holes("no class \"{}\" in {}", "no class \"a \"b\"\" in x in y"), Some(vec!["a \"b\"", "x in y"]));
        assert_eq!(holes("{} of {}", "1 of 2"), Some(vec!["1", "2"]));
        assert_eq!(holes("{} of {}", "1 on 2"), None);
        assert_eq!(holes("the end", "the end"), Some(vec![]));
        assert_eq!(holes("the end", "the end."), None);
        assert_eq!(holes("{#} pieces", "-1,000.5 pieces"), Some(vec!["-1,000.5"]));
        assert_eq!(holes("{#} pieces", "some pieces"), None);
        assert_eq!(holes("{}", ""), Some(vec![""]));
    }

    #[test]
    fn the_source_of_a_sentence_is_its_pattern() {
        assert_eq!(normal(" {a} and {b:.1}{c}: {{x}}"), "{} and {}: {x}");
    }
}
