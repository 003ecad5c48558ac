//! In which language the terminal is spoken to. Files follow `--lang` or the region file, never the machine.

use crate::error::{Error, printable};
use crate::files::lang::Lang;
use crate::files::messages::{error_text, label, said};
use std::io::Write;

/// Variables that name the language of a machine, the first that is set before the others.
const VARIABLES: [&str; 3] = ["LC_ALL", "LC_MESSAGES", "LANG"];

/// The language of the terminal: the one that is asked for, or that of the machine.
pub fn terminal(asked: Option<Lang>) -> Lang {
    asked.unwrap_or_else(|| of_machine(|name| std::env::var(name).ok()))
}

/// The same before the command line is understood, from its words.
pub fn terminal_of_words() -> Lang {
    let words: Vec<String> = std::env::args_os().map(|w| w.to_string_lossy().into_owned()).collect();
    terminal(asked_for(&words))
}

/// What `--lang` says.
fn asked_for(words: &[String]) -> Option<Lang> {
    let pairs = words.iter().zip(words.iter().skip(1)).filter(|(w, _)| *w == "--lang").map(|(_, next)| next.as_str());
    let joined = words.iter().filter_map(|w| w.strip_prefix("--lang="));
    let word = pairs.chain(joined).next()?;
    [Lang::En, Lang::Zh].into_iter().find(|lang| lang.as_str() == word)
}

fn of_machine(variable: impl Fn(&str) -> Option<String>) -> Lang {
    let set = VARIABLES.iter().filter_map(|name| variable(name)).find(|value| !value.is_empty());
    if set.is_some_and(|value| value.to_ascii_lowercase().starts_with("zh")) { Lang::Zh } else { Lang::En }
}

/// Prints an error; a closed stderr leaves nobody to tell.
pub fn complain(e: &Error, lang: Lang) {
    complain_of(&error_text(e, lang), lang);
}

/// Prints a sentence of an error that is said in the language already.
pub fn complain_of(text: &str, lang: Lang) {
    tell(&format!("{}{text}\n", begun("error", lang)));
}

/// Prints text on standard error; a closed one leaves nobody to tell. One end has one reason: while the program is being stopped, a file
/// that was removed under us is none.
pub fn tell(text: &str) {
    crate::system::stop::ends_here();
    let _ = write!(std::io::stderr(), "{text}");
}

/// A label and what parts it from the text: `error: `, `错误：`.
fn begun(word: &str, lang: Lang) -> String {
    format!("{}{}", label(word, lang), if lang == Lang::Zh { "：" } else { ": " })
}

/// What is said when somebody stops the program.
pub fn stopped(name: &str) -> String {
    let e = Error::environment(
        format!("stopped by {name}; nothing half-written is left"),
        "run the same command again; a round goes on where it was",
    );
    let lang = terminal_of_words();
    format!("\n{}{}\n", begun("error", lang), error_text(&e, lang))
}

/// What the parser of the command line says, with its labels in Chinese; its sentences stay.
pub fn of_parser(text: &str) -> String {
    const LABELS: [(&str, &str); 9] = [
        ("error: ", "错误："),
        ("Usage: ", "用法："),
        ("Commands:", "命令："),
        ("Arguments:", "参数："),
        ("Options:", "选项："),
        ("Examples:", "示例："),
        ("Example:", "示例："),
        ("tip: ", "提示："),
        ("For more information, try '--help'.", "更多说明见 --help。"),
    ];
    let of_line = |line: &str| {
        let (indent, rest) = line.split_at(line.len() - line.trim_start().len());
        let put = LABELS.iter().find_map(|(en, zh)| Some(format!("{indent}{zh}{}", rest.strip_prefix(en)?)));
        put.unwrap_or_else(|| line.to_owned())
    };
    let lines: Vec<String> = text.split('\n').map(of_line).collect();
    lines.join("\n")
}

/// A sentence for the terminal, in its language; safe for it.
pub fn shown(english: &str, lang: Lang) -> String {
    printable(&said(english, lang))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_machine_speaks_by_the_first_variable_that_is_set() {
        let of =
            |set: &[(&str, &str)]| of_machine(|name| set.iter().find(|(n, _)| *n == name).map(|(_, value)| (*value).to_owned()));
        assert_eq!(of(&[]), Lang::En);
        assert_eq!(of(&[("LANG", "zh_CN.UTF-8")]), Lang::Zh);
        assert_eq!(of(&[("LANG", "zh_CN.UTF-8"), ("LC_MESSAGES", "C")]), Lang::En);
        assert_eq!(of(&[("LANG", "en_GB.UTF-8"), ("LC_ALL", "zh_SG")]), Lang::Zh);
        assert_eq!(of(&[("LANG", "ZH_cn"), ("LC_ALL", "")]), Lang::Zh);
        assert_eq!(of(&[("LANG", "de_DE.zh")]), Lang::En);
    }

    #[test]
    fn lang_is_found_among_the_words() {
        let of = |line: &str| asked_for(&line.split(' ').map(str::to_owned).collect::<Vec<_>>());
        assert_eq!(of("chargegap run a --lang zh"), Some(Lang::Zh));
        assert_eq!(of("chargegap run a --lang=en"), Some(Lang::En));
        assert_eq!(of("chargegap run a --lang"), None);
        assert_eq!(of("chargegap run --lang fr"), None);
    }

    #[test]
    fn the_parser_keeps_its_sentences() {
        let said = "error: unexpected argument '-x' found\n\n  tip: to pass it\n\nUsage: chargegap run\n";
        assert_eq!(of_parser(said), "错误：unexpected argument '-x' found\n\n  提示：to pass it\n\n用法：chargegap run\n");
    }
}
