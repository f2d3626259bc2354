//! Being let in: TLS, and each kind of credentials, against a server that asks for them.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use nkeys::KeyPair;
use rcgen::generate_simple_self_signed;
use serde_json::{Value, json};
use system_tests::binary::{self, Finished};
use system_tests::community::Community;
use system_tests::nats::NatsServer;
use system_tests::server::Server;

/// A server that speaks nothing but TLS and lets nobody in without credentials.
struct Guarded {
    server: NatsServer,
    community: Community,
    ca: PathBuf,
}

impl Guarded {
    /// The users are whom this part of the configuration lets in.
    fn start(ledger: &str, users: &str) -> Guarded {
        let community = Community::unfounded(ledger);
        let pair = generate_simple_self_signed(["localhost".to_owned()]).expect("a certificate");
        let ca = community.write("ca.pem", pair.cert.pem());
        let key = community.write("tls.pem", pair.signing_key.serialize_pem());
        let tls = format!(
            "tls {{\n  cert_file: \"{}\"\n  key_file: \"{}\"\n}}\n{users}",
            ca.display(),
            key.display()
        );
        Guarded {
            server: NatsServer::start_with(tls),
            community,
            ca,
        }
    }

    /// By a name that the certificate is for.
    fn url(&self) -> String {
        self.server.url().replace("127.0.0.1", "localhost")
    }

    fn secret(&self, name: &str, text: &str) -> PathBuf {
        let path = self.community.write(name, text);
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).expect("it is ours");
        path
    }

    fn with(&self, mut command: Command, credentials: Option<&Path>, ca: &Path) -> Command {
        command.args(["--nats", &self.url()]);
        command.arg("--nats-ca").arg(ca);
        if let Some(credentials) = credentials {
            command.arg("--nats-credentials").arg(credentials);
        }
        command
    }

    fn found(&self, credentials: Option<&Path>, ca: &Path) -> Finished {
        let ledger = self.community.ledger();
        let command = self.community.found_command(ledger, "council");
        binary::finish(self.with(command, credentials, ca))
    }

    /// Founds, serves and audits with these.
    fn assert_lets_in(&self, credentials: &Path) {
        self.found(Some(credentials), &self.ca).expect(0);
        let serve = Server::command(&self.community.data());
        let serve = self.with(serve, Some(credentials), &self.ca);
        let server = Server::try_start_by(serve).expect("it is served");
        server.stop().expect(0);
        let mut audit = binary::command(["audit", "--data"]);
        audit.arg(self.community.data());
        binary::finish(self.with(audit, Some(credentials), &self.ca)).expect(0);
        // The environment says the same as the flags: of that directory, and of the log by itself.
        for source in [
            vec!["--data".into(), self.community.data()],
            vec!["--ledger".into(), self.community.ledger().into()],
        ] {
            let mut audit = binary::command(["audit"]);
            audit.args(source);
            audit.env("GOVLEDGER_NATS_URL", self.url());
            audit.env("GOVLEDGER_NATS_CREDENTIALS", credentials);
            audit.env("GOVLEDGER_NATS_CA", &self.ca);
            let audited = binary::finish(audit);
            // Of the log alone it gets as far as asking for something to hold it against.
            let reached = audited.stderr.contains("no running node gave a checkpoint");
            assert!(audited.code == Some(0) || reached, "{audited}");
        }
    }

    #[track_caller]
    fn assert_keeps_out(&self, credentials: Option<&Path>, ca: &Path) {
        let refused = self.found(credentials, ca).expect(3);
        assert!(refused.stderr.contains("NATS_UNAVAILABLE"), "{refused}");
        assert!(!refused.stderr.contains("secret"), "{refused}");
    }
}

#[test]
fn a_user_with_a_password_is_let_in_over_tls_and_no_other() {
    let users = "authorization {\n  users: [{user: node, password: \"a secret: of mine\"}]\n}\n";
    let guarded = Guarded::start("password", users);
    let wrong = guarded.secret("wrong", "node:another secret\n");
    guarded.assert_keeps_out(Some(&wrong), &guarded.ca);
    guarded.assert_keeps_out(None, &guarded.ca);
    let right = guarded.secret("right", "node:a secret: of mine\n");
    // Another authority than the server's.
    let stranger = generate_simple_self_signed(["localhost".to_owned()]).expect("a certificate");
    let stranger = guarded.community.write("other.pem", stranger.cert.pem());
    guarded.assert_keeps_out(Some(&right), &stranger);
    guarded.assert_lets_in(&right);
    // A server that is there and says no is not waited for.
    let serve = guarded.with(
        Server::command(&guarded.community.data()),
        Some(&wrong),
        &guarded.ca,
    );
    let refused = Server::try_start_by(serve).expect_err("it may not");
    assert!(refused.stderr.contains("authorization"), "{refused}");
    assert!(!refused.stderr.contains("waiting for NATS"), "{refused}");
}

