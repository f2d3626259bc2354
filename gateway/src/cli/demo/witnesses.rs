//! The demonstration's witnesses: the street office and the owners' committee, in this process but each
//! with a key, a state and an address of its own.

use std::{
    fs,
    net::Ipv4Addr,
    path::{Path, PathBuf},
    sync::Arc,
};

use ledger::{
    DataDirectory, LedgerKeys, SystemClock, keys,
    witness::{Witness, WitnessError, add_log},
};
use tlog::{SignatureKind, VerifierKey, cosignature::Cosigner};
use tokio::net::TcpListener;

use super::{cast, kit};
use crate::{cli::failure::Failure, server::serve_witness, witness};

/// The policy's file in the data directory.
pub(super) const POLICY_FILE: &str = "demo.policy";

/// Who watches, by a name of the policy.
const WITNESSES: [&str; 2] = ["street-office", "owners-committee"];

/// Has both watch from now on, and writes the trust policy that demands both. Their state lies beside the
/// ledger only because it is a demonstration: a witness is another house.
pub(super) async fn start(data: &Path) -> Result<PathBuf, Failure> {
    let log = log(data)?;
    let mut policy =
        format!("# A demonstration: no real community decided anything here.\nlog {log}\n");
    for name in WITNESSES {
        let dir = data.join("demo-witnesses").join(name);
        let (key, address) = watch(&dir, name, &log).await?;
        policy = format!("{policy}witness {name} {key} {address}\n");
    }
    let names = WITNESSES.join(" ");
    policy = format!("{policy}group both all {names}\nquorum both\n");
    let file = data.join(POLICY_FILE);
    fs::write(&file, policy).map_err(failed)?;
    Ok(file)
}

/// The ledger's verifier key, by the keys it is kept with.
fn log(data: &Path) -> Result<VerifierKey, Failure> {
    let keys = DataDirectory::new(data)
        .ledger(&kit::id(cast::LEDGER))
        .keys();
    let keys = LedgerKeys::load(&keys).map_err(failed)?;
    VerifierKey::new(
        cast::ORIGIN,
        SignatureKind::Ed25519,
        &keys.checkpoint_key().0,
    )
    .map_err(failed)
}

/// Starts one: its verifier key, and where it answers.
async fn watch(
    dir: &Path,
    name: &str,
    log: &VerifierKey,
) -> Result<(VerifierKey, String), Failure> {
    fs::create_dir_all(dir).map_err(failed)?;
    let file = dir.join("key.pem");
    if !file.exists() {
        let key = keys::generate_key().map_err(failed)?;
        keys::write_key(&file, &key).map_err(failed)?;
    }
    let key = keys::load_key(&file).map_err(failed)?;
    match add_log(dir, log) {
        Ok(()) | Err(WitnessError::Known { .. }) => {}
        Err(error) => return Err(failed(error)),
    }
    let named = format!("{}/{name}", cast::ORIGIN);
    let cosigner = Cosigner::new(&named, key).map_err(failed)?;
    let witness = Witness::open(dir, cosigner, Arc::new(SystemClock::new())).map_err(failed)?;
    let key = witness.verifier_key().clone();
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
        .await
        .map_err(failed)?;
    let address = listener.local_addr().map_err(failed)?;
    // It ends with the process.
    let router = witness::router(Arc::new(witness));
    tokio::spawn(serve_witness(listener, router, std::future::pending()));
    Ok((key, format!("http://{address}")))
}

fn failed(error: impl std::fmt::Display) -> Failure {
    Failure::unavailable(format!(
        "the demonstration's witnesses could not be started: {error}"
    ))
}
