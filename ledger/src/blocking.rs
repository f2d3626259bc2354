//! Work that waits for disks, on threads that may.

use tokio::runtime::{Handle, RuntimeFlavor};

/// Runs `act` on a thread that may block. `None` when the runtime is shutting down and `act` did not
/// run; a panic of `act` goes on in the caller.
pub(crate) async fn run<T: Send + 'static>(act: impl FnOnce() -> T + Send + 'static) -> Option<T> {
    match tokio::task::spawn_blocking(act).await {
        Ok(result) => Some(result),
        Err(error) => match error.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            Err(_) => None,
        },
    }
}

/// Runs `act`, which waits for a disk once, where it stands if it may: the runtime's other tasks move to
/// another thread meanwhile, and nobody needs to be woken before and after it. Otherwise as [`run`].
pub(crate) async fn in_place<T: Send + 'static>(
    act: impl FnOnce() -> T + Send + 'static,
) -> Option<T> {
    match Handle::current().runtime_flavor() {
        RuntimeFlavor::MultiThread => Some(tokio::task::block_in_place(act)),
        _ => run(act).await,
    }
}
