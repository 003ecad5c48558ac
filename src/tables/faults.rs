//! `faults.csv` of a work folder: what keeps a round from being finished, and who answers for it.

use crate::files::schema::Value;
use crate::files::table::{Table, text};
use crate::results::faults::{Fault, FaultCode};

/// Its file.
pub const FILE: &str = "faults.csv";

const NOBODY: &str = "nobody answers for it";

/// The table.
pub fn table<'a>() -> Table<'a, &'a Fault> {
    let accepted = |of: fn(&crate::config::accept::AcceptTable) -> &str| {
        move |f: &&Fault| Value::opt(f.accepted.as_ref(), |a| Value::Text(of(a).to_owned()))
    };
    Table::new(vec![
        text("code", "code", "What kind of fault", "缺陷类别")
            .words(FaultCode::ALL.iter().map(|c| c.as_str()))
            .of(|f: &&Fault| Value::Word(f.code.as_str())),
        text("fault", "fault", "Fingerprint of it, as [[accept]] names it", "缺陷指纹（用于 [[accept]]）")
            .of(|f: &&Fault| Value::Text(f.print())),
        text("subject", "subject", "County, region, file or indicator", "县、地区、文件或指标")
            .of(|f: &&Fault| Value::Text(f.subject.clone())),
        text("what", "what", "What is wrong", "缺陷（英文）").of(|f: &&Fault| Value::Text(f.what.en.clone())),
        text("what_zh", "what_zh", "The same in Chinese", "缺陷（中文）").of(|f: &&Fault| Value::Text(f.what.zh.clone())),
        text("next", "next", "What to do", "处理（英文）").of(|f: &&Fault| Value::Text(f.next.en.clone())),
        text("next_zh", "next_zh", "The same in Chinese", "处理（中文）").of(|f: &&Fault| Value::Text(f.next.zh.clone())),
        text("accepted_by", "by", "Who accepted it", "接受人").or_null(NOBODY).of(accepted(|a| &a.by)),
        text("accepted_on", "on", "The day", "接受日期").or_null(NOBODY).of(accepted(|a| &a.on)),
        text("accepted_reason", "reason", "Why", "接受理由").or_null(NOBODY).of(accepted(|a| &a.reason)),
    ])
}
