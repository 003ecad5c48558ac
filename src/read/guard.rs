//! Keeps a fault inside somebody else's decoder from ending the program: files must not be able to do that.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};

thread_local! {
    static GUARDED: Cell<bool> = const { Cell::new(false) };
}

/// Runs a decoder; a panic inside becomes `None`. Nothing is printed if [`quiet_hook`] was installed.
pub fn guarded<T>(decode: impl FnOnce() -> T) -> Option<T> {
    let before = GUARDED.replace(true);
    let done = catch_unwind(AssertUnwindSafe(decode));
    GUARDED.set(before);
    done.ok()
}

/// Makes the panic message of a guarded decoder stay silent; all others are printed as before. For `main`.
pub fn quiet_hook() {
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        if !GUARDED.get() {
            usual(info);
        }
    }));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_becomes_nothing_and_the_guard_is_lifted() {
        assert_eq!(guarded(|| 7), Some(7));
        assert_eq!(guarded(|| -> i32 { [1, 2][std::hint::black_box(5)] }), None);
        assert!(!GUARDED.get());
    }
}
