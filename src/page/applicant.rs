//! Pages of applicants that no region has: nobody who applied is without one.

use super::base::{APPLICANT, Home, Notices, Press};
use super::i18n::shown;
use crate::error::Result;
use crate::files::lang::{Both, Lang};
use crate::files::text::clean;
use crate::programme::GateAnswer;
use crate::results::Round;
use crate::tables::applicants::{ApplicantRow, rows};
use crate::tables::gates::line;
use minijinja::{Value, context};

/// Longest text of a register shown, characters.
const LONGEST: usize = 400;

/// Where the page of the n-th row of the register is (from 0).
pub fn page_name(row: usize) -> String {
    format!("applicants/{:04}.html", row + 1)
}

/// Applicants without a county, each with the number of its row.
pub fn without_county(r: Round<'_>) -> impl Iterator<Item = (usize, ApplicantRow<'_>)> {
    rows(r).enumerate().filter(|(_, row)| row.county.is_none())
}

/// Names and texts of the pages, which open in a language.
///
/// # Errors
/// Internal, when template and texts do not fit each other.
pub fn applicant_pages(r: Round<'_>, lang: Lang) -> Result<Vec<(String, Vec<u8>)>> {
    let mut pages = Vec::new();
    let mut press = None;
    for (i, row) in without_county(r) {
        let press = match &mut press {
            Some(press) => press,
            none => none.insert(Press::new(&APPLICANT)?),
        };
        let html = press.print(lang, &Notices::from(&r.region), Some(Home::ROUND_ABOVE), figures(r, &row))?;
        pages.push((page_name(i), html.into_bytes()));
    }
    Ok(pages)
}

fn figures(r: Round<'_>, row: &ApplicantRow<'_>) -> Value {
    let (t, a) = (&r.part.file.round, row.applicant);
    let text = |t: &str| clean(t, LONGEST);
    context! {
        round => context! { id => shown(&t.id), year => t.year.map_or(String::new(), |y| format!("({y})")) },
        own => context! {
            code => shown(&a.written), name => text(&a.name), line => a.line, applied => text(&a.applied), files => text(&a.files),
            lead => a.joint_lead.as_deref().map(shown), reason => text(&a.reason),
            gates => row.gates.iter().map(|g| gate(g)).collect::<Vec<_>>(),
        },
        status => row.status,
        why => Both::clean(&row.why[0], &row.why[1], LONGEST),
    }
}

fn gate(g: &GateAnswer) -> Both {
    let line = line(g);
    Both::clean(&line.en, &line.zh, LONGEST)
}
