//! The server is killed with SIGKILL again and again, and must not have lied once.

pub(crate) mod load;
pub(crate) mod witness;

use std::time::Duration;

use system_tests::community::{Community, audit};
use system_tests::dice::Dice;
use system_tests::process::Process;
use system_tests::server::Server;

use load::Load;
use witness::Witness;

/// How often the server is killed under load.
const KILLS: u64 = 12;

/// The longest a load lasts before its server is killed: long enough for some hundred blocks.
const LOAD_MS_MAX: u64 = 1_200;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_sigkill_at_any_moment_every_acknowledged_entry_is_there_in_order_once() {
    let community = Community::found("killed", "council");
    let mut dice = Dice::new(2);
    let mut server = Server::start(&community.data());
    let mut witness = Witness::of(&community, &server).await;
    for kill in 0..KILLS {
        // Every fourth kill comes within the first milliseconds, when the first blocks are written.
        let longest = if kill % 4 == 0 { 20 } else { LOAD_MS_MAX };
        let load = Load::start(&witness.officer, &server.client().await);
        load.run_for(Duration::from_micros(dice.below(longest * 1_000)))
            .await;
        server.kill();
        witness.remember(load.end().await);
        if kill % 4 == 3 {
            audit(&community.data()).expect(0);
        }
        server = Server::start(&community.data());
        witness.check(&server, &mut dice).await;
    }
    // Nothing would be shown by a load that was never interrupted, or that came to nothing.
    assert!(witness.acknowledged() > 100 && witness.interrupted() > 10);
    server.stop().expect(0);
    audit(&community.data()).expect(0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_shutdown_may_be_asked_for_or_forced_in_the_middle_of_work() {
    let community = Community::found("stopped", "council");
    let mut dice = Dice::new(3);
    let mut server = Server::start(&community.data());
    let mut witness = Witness::of(&community, &server).await;
    for round in 0..5 {
        let load = Load::start(&witness.officer, &server.client().await);
        load.run_for(Duration::from_micros(dice.below(300_000)))
            .await;
        server.process().terminate();
        if round == 4 {
            // Nobody forces it: it ends by itself, orderly.
            server.stop().expect(0);
        } else {
            server
                .process()
                .run_for(Duration::from_micros(dice.below(60_000)));
            server.kill();
        }
        witness.remember(load.end().await);
        server = Server::start(&community.data());
        witness.check(&server, &mut dice).await;
    }
    assert!(witness.acknowledged() > 10);
    server.stop().expect(0);
    audit(&community.data()).expect(0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_asks_twice_does_not_wait_for_what_is_under_way() {
    let community = Community::found("twice", "council");
    let mut server = Server::start(&community.data());
    // For ten seconds the server waits for its end.
    let call = crate::http::begin_call(server.url()).await;
    let process = server.process();
    process.terminate();
    let said = "asked again, it ends at once";
    let heard = process.wait_for(|line| line.contains(said).then_some(()));
    heard.expect("it says so");
    server.stop().expect(128 + 15);
    drop(call);
    Server::start(&community.data()).stop().expect(0);
    audit(&community.data()).expect(0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_start_that_is_killed_changes_nothing() {
    let community = Community::found("restarted", "council");
    let mut dice = Dice::new(4);
    let server = Server::start(&community.data());
    let mut witness = Witness::of(&community, &server).await;
    let load = Load::start(&witness.officer, &server.client().await);
    load.run_for(Duration::from_millis(300)).await;
    server.kill();
    witness.remember(load.end().await);
    for _ in 0..10 {
        let mut starting = Server::spawn(&community.data());
        starting.run_for(Duration::from_micros(dice.below(200_000)));
        starting.kill();
    }
    let server = Server::start(&community.data());
    witness.check(&server, &mut dice).await;
    server.stop().expect(0);
    audit(&community.data()).expect(0);
}

#[test]
fn a_founding_that_is_killed_is_there_or_can_be_repeated() {
    let mut dice = Dice::new(5);
    for _ in 0..8 {
        let community = Community::unfounded("begun");
        let founding = community.found_command(community.ledger(), "council");
        let mut founding = Process::spawn(founding);
        founding.run_for(Duration::from_micros(dice.below(60_000)));
        founding.kill();
        // Where it was there already, that is what the second founding says.
        let again = community.run_found("council");
        let there = again.stderr.contains("already");
        assert!(again.code == Some(0) || there, "{again}");
        Server::start(&community.data()).stop().expect(0);
        audit(&community.data()).expect(0);
    }
}
