//! A client in another language, made from the `.proto` files alone.

use std::path::PathBuf;
use std::process::Command;

use system_tests::binary;
use system_tests::community::Community;
use system_tests::officer::Officer;
use system_tests::server::Server;

/// The interpreter that has grpcio: the one `make python` makes beside the binary.
pub(crate) fn interpreter() -> PathBuf {
    let beside = binary::path()
        .ancestors()
        .nth(2)
        .expect("target/<profile>/govledger")
        .join("python/bin/python");
    let python = std::env::var_os("GOVLEDGER_PYTHON").map_or(beside, PathBuf::from);
    assert!(
        python.is_file(),
        "there is no {}: make it with `make python`, or name one that has \
         tests/python/requirements.txt in GOVLEDGER_PYTHON",
        python.display()
    );
    python
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_made_from_the_proto_files_signs_submits_and_checks() {
    let community = Community::found("python", "council");
    let server = Server::start(&community.data());
    let client = server.client().await;
    let clerk = Officer::of(&client, community.ledger(), &community.key("clerk")).await;
    let capacity = clerk.capacity().expect("the clerk holds an office");

    let mut command = Command::new(interpreter());
    binary::without_settings(&mut command);
    command.arg(binary::workspace().join("tests/python/client.py"));
    command.arg(binary::workspace().join("proto"));
    command.arg(server.url().trim_start_matches("http://"));
    command.arg(community.ledger());
    command.arg(community.key("clerk"));
    command.args([clerk.person(), &capacity.body, &capacity.office]);
    let told = binary::finish(command).expect(0).json();

    // The founding and the newcomer; nothing that was refused was stored.
    assert_eq!((&told["index"], &told["entries"]), (&1.into(), &2.into()));
    let expected = [
        ("altered", "INVALID_ARGUMENT", "BAD_SIGNATURE"),
        ("alone", "INVALID_ARGUMENT", "MISSING_SIGNATURE"),
        ("garbage", "INVALID_ARGUMENT", "NOT_PROTOBUF"),
    ];
    for (what, code, reason) in expected {
        let refusal = &told["refusals"][what];
        assert_eq!(refusal[0], code, "{what}: {refusal}");
        // A google.rpc.Status with an ErrorInfo in it, as text; its reason and domain are ASCII.
        let details = refusal[1].as_str().expect("details");
        for wanted in ["google.rpc.ErrorInfo", reason, "govledger"] {
            assert!(
                details.contains(wanted),
                "{what} without {wanted}: {details}"
            );
        }
    }
    let after = system_tests::officer::summary(&client, community.ledger()).await;
    assert_eq!(after.size, 2);
    server.stop().expect(0);
}
