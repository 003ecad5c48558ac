//! OpenStreetMap: chargers however they are mapped, and driving rules as a car meets them.
