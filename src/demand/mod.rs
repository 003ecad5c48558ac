//! Vehicles of places and what they charge, swap and fuel in public. Vehicles are taken from what is given, in this order: by class for a
//! settlement or for its county; car-owning households × the share with an electric car; people × a rate. It knows no road and no station.

mod energy;
mod vehicles;

pub use energy::{PlaceDemand, day_demand, fullest_hour, worst_hour};
pub use vehicles::{CountyBasis, assign, is_filled};
