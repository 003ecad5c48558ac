//! The faults of a round on the terminal, in English or Chinese, with the very lines that accept them.

use crate::error::{Error, printable_line};
use crate::files::lang::{Both, Lang};
use crate::programme::ProgrammeTold;
use crate::results::eligible::Eligible;
use crate::results::faults::{Fault, FaultCode, Faults};
use crate::results::hand_funded::HandFunded;
use crate::round::check::Checked;
use serde_json::{Value, json};
use std::fmt::Write as _;

/// Faults told in full.
const MOST: usize = 100;

/// What keeps the round from being finished, and what can be done; empty where nothing does.
pub fn open(faults: &Faults, counties: usize, lang: Lang) -> String {
    let zh = lang == Lang::Zh;
    let pick = |en: &str, cn: &str| if zh { cn.to_owned() } else { en.to_owned() };
    let all: Vec<&Fault> = faults.open().collect();
    let (rows, others): (Vec<&Fault>, Vec<&Fault>) = all.iter().partition(|f| f.code == FaultCode::RowsMissing);
    let mut s = String::new();
    for (i, f) in (1..).zip(others.iter().take(MOST)) {
        let _ = writeln!(s, "{i:>3}. {}  {}", f.code.as_str(), printable_line(&f.subject));
        let _ = writeln!(s, "     {}", printable_line(f.what.of(lang)));
        let _ = writeln!(s, "     {}{}", pick("next: ", "处理："), printable_line(f.next.of(lang)));
    }
    if others.len() > MOST {
        let more = others.len() - MOST;
        s += &pick(&format!("     and {more} more in faults.json\n"), &format!("     另有 {more} 项见 faults.json\n"));
    }
    if let Some(first) = rows.first() {
        let codes: Vec<String> = rows.iter().map(|f| printable_line(&f.subject)).collect();
        let (n, list) = (rows.len(), codes.join(", "));
        s += &pick(
            &format!("the rows of {n} of {counties} counties are missing or damaged: {list}\n"),
            &format!("{counties} 个县中有 {n} 个县的分片结果缺失或损坏：{list}\n"),
        );
        let _ = writeln!(s, "     {}{}", pick("next: ", "处理："), printable_line(first.next.of(lang)));
    }
    let can: Vec<(&Fault, String)> = others.iter().take(MOST).filter_map(|f| Some((*f, f.acceptance()?.lines()))).collect();
    if !can.is_empty() {
        s += &pick(
            "\nWhere one cannot be mended, somebody who does not sign the round can answer for it: copy its lines into the round file, and fill in\nby, on (a day, as 2026-03-31) and reason.\n",
            "\n无法修正的，可由不签署本轮的人承担责任：将相应几行复制到轮次文件中，并填写 by（接受人）、on（日期，如 2026-03-31）和 reason（理由）。\n",
        );
        for (f, lines) in can {
            let _ = write!(s, "\n# {}\n{lines}", printable_line(&f.what.of(lang).replace('\n', " ")));
        }
    }
    s
}

/// The line above the list.
pub fn headline(faults: &Faults, lang: Lang) -> String {
    let n = faults.open().count();
    match lang {
        Lang::En => format!("the round is not finished: {n} fault(s) that nobody has accepted; no folder was written"),
        Lang::Zh => format!("本轮未完成：有 {n} 项缺陷无人接受；未写入任何文件夹"),
    }
}

/// Those that somebody answers for, a line each.
pub fn accepted(faults: &Faults, lang: Lang) -> String {
    let mut s = String::new();
    for (f, a) in faults.accepted() {
        let (what, by, on, reason) =
            (printable_line(f.what.of(lang)), printable_line(&a.by), printable_line(&a.on), printable_line(&a.reason));
        let _ = match lang {
            Lang::En => writeln!(s, "ACCEPTED by {by} on {on} ({reason}): {} {}: {what}", f.code.as_str(), f.print()),
            Lang::Zh => writeln!(s, "已由 {by} 于 {on} 接受（{reason}）：{} {}：{what}", f.code.as_str(), f.print()),
        };
    }
    s
}

/// Who may apply, who is funded by hand all the same, and programmes of files that stand in for those of the program, a line each.
pub fn eligible(all: Option<&Eligible<'_>>, (by_hand, stand_ins): (&[HandFunded], &[Both]), lang: Lang) -> String {
    let mut s = String::new();
    let mut line = |[en, zh]: [&str; 2], said: &Both| {
        s += if lang == Lang::Zh { zh } else { en };
        s += &printable_line(said.of(lang));
        s += "\n";
    };
    stand_ins.iter().for_each(|said| line(["OWN PROGRAMME: ", "自有项目文件："], said));
    if let Some(all) = all {
        line(["applied for ", "申报项目 "], &all.sentence());
        all.reasons().iter().for_each(|said| line(["  ", "  "], said));
    }
    by_hand.iter().for_each(|h| line(h.though.head(), &h.said));
    s
}

/// That gates are held against nobody, a line.
pub fn not_held(said: Option<&Both>, lang: Lang) -> String {
    let head = if lang == Lang::Zh { "申报条件未予核对：" } else { "GATES NOT HELD: " };
    said.map(|said| format!("{head}{}\n", printable_line(said.of(lang)))).unwrap_or_default()
}

/// What `round --check` says.
pub fn checked(c: &Checked, lang: Lang) -> String {
    let zh = lang == Lang::Zh;
    let open_faults = c.faults.open().count();
    let head = match (zh, open_faults) {
        (false, 0) => format!("{} counties take part, and no fault is open\n", c.counties),
        (false, n) => format!("{} counties take part, and {n} fault(s) are open: the round would not be finished\n", c.counties),
        (true, 0) => format!("{} 个县参评，没有未接受的缺陷\n", c.counties),
        (true, n) => format!("{} 个县参评，有 {n} 项未接受的缺陷：本轮将无法完成\n", c.counties),
    };
    let rest = match (c.complete, zh) {
        (true, _) => "",
        (false, false) => {
            "What counties fail of, and indicators that are used for nobody, are known once the counties are computed.\n"
        }
        (false, true) => "县的计算失败和未采用的指标须在各县计算完成后才知道。\n",
    };
    let told = c.programme.as_ref().map(ProgrammeTold::stand_ins).unwrap_or_default();
    let gates = eligible(Eligible::of(&c.gates).as_ref(), (&c.funded_though, &told), lang);
    head + &not_held(c.gates_not_held.as_ref(), lang)
        + &gates
        + &accepted(&c.faults, lang)
        + &open(&c.faults, c.counties, lang)
        + rest
}

/// The same as JSON.
pub fn checked_json(c: &Checked) -> Value {
    json!({
        "counties": c.counties,
        "complete": c.complete,
        "open": c.faults.open().count(),
        "faults": c.faults.json(),
        "gates_not_held": c.gates_not_held.as_ref().map(|said| json!({ "en": said.en, "zh": said.zh })),
        "gates": Eligible::of(&c.gates).map(|all| all.json(&c.funded_though)),
        "funded_though": c.funded_though.iter().map(HandFunded::json).collect::<Vec<_>>(),
        "stands_in_for": c.programme.as_ref().map(|p| &p.stands_in_for).filter(|all| !all.is_empty()),
        "stopped": c.stopped.as_ref().map(stopped_json),
    })
}

/// What a round cannot be put together with, as JSON.
pub fn stopped_json(e: &Error) -> Value {
    json!({ "what": e.what(), "next": e.next(), "at": e.location().to_string(), "exit_code": e.exit_code() })
}
