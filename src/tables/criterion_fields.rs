//! What tables say of services and criteria, in the same words everywhere: the columns that name them in a row, and the names of columns
//! that there are one for each.

use crate::config::Serving;
use crate::config::criteria::Criterion;
use crate::config::{Service, Services};
use crate::files::schema::{Column, Value};
use crate::files::table::{Field, real, text};
use crate::space::units::{km, minutes};

/// `charging_gap_km_beyond_10km` and its kin.
pub(crate) fn criterion_column(service: Service, what: &str, criterion: Criterion) -> String {
    format!("{}_{what}_{}", service.as_str(), criterion.slug())
}

/// The services that are searched beside charging and swap.
pub(crate) fn further(serving: &Serving) -> Services {
    serving.services.without(Services::default())
}

/// The alias, or the other where it is longer than shapefiles allow.
pub(crate) fn short(alias: &str, instead: &str) -> String {
    if alias.len() <= 10 { alias.to_owned() } else { instead.to_owned() }
}

/// The column that names the service of a row.
pub(crate) fn service_column(serving: &Serving) -> Column {
    let words: Vec<&str> = serving.services.iter().map(Service::as_str).collect();
    let zh: Vec<&str> = serving.services.iter().map(|s| s.names()[1]).collect();
    let en = match words.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} or {last}", rest.join(", ")),
        _ => words.concat(),
    };
    text("service", "service", en, format!("服务类型（{}）", zh.join("/"))).words(Service::ALL.map(Service::as_str))
}

/// The columns that name service and criterion of a row, which `of` gives; the criterion by its number.
pub(crate) fn of_row<'a, R: 'a>(serving: &'a Serving, of: fn(&R) -> (Service, usize)) -> Vec<Field<'a, R>> {
    let slugs: Vec<Value> = serving.all.iter().map(|c| Value::shared(&c.slug())).collect();
    let distance = move |r: &R| match serving.all[of(r).1] {
        Criterion::Distance(mm) => Value::Real(km(mm.into())),
        Criterion::Time(_) => Value::Null,
    };
    let time = move |r: &R| match serving.all[of(r).1] {
        Criterion::Distance(_) => Value::Null,
        Criterion::Time(ms) => Value::Real(minutes(ms.into())),
    };
    vec![
        service_column(serving).of(move |r: &R| Value::Word(of(r).0.as_str())),
        text("criterion", "criterion", "Service distance or time", "服务标准").of(move |r: &R| slugs[of(r).1].clone()),
        real("limit_km", "limit_km", "km", "Service distance by road", "服务距离")
            .or_null("the criterion is a time")
            .of(distance),
        real("limit_min", "limit_min", "min", "Service time by road", "服务时间").or_null("the criterion is a distance").of(time),
    ]
}
