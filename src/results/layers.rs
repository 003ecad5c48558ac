//! The rows of layers, a few at a time: from the network in memory, or from the files of shards.

use super::shard_file;
use super::{Member, Results};
use crate::county::{ResultRow, Scene, SceneRows};
use crate::error::{Error, Location, Result, path_text};
use crate::input;
use crate::read::road::Names;
use rayon::prelude::*;
use std::borrow::Cow;
use std::ops::Range;

/// The network of a run with what stands on it.
#[derive(Debug)]
pub struct Whole {
    /// The network.
    pub scene: Scene,
    /// Names of its roads.
    pub names: Names,
}

/// Rows that are made at a time, by all threads.
const AT_A_TIME: usize = 1 << 14;
/// Shards that are read at a time.
const SHARDS_AT_A_TIME: usize = 24;

type Make<'a, R> = dyn Fn(usize) -> Result<Vec<Cow<'a, R>>> + Send + Sync + 'a;

/// The rows of a layer in chunks, always in the same order.
pub struct LayerRows<'a, R: Clone> {
    /// How many chunks there are.
    pub chunks: usize,
    make: Box<Make<'a, R>>,
}

impl<'a, R: ResultRow> LayerRows<'a, R> {
    /// The rows of a chunk.
    ///
    /// # Errors
    /// Environment, when a shard's file cannot be read; input, when it was changed since it was looked at.
    pub fn chunk(&self, k: usize) -> Result<Vec<Cow<'a, R>>> {
        (self.make)(k)
    }

    /// Those of them that are wanted.
    #[must_use]
    pub fn only(self, wanted: impl Fn(&R) -> bool + Send + Sync + 'a) -> Self {
        let Self { chunks, make } = self;
        let few = move |k: usize| {
            let mut rows = make(k)?;
            rows.retain(|row| wanted(row));
            Ok(rows)
        };
        Self { chunks, make: Box::new(few) }
    }

    /// All rows at once, for a layer of points.
    ///
    /// # Errors
    /// As [`LayerRows::chunk`].
    pub fn all(&self) -> Result<Vec<Cow<'a, R>>> {
        let mut all = Vec::new();
        for k in 0..self.chunks {
            all.extend(self.chunk(k)?);
        }
        Ok(all)
    }

    /// Those of a run, each made when it is asked for.
    fn of_scene(rows: SceneRows<'a, R>) -> Self {
        let SceneRows { count, make } = rows;
        let range = move |k: usize| -> Range<usize> { k * AT_A_TIME..count.min((k + 1) * AT_A_TIME) };
        let make = move |k: usize| Ok(range(k).into_par_iter().map(&make).collect());
        Self { chunks: count.div_ceil(AT_A_TIME), make: Box::new(make) }
    }

    /// The rows of all shards.
    fn of_shards(members: &'a [Member]) -> Self {
        let make = move |k: usize| {
            let first = k * SHARDS_AT_A_TIME;
            let few = &members[first..members.len().min(first + SHARDS_AT_A_TIME)];
            let read: Vec<Result<Vec<R>>> = few.par_iter().enumerate().map(|(i, m)| of_member(m, (first + i) as u32)).collect();
            let mut all = Vec::new();
            for rows in read {
                all.extend(rows?.into_iter().map(Cow::Owned));
            }
            Ok(all)
        };
        Self { chunks: members.len().div_ceil(SHARDS_AT_A_TIME), make: Box::new(make) }
    }
}

/// The rows of a member's shard.
fn of_member<R: ResultRow>(m: &Member, county: u32) -> Result<Vec<R>> {
    let Some(done) = m.shard.as_ref().and_then(|s| s.done.as_ref()) else { return Ok(Vec::new()) };
    let bytes = input::whole(&done.path, "read the finished shard", input::MOST_WHOLE)?;
    let changed = || {
        let at = Location::file(path_text(&done.path));
        Error::input("a finished shard was changed while the round was written", "run again; it is made anew").at(at)
    };
    if shard_file::vouched(&bytes) != Some(done.foot.as_str()) {
        return Err(changed());
    }
    shard_file::rows_of(&bytes, county).collect::<Option<Vec<R>>>().ok_or_else(changed)
}

impl Results {
    /// The rows of a layer: of a run in reading order, or longest first, from the network; of a round by county, from its shards.
    pub fn rows<R: ResultRow>(&self) -> LayerRows<'_, R> {
        match &self.whole {
            Some(whole) => LayerRows::of_scene(R::of_scene(&whole.scene, &whole.names)),
            None => LayerRows::of_shards(&self.members),
        }
    }
}
