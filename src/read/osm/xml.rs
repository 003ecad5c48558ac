//! OSM XML (`.osm`, `.osm.gz`) as a row of elements, gone through once a pass. Not change files.
//!
//! Overpass answers may hold the middle of a way or relation (`out center`, `out bb`), or positions inside ways (`out geom`): the
//! middle follows its element, and the positions come as nodes. That there are any shows when the ways are read; the nodes' pass
//! looks into ways only then.
//!
//! Nothing of the document is kept but the element at hand. Entities other than XML's own five are refused, so nothing
//! grows by expansion; what gzip may grow to, and how long one tag may be, is bounded.

use super::damaged;
use super::element::{Element, Kinds, MemberKind, RelationMember, TagList};
use crate::error::{Location, Result};
use crate::input;
use crate::read::date::{Day, day};
use flate2::read::MultiGzDecoder;
use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};
use std::cell::Cell;
use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};
use std::rc::Rc;

/// Longest stretch without a whole tag, bytes.
const MOST_TAG: u64 = 16 << 20;
/// Unpacked files up to this many bytes are read however small they were packed ...
const MOST_UNPACKED: u64 = 128 << 20;
/// ... and larger ones if they are not over this many times larger than packed. Real extracts shrink about fifteen times.
const MOST_RATIO: u64 = 100;
/// Tags inside tags; OpenStreetMap has three.
const DEEPEST: u32 = 64;
/// Elements handed on at a time.
const PART: usize = 8_000;
/// So much of a remark is kept, characters.
const LONGEST_REMARK: usize = 300;
/// So much of a document is looked at for its day.
const HEAD: u64 = 4096;
/// No position: what an unreadable or missing coordinate is.
const NOWHERE: i32 = i32::MIN;

/// The outcome of reading a document; the text says what is wrong with it.
type Xml<T> = std::result::Result<T, String>;

/// Whether the first bytes of a file begin XML, plain or packed with gzip.
pub fn begins(head: &[u8]) -> bool {
    let plain = |head: &[u8]| {
        let text = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start();
        text.starts_with(b"<?xml") || text.starts_with(b"<osm")
    };
    if !head.starts_with(&[0x1f, 0x8b]) {
        return plain(head);
    }
    let mut start = [0; 16];
    // The head is cut, so the end of the stream is missing; its beginning is all there is to see.
    let n = MultiGzDecoder::new(head).read(&mut start).unwrap_or(0);
    plain(&start[..n])
}

/// An OSM XML file.
#[derive(Debug)]
pub struct XmlFile {
    path: PathBuf,
    at: Location,
    gzip: bool,
    size: u64,
    /// Some way has positions inside.
    inline: bool,
    /// What a server says beside the elements: that it came to no end.
    remark: Option<String>,
}

impl XmlFile {
    /// A file that [`begins`] XML.
    ///
    /// # Errors
    /// Environment, when it cannot be opened.
    pub fn open(path: &Path, at: &Location, gzip: bool) -> Result<Self> {
        let size = input::size(path)?;
        Ok(Self { path: path.to_owned(), at: at.clone(), gzip, size, inline: false, remark: None })
    }

    /// Size of the file in bytes.
    pub fn bytes(&self) -> u64 {
        self.size
    }

    /// The day of the data, where the file says it at its beginning: `osm_base` of Overpass, `timestamp` of the document.
    pub fn day(&self) -> Option<Day> {
        let (file, mut head) = (input::open(&self.path, "open the file").ok()?, Vec::new());
        // What is cut or damaged was told when the elements were read.
        let _read = if self.gzip {
            MultiGzDecoder::new(file).take(HEAD).read_to_end(&mut head)
        } else {
            file.take(HEAD).read_to_end(&mut head)
        };
        day_of_head(&String::from_utf8_lossy(&head))
    }

    /// Reads every element of the kinds `want`, in the order of the file.
    ///
    /// # Errors
    /// Input, when the document is cut short, malformed, grows beyond measure, or is not OpenStreetMap.
    pub fn fold<T: Default>(
        &mut self,
        want: Kinds,
        read: impl Fn(Element<'_>, &mut T),
        mut join: impl FnMut(T) -> Result<()>,
    ) -> Result<()> {
        let file = input::open(&self.path, "open the file")?;
        let (mut part, mut n, mut failed) = (T::default(), 0, Ok(()));
        let mut each = |e: Element<'_>| {
            if failed.is_err() {
                return; // the rest is only looked at for its form
            }
            read(e, &mut part);
            n += 1;
            if n % PART == 0 {
                failed = join(std::mem::take(&mut part));
            }
        };
        let since = Rc::new(Cell::new(0));
        let left = if self.gzip { MOST_UNPACKED.max(self.size.saturating_mul(MOST_RATIO)) } else { u64::MAX };
        let wanted = Wanted { kinds: want, inline: self.inline };
        let done = if self.gzip {
            go_through(Guard { inner: MultiGzDecoder::new(file), since: since.clone(), left }, &since, wanted, &mut each)
        } else {
            go_through(Guard { inner: file, since: since.clone(), left }, &since, wanted, &mut each)
        };
        failed?;
        let (inline, remark) = done.map_err(|what| damaged(what, &self.at))?;
        self.inline |= inline;
        self.remark = remark;
        join(part)
    }

