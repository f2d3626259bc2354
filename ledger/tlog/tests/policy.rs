//! Trust policies: whose cosignatures are enough, and which files say so.

use ed25519_dalek::SigningKey;
use proptest::prelude::*;
use tlog::cosignature::Cosigner;
use tlog::policy::{MAX_POLICY_ITEMS, MAX_POLICY_LEN, PolicyErrorKind};
use tlog::{NoteSigner, Policy, Verified, VerifierKey};

fn log(n: u8) -> VerifierKey {
    let key = SigningKey::from_bytes(&[n; 32]);
    let signer = NoteSigner::new(&format!("log.example/{n}"), key).unwrap();
    signer.verifier_key().clone()
}

fn witness(n: u8) -> VerifierKey {
    let key = SigningKey::from_bytes(&[n + 100; 32]);
    let cosigner = Cosigner::new(&format!("witness.example/{n}"), key).unwrap();
    cosigner.verifier_key().clone()
}

fn by(witnesses: &[u8]) -> Vec<Verified> {
    let one = |n: &u8| Verified {
        name: witness(*n).name().to_owned(),
        key_id: witness(*n).id(),
        timestamp: Some(1),
    };
    witnesses.iter().map(one).collect()
}

fn refused(text: impl AsRef<[u8]>) -> (usize, PolicyErrorKind) {
    let error = Policy::parse(text.as_ref()).expect_err("no policy");
    (error.line, error.kind)
}

/// The specification's example: two of three X, and any of three Y.
fn example() -> String {
    let witnesses = (1..=6).map(|n| match n {
        1..=3 => format!("witness X{n} {}\n", witness(n)),
        _ => format!("witness Y{} {}\n", n - 3, witness(n)),
    });
    let text = format!("log {}\n\n", log(1)) + &witnesses.collect::<String>();
    text + "group X-witnesses 2 X1 X2 X3\n\
            group Y-witnesses any Y1 Y2 Y3\n\
            # both organizations\n\
            group X-and-Y all X-witnesses Y-witnesses\n\
            quorum X-and-Y\n"
}

#[test]
fn the_example_of_the_specification_asks_both_organizations() {
    let policy = Policy::parse(example().as_bytes()).unwrap();
    assert_eq!(policy.logs()[0].key, log(1));
    assert_eq!(policy.witnesses().len(), 6);
    assert!(policy.needs_witnesses());
    for enough in [&[1, 2, 4][..], &[2, 3, 6], &[1, 3, 5], &[1, 2, 3, 4, 5, 6]] {
        assert!(policy.is_met_by(&by(enough)), "{enough:?}");
    }
    for short in [
        &[][..],
        &[1, 2],
        &[1, 4],
        &[4, 5, 6],
        &[1, 2, 3],
        &[1, 1, 4],
    ] {
        assert!(!policy.is_met_by(&by(short)), "{short:?}");
    }
}

#[test]
fn a_policy_may_ask_nobody_or_a_single_witness() {
    let nobody = Policy::parse(b"quorum none\n").unwrap();
    assert!(nobody.is_met_by(&[]) && !nobody.needs_witnesses());
    let text = format!("witness w {} https://w.example/\nquorum w\n", witness(1));
    let one = Policy::parse(text.as_bytes()).unwrap();
    assert_eq!(
        one.witnesses()[0].url.as_deref(),
        Some("https://w.example/")
    );
    assert!(one.is_met_by(&by(&[1])) && !one.is_met_by(&by(&[2])));
    // The key counts, not the name it has: another id under the same name is somebody else.
    let mut other = by(&[1]);
    other[0].key_id ^= 1;
    assert!(!one.is_met_by(&other));
}

#[test]
fn spaces_tabs_comments_and_octets_are_as_the_specification_says() {
    let (a, b) = (witness(1), witness(2));
    let text =
        format!("\t # a comment\n  \nwitness \t K\u{212a} {a}\nwitness K {b} \t\nquorum  K\n");
    let policy = Policy::parse(text.as_bytes()).unwrap();
    assert!(policy.is_met_by(&by(&[2])) && !policy.is_met_by(&by(&[1])));
    let mut odd = format!("witness \u{ff} {a}\n").into_bytes();
    odd.splice(8..10, [0xff]);
    odd.extend(b"quorum \xff\n");
    let policy = Policy::parse(&odd).unwrap();
    assert_eq!(policy.witnesses()[0].name.as_bytes(), b"\xff");
    for control in [0x00, 0x0b, 0x0d, 0x1f, 0x7f] {
        let text = [b"quorum none".as_slice(), &[control], b"\n"].concat();
        assert_eq!(refused(text), (1, PolicyErrorKind::Character));
    }
}

