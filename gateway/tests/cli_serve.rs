//! `govledger serve` as a supervisor sees it: when it starts, when it does not, and how it ends.

mod support;

use support::Place;

#[test]
fn without_a_ledger_it_says_how_to_get_one() {
    let place = Place::new();
    place
        .line("serve --listen 127.0.0.1:0")
        .code(3)
        .warns("error: there is no ledger in ./govledger-data")
        .warns("`govledger found`")
        .warns("`govledger demo`");
    assert!(!place.path("govledger-data").exists());
}

#[test]
fn a_configuration_that_is_wrong_is_usage() {
    let place = Place::new();
    place.write("wrong.toml", "lissten = \"127.0.0.1:0\"\n");
    place
        .line("serve --config wrong.toml")
        .code(2)
        .warns("lissten");
    place
        .line("serve --config none.toml")
        .code(2)
        .warns("none.toml");
    place
        .line("serve --listen nowhere")
        .code(2)
        .warns("nowhere");
}

/// SIGTERM: everything is put away, and the next start finds it.
#[cfg(unix)]
#[test]
fn it_ends_well_when_asked_to_and_starts_again() {
    let place = Place::new();
    place.found("council");
    for _ in 0..2 {
        let server = place.serve();
        place
            .run(&["query", "ledgers", "--server", &server.url])
            .code(0)
            .says("town");
        assert_eq!(server.asked_to_end(), Some(0));
    }
}

#[test]
fn one_directory_is_served_once() {
    let place = Place::new();
    place.found("council");
    let server = place.serve();
    place
        .line("serve --listen 127.0.0.1:0")
        .code(3)
        .warns("in use by another process");
    let taken = server.url.trim_start_matches("http://");
    place
        .run(&["serve", "--listen", taken])
        .code(3)
        .warns("cannot listen on");
}
