//! Waiting at guns and losing customers at swap stations: queues in plain numbers, without roads and without config.
//!
//! Arrivals are Poisson. Units: rates in arrivals an hour, times in hours, `offered` load in erlangs (arrivals an hour × service time in
//! hours, the mean number of servers at work). Where arrivals reach capacity no wait exists, and the answer is `None`: what comes beyond is
//! unserved. `guide::load` has the formulas beside each other, with their sources and limits.

mod erlang;
mod finite;
mod station;
#[cfg(test)]
mod tests;

pub use erlang::{empty_m_m_c, erlang_b, erlang_c};
pub use finite::{Finite, m_m_c_k, swap_blocked};
pub use station::{Queue, cosmetatos};
