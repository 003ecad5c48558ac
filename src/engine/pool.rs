//! Working space that threads take and give back, so that a search of many parts makes one for each thread only.

use std::sync::{Mutex, PoisonError};

/// A heap of things to work with.
#[derive(Debug)]
pub(super) struct Pool<T>(Mutex<Vec<T>>);

impl<T> Default for Pool<T> {
    fn default() -> Self {
        Self(Mutex::new(Vec::new()))
    }
}

impl<T> Pool<T> {
    /// Works with one that is free, or with a new one.
    pub fn with<R>(&self, make: impl FnOnce() -> T, work: impl FnOnce(&mut T) -> R) -> R {
        let free = self.0.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let mut one = free.unwrap_or_else(make);
        let result = work(&mut one);
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(one);
        result
    }

    /// Changes all.
    pub fn each(&mut self, mut change: impl FnMut(&mut T)) {
        self.0.get_mut().unwrap_or_else(PoisonError::into_inner).iter_mut().for_each(&mut change);
    }
}
