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

/// Runs `act`, which waits for a disk, on the caller's own thread: waking another and being woken by it takes
/// a good part of the time that a sync does. The tasks of a worker of a runtime with several are handed to
/// another thread meanwhile; the only thread of a runtime waits.
pub(crate) fn in_place<T>(act: impl FnOnce() -> T) -> T {
    match Handle::try_current().map(|runtime| runtime.runtime_flavor()) {
        Ok(RuntimeFlavor::MultiThread) => tokio::task::block_in_place(act),
        _ => act(),
    }
}