#[test]
fn what_is_no_policy_is_refused_with_its_line() {
    use PolicyErrorKind as Kind;
    let (w, l) = (witness(1), log(1));
    let kind = |text: &str| {
        refused(
            text.replace("$W", &w.to_string())
                .replace("$L", &l.to_string()),
        )
    };
    assert_eq!(kind(""), (1, Kind::Quorum));
    assert_eq!(kind("log $L\n"), (2, Kind::Quorum));
    assert_eq!(kind("quorum none\nquorum none\n"), (2, Kind::Quorum));
    assert_eq!(kind("quorum none"), (1, Kind::Unterminated));
    assert_eq!(kind("witnes w $W\n"), (1, Kind::Keyword));
    assert_eq!(kind("log $W\n"), (1, Kind::KeyKind));
    assert_eq!(kind("witness w $L\n"), (1, Kind::KeyKind));
    assert!(matches!(kind("log x\n"), (1, Kind::Key(_))));
    assert!(matches!(kind("log\n"), (1, Kind::Words(_))));
    assert!(matches!(kind("log $L u v\n"), (1, Kind::Words(_))));
    assert!(matches!(kind("witness w\n"), (1, Kind::Words(_))));
    assert!(matches!(kind("group g all\n"), (1, Kind::Words(_))));
    assert!(matches!(kind("quorum\n"), (1, Kind::Words(_))));
    assert_eq!(kind("log $L\nlog $L\n"), (2, Kind::DuplicateKey));
    assert_eq!(
        kind("witness a $W\nwitness b $W\n"),
        (2, Kind::DuplicateKey)
    );
    assert!(matches!(kind("witness none $W\n"), (1, Kind::NameTaken(_))));
    assert!(matches!(
        kind("witness a $W\ngroup a all a\n"),
        (2, Kind::NameTaken(_))
    ));
    assert!(matches!(
        kind("group g all a\nwitness a $W\n"),
        (1, Kind::UnknownName(_))
    ));
    assert!(matches!(
        kind("quorum a\nwitness a $W\n"),
        (1, Kind::UnknownName(_))
    ));
    assert!(matches!(
        kind("group g all none\n"),
        (1, Kind::UnknownName(_))
    ));
    assert!(matches!(
        kind("witness a $W\ngroup g all a a\n"),
        (2, Kind::MemberTwice(_))
    ));
    assert!(matches!(
        kind("witness a $W\ngroup g all a\ngroup h any a\n"),
        (3, Kind::MemberTwice(_))
    ));
    for threshold in ["0", "2", "01", "most", "-1"] {
        let text = format!("witness a $W\ngroup g {threshold} a\nquorum g\n");
        assert_eq!(kind(&text), (2, Kind::Threshold), "{threshold}");
    }
    assert!(Policy::parse(format!("witness a {w}\ngroup g 1 a\nquorum g\n").as_bytes()).is_ok());
}

/// A key under another name or of another kind is the same key (tlog-policy, "Public key representation").
#[test]
fn the_same_public_key_under_another_name_is_a_duplicate() {
    let key = SigningKey::from_bytes(&[7; 32]);
    let [a, b] = ["a.example", "b.example"].map(|name| Cosigner::new(name, key.clone()).unwrap());
    let text = format!(
        "witness a {}\nwitness b {}\nquorum none\n",
        a.verifier_key(),
        b.verifier_key()
    );
    assert_eq!(refused(text), (2, PolicyErrorKind::DuplicateKey));
}

#[test]
fn as_many_witnesses_as_the_specification_asks_for_and_not_endless_many() {
    let lines = |count: usize| {
        let line = |n| format!("witness w{n} {}\n", witness(u8::try_from(n).unwrap()));
        (0..count).map(line).collect::<String>() + "quorum none\n"
    };
    assert!(Policy::parse(lines(MAX_POLICY_ITEMS).as_bytes()).is_ok());
    let (line, kind) = refused(lines(MAX_POLICY_ITEMS + 1));
    assert_eq!(
        (line, kind),
        (MAX_POLICY_ITEMS + 1, PolicyErrorKind::TooMany)
    );
    let long = "#".repeat(MAX_POLICY_LEN) + "\n";
    assert_eq!(refused(long), (1, PolicyErrorKind::TooLong));
}

proptest! {
    #[test]
    fn no_bytes_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let _ = Policy::parse(&bytes);
    }
}
