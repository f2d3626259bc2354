//! Work that waits for disks, on threads that may.

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
