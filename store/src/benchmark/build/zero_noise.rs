//! Releases without noise, for tests: what an attacker gains by the rules alone.
//!
//! No build of the program for use has it: the compiler refuses the feature without debug assertions.

#[cfg(all(feature = "test-zero-noise", not(debug_assertions)))]
compile_error!("the feature test-zero-noise publishes exact figures: it is for debug builds in tests only");

#[cfg(feature = "test-zero-noise")]
static IS_ON: std::sync::atomic::AtomicBool = std::sync::atomic::AtomicBool::new(false);

/// From now on all draws of this process are 0, and the releases that it builds are marked as loosened.
#[cfg(feature = "test-zero-noise")]
pub fn turn_on() {
    IS_ON.store(true, std::sync::atomic::Ordering::SeqCst);
}

/// Whether all draws are 0.
pub(super) fn is_on() -> bool {
    #[cfg(feature = "test-zero-noise")]
    let is_on = IS_ON.load(std::sync::atomic::Ordering::SeqCst);
    #[cfg(not(feature = "test-zero-noise"))]
    let is_on = false;
    is_on
}
