//! The command line.
use chargegap::*;
fn main() {
    let region = config::RegionFile::read(std::path::Path::new(&std::env::args().nth(1).unwrap())).unwrap();
    let mut t = pipeline::Timings::default();
    let o = pipeline::analyse(&region, &pipeline::Options { strict: false, on_stage: &|_| {} }, &mut t);
    let o = match o {
        Ok(o) => o,
        Err(e) => {
            eprintln!("{e}");
            return;
        }
    };
    println!("{:?}\n{:?}", t.stages, o.balance);
    for f in &o.figures {
        println!("{f:?}");
    }
    for r in &o.ranking.rows {
        println!("{:?} {} {:?}", r.rank, o.figures[r.county].code, r.score);
    }
    println!("{} stretches, {} nodes {} edges", o.stretches.len(), o.network.node_count(), o.network.edges().len());
    for ((l, c), n) in o.issues.by_code() {
        println!("{} {} {:?}", l.as_str(), c, n);
    }
}
