//! What it costs to be checked: proofs, tiles and checkpoints asked for, a bundle verified, a witness asked.

use std::{
    path::Path,
    sync::Arc,
    thread,
    time::{Duration, Instant},
};

use ed25519_dalek::SigningKey;
use governance::ids::LedgerId;
use ledger::{
    DataDirectory, SystemClock,
    audit::{AuditOptions, Bundle, Directory},
    export::export_bundle,
    witness::{Witness, add_log},
};
use system_tests::dice::Dice;
use tlog::{
    AddCheckpoint, Checkpoint, NoteSigner, TileKind, TilePath,
    cosignature::Cosigner,
    leaf_hash,
    tree::{MemoryTree, consistency_proof, root},
};
use tokio::runtime::Runtime;

use crate::{AnyError, community::LEDGER, pages::Browser, report::rate};

/// How long each rate is measured.
const PATIENCE: Duration = Duration::from_millis(1_500);
/// Connections that stay open and ask one thing after the other.
const CONNECTIONS: usize = 16;
/// Checkpoints a witness is asked to cosign, one after the other.
const ASKED: u64 = 500;

/// Requests a second over HTTP.
pub(crate) struct Requests {
    tiles: f64,
    checkpoints: f64,
    /// An answer of two bytes, for which nothing is looked up.
    bare: f64,
}

/// Asks for tiles of hashes anywhere in a log of so many entries, and for the checkpoint.
pub(crate) fn requests(url: &str, entries: u64) -> Result<Requests, AnyError> {
    // Full ones: what mirrors and auditors read.
    let tiles = (entries / 256).max(1);
    let tile = move |dice: &mut Dice| {
        let path = TilePath::new(TileKind::Hashes(0), dice.below(tiles), 256);
        format!("/log/{LEDGER}/{}", path.expect("a tile of 256 hashes"))
    };
    Ok(Requests {
        bare: a_second(url, |_| "/healthz".to_owned())?,
        tiles: a_second(url, tile)?,
        checkpoints: a_second(url, |_| format!("/log/{LEDGER}/checkpoint"))?,
    })
}

fn a_second(
    url: &str,
    address: impl Fn(&mut Dice) -> String + Send + Sync,
) -> Result<f64, AnyError> {
    let begun = Instant::now();
    let ask = |asker: usize| {
        let mut browser = Browser::connect(url)?;
        let mut dice = Dice::new(asker as u64);
        let mut answered = 0_u64;
        while begun.elapsed() < PATIENCE {
            browser.get(&address(&mut dice))?;
            answered += 1;
        }
        Ok::<_, AnyError>(answered)
    };
    let answered: Result<u64, AnyError> = thread::scope(|scope| {
        let asking: Vec<_> = (0..CONNECTIONS)
            .map(|asker| scope.spawn(move || ask(asker)))
            .collect();
        let ended = asking.into_iter();
        ended.map(|asker| asker.join().expect("it asks")).sum()
    });
    Ok(answered? as f64 / begun.elapsed().as_secs_f64())
}

impl Requests {
    /// One line, each rate beside that of bare requests.
    pub(crate) fn print(&self, proofs: f64) {
        let beside = |found: f64| format!("{} ({:.2})", rate(found), found / self.bare);
        println!(
            "    over HTTP: {} bare requests; tiles {}, checkpoints {}; proofs over gRPC {}",
            rate(self.bare),
            beside(self.tiles),
            beside(self.checkpoints),
            beside(proofs),
        );
    }
}

/// Exports a log as a bundle, and audits that with all rules. Returns the entries a second.
pub(crate) fn bundle(data: &Path) -> Result<f64, AnyError> {
    let file = data.with_extension("govbundle");
    let directory = DataDirectory::new(data);
    let mut source = Directory::open(&directory, &LedgerId::new(LEDGER)?)?;
    export_bundle(&mut source, &file, &[], &|_| {})?;
    let begun = Instant::now();
    let mut bundle = Bundle::open(&file)?;
    let audited = ledger::audit::audit(&mut bundle, AuditOptions::default(), &|_| {})?;
    Ok(audited.entries as f64 / begun.elapsed().as_secs_f64())
}

/// How long a witness takes for `add-checkpoint`, shortest first: the signature and the proof checked, the new
/// state synced, the cosignature made.
pub(crate) fn witnessed(runtime: &Runtime, place: &Path) -> Result<Vec<Duration>, AnyError> {
    let log = NoteSigner::new("bench.example/log", SigningKey::from_bytes(&[1; 32]))?;
    let directory = place.join("witness");
    add_log(&directory, log.verifier_key())?;
    let cosigner = Cosigner::new("bench.example/witness", SigningKey::from_bytes(&[2; 32]))?;
    let witness = Witness::open(&directory, cosigner, Arc::new(SystemClock::new()))?;
    let mut tree = MemoryTree::new();
    let mut latencies = Vec::new();
    for size in 1..=ASKED {
        tree.append(leaf_hash(&size.to_le_bytes()));
        let checkpoint = Checkpoint {
            origin: log.name().to_owned(),
            size,
            root: root(&tree, size)?,
        };
        let request = AddCheckpoint {
            old_size: size - 1,
            proof: consistency_proof(&tree, size - 1, size)?,
            checkpoint: checkpoint.sign(&log)?.note().clone(),
        };
        let request = request.to_string();
        let begun = Instant::now();
        runtime.block_on(witness.add_checkpoint(request.as_bytes()))?;
        latencies.push(begun.elapsed());
    }
    latencies.sort();
    Ok(latencies)
}
