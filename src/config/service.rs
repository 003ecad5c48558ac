//! What a station can offer, and sets of it: those that a run searches, those that a station has.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;

/// What a station offers. The order is that of rows and columns in every file.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Service {
    /// Charging by plug.
    Charging,
    /// Battery swap.
    Swap,
    /// Charging at a gun of at least [`Serving::fast_min_power_kw`](super::Serving::fast_min_power_kw).
    FastCharging,
    /// Charging where the source says that trucks can use it.
    TruckCharging,
    /// Hydrogen for fuel-cell vehicles.
    Hydrogen,
}

impl Service {
    /// Every service there is; a run searches those in [`Serving::services`](super::Serving::services).
    pub const ALL: [Self; 5] = [Self::Charging, Self::Swap, Self::FastCharging, Self::TruckCharging, Self::Hydrogen];

    /// The name in files.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Charging => "charging",
            Self::Swap => "swap",
            Self::FastCharging => "fast_charging",
            Self::TruckCharging => "truck_charging",
            Self::Hydrogen => "hydrogen",
        }
    }

    /// The name for people, in English and Chinese.
    pub fn names(self) -> [&'static str; 2] {
        match self {
            Self::Charging => ["charging", "充电"],
            Self::Swap => ["swap", "换电"],
            Self::FastCharging => ["fast charging", "快充"],
            Self::TruckCharging => ["truck charging", "货车充电"],
            Self::Hydrogen => ["hydrogen", "加氢"],
        }
    }

    /// One letter of its own, for ids and short names.
    pub fn letter(self) -> &'static str {
        &self.as_str()[..1]
    }

    /// From the name in files.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.as_str() == word)
    }
}

impl Serialize for Service {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Service {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let word = String::deserialize(from)?;
        Self::from_word(&word).ok_or_else(|| serde::de::Error::custom(format!("\"{word}\" is no service")))
    }
}

/// A set of services, in their order.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Services(u8);

impl Services {
    /// No service.
    pub const NONE: Self = Self(0);

    /// The set of these.
    ///
    /// ```
    /// use chargegap::internals::config::criteria::{Service, Services};
    /// let set = Services::of(&[Service::FastCharging, Service::Charging]);
    /// assert_eq!(set.iter().collect::<Vec<_>>(), [Service::Charging, Service::FastCharging]);
    /// assert!(set.has(Service::FastCharging) && !set.has(Service::Swap));
    /// ```
    pub const fn of(list: &[Service]) -> Self {
        let (mut bits, mut i) = (0, 0);
        while i < list.len() {
            bits |= 1 << list[i] as u8;
            i += 1;
        }
        Self(bits)
    }

    /// Whether one is in it.
    pub const fn has(self, service: Service) -> bool {
        self.0 & (1 << service as u8) != 0
    }

    /// One after the other.
    pub fn iter(self) -> impl Iterator<Item = Service> + use<> {
        Service::ALL.into_iter().filter(move |s| self.has(*s))
    }

    /// Those in both sets.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// Those in either set.
    #[must_use]
    pub const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Those that the other set does not have.
    #[must_use]
    pub const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// A value for each; the default for the services that are not in the set.
    pub fn table<T: Default>(self, mut value: impl FnMut(Service) -> T) -> ByService<T> {
        Service::ALL.map(|s| if self.has(s) { value(s) } else { T::default() })
    }
}

/// A value for every service, at `service as usize`.
pub type ByService<T> = [T; Service::ALL.len()];

/// Charging and swap.
impl Default for Services {
    fn default() -> Self {
        Self::of(&[Service::Charging, Service::Swap])
    }
}

impl FromIterator<Service> for Services {
    fn from_iter<I: IntoIterator<Item = Service>>(list: I) -> Self {
        list.into_iter().fold(Self::NONE, |set, s| Self(set.0 | 1 << s as u8))
    }
}

impl fmt::Debug for Services {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_is_its_list_in_order() {
        // all 32 subsets of 5 services, put in backwards
        for bits in 0..32u8 {
            let list: Vec<Service> = Service::ALL.into_iter().filter(|s| bits & (1 << *s as u8) != 0).collect();
            let set: Services = list.iter().rev().copied().collect();
            assert_eq!((set.iter().collect::<Vec<_>>(), set == Services::NONE), (list.clone(), list.is_empty()));
            assert_eq!(set, Services::of(&list));
            assert_eq!(set.table(|_| 1).map(|n| n == 1), Service::ALL.map(|s| list.contains(&s)));
        }
    }

    #[test]
    fn words_and_letters_are_unique() {
        for a in Service::ALL {
            assert_eq!(Service::from_word(a.as_str()), Some(a));
            assert_eq!(Service::ALL.iter().filter(|b| b.letter() == a.letter()).count(), 1);
        }
    }
}