    /// Why the answer of a server is not whole, where it says so; known when the elements were read.
    pub fn remark(&self) -> Option<&str> {
        self.remark.as_deref()
    }
}

/// The day that the beginning of a document says.
fn day_of_head(head: &str) -> Option<Day> {
    let value = |text: &str, key: &str| {
        let (_, rest) = text.split_once(key)?;
        let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''))?;
        day(rest[1..].split(quote).next()?)
    };
    let document = head.split_once("<osm").and_then(|(_, rest)| rest.split('>').next()).unwrap_or_default();
    value(head, "osm_base=").or_else(|| value(document, " timestamp="))
}

/// Stops a file that unpacks to too much, or a tag that does not end.
struct Guard<R> {
    inner: R,
    since: Rc<Cell<u64>>,
    left: u64,
}

impl<R: Read> Read for Guard<R> {
    fn read(&mut self, buf: &mut [u8]) -> std::io::Result<usize> {
        let n = self.inner.read(buf)?;
        self.left = self
            .left
            .checked_sub(n as u64)
            .ok_or_else(|| std::io::Error::other("it unpacks to over 128 MiB and a hundred times its size"))?;
        self.since.set(self.since.get() + n as u64);
        if self.since.get() > MOST_TAG {
            return Err(std::io::Error::other("one of its tags is longer than 16 MiB"));
        }
        Ok(n)
    }
}

/// What is asked for.
#[derive(Clone, Copy, Default)]
struct Wanted {
    kinds: Kinds,
    /// Ways are looked into for positions, even if only nodes are asked for.
    inline: bool,
}

impl Wanted {
    fn looks_into(self, kind: Kinds) -> bool {
        self.kinds.meets(kind) || (self.inline && self.kinds.meets(Kinds::NODES))
    }
}

/// The element that is being read.
#[derive(Default)]
struct Current {
    kind: Option<Kinds>,
    wanted: Wanted,
    /// Its middle, and whether that is more than the middle of its box.
    centre: Option<((i32, i32), bool)>,
    /// Nodes with their positions inside it.
    inside: Vec<(i64, (i32, i32))>,
    /// Some element had such.
    inline: bool,
    /// Within a remark, and what it says.
    remarking: bool,
    remark: String,
    id: i64,
    e7: (i32, i32),
    tags: Vec<(String, String)>,
    refs: Vec<i64>,
    members: Vec<(i64, MemberKind, String)>,
}