#[test]
fn a_user_with_an_nkey_is_let_in_over_tls_and_no_other() {
    let user = KeyPair::new_user();
    let users = format!(
        "authorization {{\n  users: [{{nkey: {}}}]\n}}\n",
        user.public_key()
    );
    let guarded = Guarded::start("nkey", &users);
    let stranger = KeyPair::new_user().seed().expect("whole");
    let stranger = guarded.secret("stranger", &stranger);
    guarded.assert_keeps_out(Some(&stranger), &guarded.ca);
    let seed = user.seed().expect("whole");
    guarded.assert_lets_in(&guarded.secret("seed", &seed));
}

/// A JWT as NATS has them.
fn jwt(issuer: &KeyPair, subject: &KeyPair, name: &str, nats: &Value) -> String {
    let part = |value: &Value| BASE64_URL_SAFE_NO_PAD.encode(value.to_string());
    let head = part(&json!({"typ": "JWT", "alg": "ed25519-nkey"}));
    let claims = part(&json!({
        "jti": name,
        "iat": 1_700_000_000,
        "iss": issuer.public_key(),
        "sub": subject.public_key(),
        "name": name,
        "nats": nats,
    }));
    let signed = format!("{head}.{claims}");
    let signature = issuer.sign(signed.as_bytes()).expect("a whole pair");
    format!("{signed}.{}", BASE64_URL_SAFE_NO_PAD.encode(signature))
}

/// The file that `nsc` gives a user.
fn creds(user: &KeyPair, jwt: &str) -> String {
    let seed = user.seed().expect("whole");
    format!(
        "-----BEGIN NATS USER JWT-----\n{jwt}\n------END NATS USER JWT------\n\n\
         -----BEGIN USER NKEY SEED-----\n{seed}\n------END USER NKEY SEED------\n"
    )
}

#[test]
fn a_user_with_a_creds_file_is_let_in_over_tls_and_no_other() {
    let (operator, account) = (KeyPair::new_operator(), KeyPair::new_account());
    let (system, user) = (KeyPair::new_account(), KeyPair::new_user());
    let unlimited = json!({
        "subs": -1, "data": -1, "payload": -1, "imports": -1, "exports": -1, "wildcards": true,
        "conn": -1, "leaf": -1, "mem_storage": -1, "disk_storage": -1, "streams": -1, "consumer": -1,
    });
    let of_account = json!({"type": "account", "version": 2, "limits": unlimited});
    let of_system = json!({"type": "account", "version": 2, "limits": {
        "subs": -1, "data": -1, "payload": -1, "imports": -1, "exports": -1, "wildcards": true,
        "conn": -1, "leaf": -1,
    }});
    let of_operator = json!({"type": "operator", "version": 2});
    let of_user = json!({"type": "user", "version": 2, "subs": -1, "data": -1, "payload": -1});
    let users = format!(
        "operator: {}\nsystem_account: {}\nresolver: MEMORY\n\
         resolver_preload: {{\n  {}: {}\n  {}: {}\n}}\n",
        jwt(&operator, &operator, "operator", &of_operator),
        system.public_key(),
        account.public_key(),
        jwt(&operator, &account, "community", &of_account),
        system.public_key(),
        jwt(&operator, &system, "system", &of_system),
    );
    let guarded = Guarded::start("creds", &users);
    // Of an account that nobody knows.
    let unknown = KeyPair::new_account();
    let forged = creds(&user, &jwt(&unknown, &user, "node", &of_user));
    guarded.assert_keeps_out(Some(&guarded.secret("forged", &forged)), &guarded.ca);
    let given = creds(&user, &jwt(&account, &user, "node", &of_user));
    guarded.assert_lets_in(&guarded.secret("node.creds", &given));
}
