//! TLS: certificates from files, kept secret, renewed without a restart.

use std::{
    fs::{self, Permissions},
    net::SocketAddr,
    os::unix::fs::PermissionsExt as _,
    path::Path,
    sync::Arc,
};

use gateway::server::{Server, StartError, TlsError};
use ledger::{SystemClock, config::TlsFiles};
use proto::v1::{ListLedgersRequest, query_service_client::QueryServiceClient};
use rcgen::{CertifiedKey, KeyPair, generate_simple_self_signed};
use tempfile::TempDir;
use tokio::sync::oneshot;
use tonic::transport::{Certificate, Channel, ClientTlsConfig};

use crate::support::{DEADLINE, Town, config};

type Pair = CertifiedKey<KeyPair>;

fn pair() -> Pair {
    generate_simple_self_signed(["localhost".to_owned()]).expect("a certificate")
}

fn files(dir: &Path) -> TlsFiles {
    TlsFiles {
        certificate: dir.join("certificate.pem"),
        key: dir.join("key.pem"),
    }
}

fn write(files: &TlsFiles, pair: &Pair) {
    fs::write(&files.certificate, pair.cert.pem()).unwrap();
    fs::write(&files.key, pair.signing_key.serialize_pem()).unwrap();
    fs::set_permissions(&files.key, Permissions::from_mode(0o600)).unwrap();
}

/// A ledger's directory, served by nobody.
async fn founded() -> TempDir {
    Town::founded().await.stop().await.0
}

async fn open(dir: &TempDir, files: TlsFiles) -> Result<Server, StartError> {
    let mut config = config(dir.path());
    config.serving.tls = Some(files);
    Server::open(&config, Arc::new(SystemClock::new())).await
}

/// Whether a client that trusts this certificate alone is answered.
async fn answers(server: SocketAddr, pair: &Pair) -> bool {
    let tls = ClientTlsConfig::new()
        .ca_certificate(Certificate::from_pem(pair.cert.pem()))
        .domain_name("localhost");
    let url = format!("https://{server}");
    let endpoint = Channel::from_shared(url).expect("an address");
    let endpoint = endpoint.tls_config(tls).expect("a configuration");
    let Ok(channel) = endpoint.connect().await else {
        return false;
    };
    let question = ListLedgersRequest::default();
    QueryServiceClient::new(channel)
        .list_ledgers(question)
        .await
        .is_ok()
}

#[tokio::test]
async fn a_certificate_is_served_and_its_successor_without_a_restart() {
    let dir = tempfile::tempdir().unwrap();
    let (first, second) = (pair(), pair());
    let files = files(dir.path());
    write(&files, &first);
    let home = founded().await;
    let server = open(&home, files.clone()).await.expect("it starts");
    assert_eq!(server.scheme(), "https");
    let address = server.address();
    let (stop, stopped) = oneshot::channel::<()>();
    let running = tokio::spawn(server.run(async {
        let _ = stopped.await;
    }));
    assert!(answers(address, &first).await);
    assert!(!answers(address, &second).await, "nobody trusts a stranger");

    // Half of the change, as it is for a moment: the old one stays.
    fs::write(&files.certificate, second.cert.pem()).unwrap();
    assert!(answers(address, &first).await);
    write(&files, &second);
    let renewed = async { while !answers(address, &second).await {} };
    let renewed = tokio::time::timeout(DEADLINE, renewed).await;
    renewed.expect("the new certificate is taken over");
    drop(stop);
    let ended = running.await.expect("no panic");
    ended.expect("no error");
}

#[tokio::test]
async fn a_key_that_others_can_read_or_that_does_not_fit_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let files = files(dir.path());
    write(&files, &pair());
    fs::set_permissions(&files.key, Permissions::from_mode(0o640)).unwrap();
    let home = founded().await;
    let refused = async || open(&home, files.clone()).await.err().expect("refused");
    let error = refused().await;
    let exposed = matches!(
        &error,
        StartError::Tls(TlsError::KeyExposed { mode: 0o640, .. })
    );
    assert!(exposed, "{error}");
    assert!(error.remedy().contains("0600"));

    write(&files, &pair());
    fs::write(&files.certificate, pair().cert.pem()).unwrap();
    let error = refused().await;
    assert!(
        matches!(error, StartError::Tls(TlsError::Unfit(_))),
        "{error}"
    );

    fs::write(&files.certificate, "no certificate").unwrap();
    let error = refused().await;
    assert!(matches!(&error, StartError::Tls(_)), "{error}");
    fs::remove_file(&files.key).unwrap();
    let error = refused().await;
    assert!(
        matches!(error, StartError::Tls(TlsError::Read { .. })),
        "{error}"
    );
}