/// Hands on all elements; whether some way or relation had positions inside, and what the server remarks.
fn go_through(
    source: impl Read,
    since: &Cell<u64>,
    wanted: Wanted,
    each: &mut impl FnMut(Element<'_>),
) -> Xml<(bool, Option<String>)> {
    let mut xml = Reader::from_reader(BufReader::with_capacity(1 << 16, source));
    let (mut buf, mut depth, mut ended) = (Vec::new(), 0u32, false);
    let mut now = Current { wanted, ..Current::default() };
    loop {
        buf.clear();
        let event = xml.read_event_into(&mut buf).map_err(|e| near(&e, xml.buffer_position()))?;
        since.set(0);
        match event {
            Event::Start(tag) => {
                now.open(depth, &tag).map_err(|e| near(&e, xml.buffer_position()))?;
                depth += 1;
                if depth > DEEPEST {
                    return Err(near(&"its tags nest too deeply", xml.buffer_position()));
                }
            }
            Event::Empty(tag) => {
                now.open(depth, &tag).map_err(|e| near(&e, xml.buffer_position()))?;
                if depth == 1 {
                    now.close(each);
                }
                ended |= depth == 0;
            }
            Event::End(_) => {
                depth = depth.saturating_sub(1);
                match depth {
                    0 => ended = true,
                    1 => now.close(each),
                    _ => {}
                }
            }
            Event::Text(text) if now.remarking => now.remark.extend(text.chars().take(LONGEST_REMARK)),
            Event::Eof if ended => {
                let remark = now.remark.split_whitespace().collect::<Vec<_>>().join(" ");
                return Ok((now.inline, (!remark.is_empty()).then_some(remark)));
            }
            Event::Eof => return Err("it ends before </osm>".to_owned()),
            _ => {}
        }
    }
}

fn near(what: &dyn std::fmt::Display, byte: u64) -> String {
    format!("{what} (near byte {byte})")
}

impl Current {
    /// Takes in an opening tag: the root at depth 0, an element at depth 1, what belongs to one below.
    fn open(&mut self, depth: u32, tag: &BytesStart<'_>) -> Xml<()> {
        let name = tag.name().0;
        match (depth, name) {
            (0, "osm") => Ok(()),
            (0, "osmChange") => Err("it is a change file; give a whole extract".to_owned()),
            (0, _) => Err(format!("the XML is not OpenStreetMap: it begins with <{name}>")),
            (1, _) => {
                self.kind = match name {
                    "node" => Some(Kinds::NODES),
                    "way" => Some(Kinds::WAYS),
                    "relation" => Some(Kinds::RELATIONS),
                    _ => None,
                };
                self.remarking = name == "remark" && self.remark.is_empty();
                self.kind = self.kind.filter(|k| self.wanted.looks_into(*k));
                if self.kind.is_some() { self.begin(tag) } else { Ok(()) }
            }
            (2, _) if self.kind.is_some() => self.take(name, tag),
            _ => Ok(()),
        }
    }

    fn begin(&mut self, tag: &BytesStart<'_>) -> Xml<()> {
        self.tags.clear();
        self.refs.clear();
        self.members.clear();
        self.inside.clear();
        self.centre = None;
        self.e7 = (NOWHERE, NOWHERE);
        let (mut id, mut gone) = (None, false);
        attributes(tag, |key, value| {
            match key {
                "id" => id = value.parse().ok(),
                "lon" => self.e7.0 = e7(value),
                "lat" => self.e7.1 = e7(value),
                "action" => gone |= value == "delete", // JOSM
                "visible" => gone |= value == "false",
                _ => {}
            }
        })?;
        self.id = id.ok_or("an element has no id")?;
        if gone {
            self.kind = None;
        }
        Ok(())
    }

    fn take(&mut self, name: &str, tag: &BytesStart<'_>) -> Xml<()> {
        if name == "center" || name == "bounds" {
            return self.take_centre(name == "center", tag);
        }
        let (mut number, mut kind, mut first, mut second) = (None, None, String::new(), String::new());
        let mut at = (NOWHERE, NOWHERE);
        attributes(tag, |key, value| match key {
            "ref" => number = value.parse().ok(),
            "lon" => at.0 = e7(value),
            "lat" => at.1 = e7(value),
            "type" => {
                kind = match value {
                    "node" => Some(MemberKind::Node),
                    "way" => Some(MemberKind::Way),
                    "relation" => Some(MemberKind::Relation),
                    _ => None,
                };
            }
            "k" | "role" => value.clone_into(&mut first),
            "v" => value.clone_into(&mut second),
            _ => {}
        })?;
        if let Some(id) = number.filter(|_| at != (NOWHERE, NOWHERE)) {
            self.inside.push((id, at));
            self.inline = true;
        }
        match name {
            "tag" => self.tags.push((first, second)),
            "nd" => self.refs.push(number.ok_or("a way's node has no number")?),
            "member" => {
                let kind = kind.ok_or("a relation has a member that is no node, way or relation")?;
                self.members.push((number.ok_or("a relation's member has no number")?, kind, first));
            }
            _ => {}
        }
        Ok(())
    }

    /// Takes the middle of an element, given or that of the box around it.
    fn take_centre(&mut self, given: bool, tag: &BytesStart<'_>) -> Xml<()> {
        let (mut lon, mut lat) = (Vec::new(), Vec::new());
        attributes(tag, |key, value| match key {
            "lon" | "minlon" | "maxlon" => lon.push(e7(value)),
            "lat" | "minlat" | "maxlat" => lat.push(e7(value)),
            _ => {}
        })?;
        if self.centre.is_none_or(|known| given && !known.1) {
            self.centre = mean(&lon).zip(mean(&lat)).map(|at| (at, given));
        }
        Ok(())
    }

    /// Hands the element on, and what it holds of positions.
    fn close(&mut self, each: &mut impl FnMut(Element<'_>)) {
        let Some(kind) = self.kind.take() else { return };
        if self.wanted.kinds.meets(Kinds::NODES) {
            for (id, e7) in &self.inside {
                each(Element::Node { id: *id, e7: *e7, tags: TagList(&[]) });
            }
        }
        if !self.wanted.kinds.meets(kind) {
            return;
        }
        let of = if kind == Kinds::WAYS { MemberKind::Way } else { MemberKind::Relation };
        if let Some((e7, _)) = self.centre.filter(|_| kind != Kinds::NODES) {
            each(Element::Centre { of, id: self.id, e7 });
        }
        let tags: Vec<(&str, &str)> = self.tags.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
        let (id, tags) = (self.id, TagList(&tags));
        if kind == Kinds::NODES {
            each(Element::Node { id, e7: self.e7, tags });
        } else if kind == Kinds::WAYS {
            each(Element::Way { id, refs: &self.refs, tags });
        } else {
            let members: Vec<RelationMember<'_>> =
                self.members.iter().map(|(id, kind, role)| RelationMember { id: *id, kind: *kind, role }).collect();
            each(Element::Relation { id, members: &members, tags });
        }
    }
}

fn attributes(tag: &BytesStart<'_>, mut each: impl FnMut(&str, &str)) -> Xml<()> {
    for attribute in tag.attributes().with_checks(false) {
        let attribute = attribute.map_err(|e| e.to_string())?;
        let value = attribute.normalized_value(XmlVersion::Implicit1_0).map_err(|e| e.to_string())?;
        each(attribute.key.0, &value);
    }
    Ok(())
}

/// The mean of one or two coordinates that are somewhere.
fn mean(list: &[i32]) -> Option<i32> {
    let known: Vec<i64> = list.iter().filter(|v| **v != NOWHERE).map(|v| i64::from(*v)).collect();
    i32::try_from(known.iter().sum::<i64>() / i64::try_from(known.len()).ok().filter(|n| *n > 0)?).ok()
}

/// Degrees in units of 1e-7; what is no number or beyond all numbers is no position.
fn e7(degrees: &str) -> i32 {
    let v = degrees.trim().parse::<f64>().map_or(f64::NAN, |v| (v * 1e7).round());
    if v.abs() <= 1.8e9 { v as i32 } else { NOWHERE }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn read(bytes: &[u8], want: Kinds) -> Result<Vec<String>> {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(bytes).unwrap();
        let gzip = bytes.starts_with(&[0x1f, 0x8b]);
        let mut xml = XmlFile::open(file.path(), &Location::file("x.osm"), gzip)?;
        let mut out = Vec::new();
        xml.fold(
            want,
            |e, part: &mut Vec<String>| part.push(format!("{e:?}")),
            |part| {
                out.extend(part);
                Ok(())
            },
        )?;
        Ok(out)
    }

    fn refusal(text: &str) -> String {
        read(text.as_bytes(), Kinds::ALL).unwrap_err().to_string()
    }

    fn gzip(content: &[u8]) -> Vec<u8> {
        let mut z = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        z.write_all(content).unwrap();
        z.finish().unwrap()
    }

    const SMALL: &str = r#"<?xml version='1.0' encoding='UTF-8'?>
<osm version="0.6"><bounds minlat="1"/>
 <node id="-7" lat="54.1234567" lon="-4.5"><tag k="name" v="A &amp; B &#20013;"/></node>
 <node id="6" lat="no" lon="1"/>
 <node id="5" action="delete" lat="1" lon="1"/>
 <way id="8"><nd ref="-7"/><nd ref="6"/><tag k="highway" v="primary"/></way>
 <relation id="9"><member type="way" ref="8" role="outer"/></relation>
</osm>"#;

    #[test]
    fn the_day_of_a_document_stands_at_its_beginning() {
        let base = "<osm version=\"0.6\"><note>x</note><meta osm_base=\"2025-06-15T00:00:00Z\"/><node timestamp=\"2001-01-01\"/>";
        assert_eq!(day_of_head(base), Some((2025, 6, 15)));
        assert_eq!(day_of_head("<?xml version='1.0'?><osm version='0.6' timestamp='2024-02-03T00:00:00Z'>"), Some((2024, 2, 3)));
        for none in
            ["<osm version='0.6'><node timestamp='2024-02-03'/>", "<osm timestamp=", "<osm timestamp='soon'>", "", "osm_base=é"]
        {
            assert_eq!(day_of_head(none), None, "{none}");
        }
    }

    #[test]
    fn elements_come_out_as_they_stand() {
        let nodes = [
            r#"Node { id: -7, e7: (-45000000, 541234567), tags: TagList([("name", "A & B 中")]) }"#,
            r#"Node { id: 6, e7: (10000000, -2147483648), tags: TagList([]) }"#,
        ];
        assert_eq!(read(SMALL.as_bytes(), Kinds::NODES).unwrap(), nodes);
        assert_eq!(read(&gzip(SMALL.as_bytes()), Kinds::NODES).unwrap(), nodes);
        let rest = read(SMALL.as_bytes(), Kinds::WAYS.with(Kinds::RELATIONS)).unwrap();
        assert_eq!(rest[0], r#"Way { id: 8, refs: [-7, 6], tags: TagList([("highway", "primary")]) }"#);
        assert!(rest[1].contains(r#"id: 8, kind: Way, role: "outer""#));
    }

    #[test]
    fn what_overpass_adds_comes_as_nodes_and_middles() {
        let text = r#"<osm version="0.6"><note>x</note><meta osm_base="2025-01-01T00:00:00Z"/>
 <way id="8"><bounds minlat="1" minlon="3" maxlat="2" maxlon="4"/><nd ref="1" lat="1" lon="3"/><nd ref="2" lat="2" lon="4"/></way>
 <way id="9"><center lat="5" lon="6"/><nd ref="3"/></way>
 <relation id="4"><bounds minlat="1" minlon="3" maxlat="2" maxlon="4"/><center lat="7" lon="8"/>
  <member type="node" ref="5" role="" lat="9" lon="10"/><member type="way" ref="8" role="outer"><nd lat="1" lon="3"/></member></relation></osm>"#;
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(text.as_bytes()).unwrap();
        let mut xml = XmlFile::open(file.path(), &Location::file("x.osm"), false).unwrap();
        let mut pass = |want| {
            let mut out = Vec::new();
            let read = |e: Element<'_>, part: &mut Vec<String>| part.push(format!("{e:?}"));
            xml.fold(want, read, |part: Vec<String>| {
                out.extend(part);
                Ok(())
            })
            .unwrap();
            out
        };
        let relations = pass(Kinds::RELATIONS);
        assert_eq!(relations[0], "Centre { of: Relation, id: 4, e7: (80000000, 70000000) }");
        assert!(relations[1].starts_with("Relation { id: 4"));
        let ways = pass(Kinds::WAYS);
        assert_eq!(ways[0], "Centre { of: Way, id: 8, e7: (35000000, 15000000) }");
        assert_eq!(ways[1], "Way { id: 8, refs: [1, 2], tags: TagList([]) }");
        assert_eq!(ways[2], "Centre { of: Way, id: 9, e7: (60000000, 50000000) }");
        let node =
            |id: i64, lon: i64, lat: i64| format!("Node {{ id: {id}, e7: ({lon}0000000, {lat}0000000), tags: TagList([]) }}");
        assert_eq!(pass(Kinds::NODES), [node(1, 3, 1), node(2, 4, 2), node(5, 10, 9)]);
    }

    #[test]
    fn xml_is_known_by_its_first_bytes() {
        assert!(begins(SMALL.as_bytes()) && begins(b"\xef\xbb\xbf <osm>") && begins(&gzip(SMALL.as_bytes())));
        assert!(!begins(b"{}") && !begins(b"") && !begins(&gzip(b"{}")) && !begins(b"\x1f\x8b"));
    }

    #[test]
    fn every_cut_is_an_error() {
        for n in 1..SMALL.len() {
            assert!(read(&SMALL.as_bytes()[..n], Kinds::ALL).is_err(), "{n}");
        }
        let packed = gzip(SMALL.as_bytes());
        for n in 2..packed.len() {
            assert!(read(&packed[..n], Kinds::ALL).is_err(), "{n}");
        }
    }

    #[test]
    fn what_is_not_openstreetmap_or_not_well_formed_is_named() {
        assert!(refusal("<kml></kml>").contains("<kml>"));
        assert!(refusal("<osmChange></osmChange>").contains("change file"));
        assert!(refusal("<osm><node lat='1'/></osm>").contains("no id"));
        assert!(refusal("<osm><way id='1'><nd/></way></osm>").contains("no number"));
        assert!(refusal("<osm><relation id='1'><member type='x' ref='1'/></relation></osm>").contains("no node, way"));
        assert!(refusal("<osm><way id='1'></node></osm>").contains("near byte"));
        let bomb = "<!DOCTYPE osm [<!ENTITY a 'aaaa'>]><osm><node id='1'><tag k='&a;' v='1'/></node></osm>";
        assert!(refusal(bomb).contains("near byte"));
    }

    #[test]
    fn a_tag_that_does_not_end_is_refused_early() {
        let long = format!("<osm><node id='1' x='{}", "a".repeat(20 << 20));
        assert!(read(&gzip(long.as_bytes()), Kinds::ALL).unwrap_err().to_string().contains("16 MiB"));
    }
}
