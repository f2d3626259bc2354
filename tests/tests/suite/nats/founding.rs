//! Founding a ledger on NATS.

use std::time::Duration;

use system_tests::binary::{self, Finished};
use system_tests::community::Community;
use system_tests::dice::Dice;
use system_tests::nats::NatsServer;
use system_tests::process::Process;
use system_tests::server::Server;

use super::serving::{audit, serve};

/// Founds a ledger on this server, or says why not.
pub(crate) fn found(community: &Community, nats: &NatsServer) -> Finished {
    binary::finish(found_command(community, nats))
}

fn found_command(community: &Community, nats: &NatsServer) -> std::process::Command {
    let mut command = community.found_command(community.ledger(), "council");
    command.args(["--nats", &nats.url()]);
    command
}

#[test]
fn a_ledger_is_founded_once_on_a_server_and_never_over_another() {
    let nats = NatsServer::start();
    let community = Community::unfounded("once");
    found(&community, &nats).expect(0);
    let again = found(&community, &nats).expect(1);
    assert!(again.stderr.contains("already"), "{again}");
    // Another data directory knows nothing of the first, but the stream is there.
    let stranger = Community::unfounded("once");
    let refused = found(&stranger, &nats).expect(1);
    assert!(refused.stderr.contains("GOV_once"), "{refused}");
    serve(&community, &nats).stop().expect(0);
    audit(&community, &nats).expect(0);
}

#[test]
fn nothing_is_founded_on_a_server_that_is_not_there() {
    let mut nats = NatsServer::start();
    nats.kill();
    let community = Community::unfounded("nowhere");
    let refused = found(&community, &nats).expect(3);
    assert!(refused.stderr.contains("NATS_UNAVAILABLE"), "{refused}");
    nats.restart();
    found(&community, &nats).expect(0);
}

#[test]
fn a_ledger_on_nats_is_not_served_without_it() {
    let nats = NatsServer::start();
    let community = Community::unfounded("alone");
    found(&community, &nats).expect(0);
    let refused = Server::try_start(&community.data()).expect_err("its log is not there");
    assert!(refused.stderr.contains("--nats"), "{refused}");
    let audited = system_tests::community::audit(&community.data()).expect(3);
    assert!(audited.stdout.contains("--nats"), "{audited}");
}

#[test]
fn a_founding_that_is_killed_is_there_or_can_be_repeated() {
    let mut dice = Dice::new(6);
    for round in 0..6 {
        let nats = NatsServer::start();
        let community = Community::unfounded("begun");
        let mut founding = Process::spawn(found_command(&community, &nats));
        founding.run_for(Duration::from_micros(dice.below(90_000)));
        founding.kill();
        // Where it came so far that its first entry was stored, the second attempt ends the first.
        let again = found(&community, &nats);
        let there = again.stderr.contains("already") && !again.stderr.contains("GOV_");
        assert!(again.code == Some(0) || there, "{round}: {again}");
        serve(&community, &nats).stop().expect(0);
        audit(&community, &nats).expect(0);
    }
}
