//! Nodes, ways and relations as a file gives them, borrowed from its buffers. No meaning beyond that.

/// Kinds of element, as a set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Kinds(u8);

impl Kinds {
    /// Nodes.
    pub const NODES: Self = Self(1);
    /// Ways.
    pub const WAYS: Self = Self(2);
    /// Relations.
    pub const RELATIONS: Self = Self(4);
    /// All three.
    pub const ALL: Self = Self(7);

    /// Whether the sets share a kind.
    pub fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// The kinds of both.
    pub fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

/// The tags of one element, in the order of the file.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct TagList<'a>(pub &'a [(&'a str, &'a str)]);

impl<'a> TagList<'a> {
    /// The value of a key.
    #[inline(always)] // keys are constants, and comparing with a constant needs no call
    pub fn get(self, key: &str) -> Option<&'a str> {
        self.0.iter().find(|(k, _)| *k == key).map(|(_, v)| *v)
    }

    /// All tags.
    pub fn iter(self) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.0.iter().copied()
    }
}

/// What a relation's member is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum MemberKind {
    /// A node.
    Node,
    /// A way.
    Way,
    /// A relation.
    Relation,
}

impl MemberKind {
    /// The word of ids: `way/7`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Node => "node",
            Self::Way => "way",
            Self::Relation => "relation",
        }
    }
}

/// A member of a relation.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RelationMember<'a> {
    /// OSM id.
    pub id: i64,
    /// What it is.
    pub kind: MemberKind,
    /// Its role.
    pub role: &'a str,
}

/// One element.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Element<'a> {
    /// A node.
    Node {
        /// OSM id.
        id: i64,
        /// Longitude and latitude in 1e-7 degree; may be off the globe.
        e7: (i32, i32),
        /// Tags.
        tags: TagList<'a>,
    },
    /// A way.
    Way {
        /// OSM id.
        id: i64,
        /// Ids of its nodes.
        refs: &'a [i64],
        /// Tags.
        tags: TagList<'a>,
    },
    /// A relation.
    Relation {
        /// OSM id.
        id: i64,
        /// Members.
        members: &'a [RelationMember<'a>],
        /// Tags.
        tags: TagList<'a>,
    },
    /// The middle of a way or relation, where the file gives it (Overpass, `out center`).
    Centre {
        /// What it is the middle of.
        of: MemberKind,
        /// OSM id of that.
        id: i64,
        /// Longitude and latitude in 1e-7 degree; may be off the globe.
        e7: (i32, i32),
    },
}
