//! How commands are told of a NATS server.

use std::path::PathBuf;

use clap::Args;
use ledger::{
    Config,
    config::{Overrides, read_environment},
    nats::{Nats, NatsError, NatsOverrides},
};

use super::failure::Failure;

/// A NATS server, where one may be given.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct NatsArgs {
    #[arg(
        long,
        value_name = "URL",
        help = "The NATS server that has logs and contents [env: GOVLEDGER_NATS_URL]"
    )]
    nats: Option<String>,
    #[command(flatten)]
    access: NatsAccess,
}

/// What else it takes to be let in.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct NatsAccess {
    #[arg(
        long = "nats-credentials",
        value_name = "FILE",
        help = "The credentials of a NATS user, readable by their owner alone \
                [env: GOVLEDGER_NATS_CREDENTIALS]"
    )]
    credentials: Option<PathBuf>,
    #[arg(
        long = "nats-ca",
        value_name = "FILE",
        help = "The certificate authorities of the NATS server (PEM) [env: GOVLEDGER_NATS_CA]"
    )]
    ca: Option<PathBuf>,
    #[arg(
        long = "nats-api",
        value_name = "PREFIX",
        help = "What JetStream's API begins with, where the user's account imports it [default: $JS.API] \
                [env: GOVLEDGER_NATS_API]"
    )]
    api: Option<String>,
}

/// The NATS server that is named by a flag, or else by the environment.
pub(crate) fn named(flag: Option<&str>) -> Option<String> {
    let told = flag.map(str::to_owned);
    let told = told.or_else(|| read_environment("GOVLEDGER_NATS_URL"));
    told.filter(|url| !url.is_empty())
}

impl NatsArgs {
    /// What the flags say.
    pub(crate) fn overrides(&self) -> NatsOverrides {
        self.access.overrides(self.nats.clone())
    }
}

impl NatsAccess {
    fn overrides(&self, url: Option<String>) -> NatsOverrides {
        NatsOverrides {
            url,
            credentials: self.credentials.clone(),
            ca: self.ca.clone(),
            api: self.api.clone(),
            ..NatsOverrides::default()
        }
    }

    /// A connection to the server at this address, with what flags and environment say.
    pub(crate) async fn connect(&self, url: &str) -> Result<Nats, Failure> {
        let flags = Overrides {
            nats: Some(self.overrides(Some(url.to_owned()))),
            ..Overrides::default()
        };
        let config = Config::load(None, read_environment, flags);
        let config = config.map_err(|error| Failure::usage(error.to_string()))?;
        let Some(nats) = config.nats else {
            return Err(Failure::usage(
                "--nats is empty; give an address such as nats://127.0.0.1:4222",
            ));
        };
        Nats::connect(&nats).await.map_err(|error| failure(&error))
    }
}

/// What keeps a command from NATS.
pub(crate) fn failure(error: &NatsError) -> Failure {
    let failure = match error {
        NatsError::Url { .. } | NatsError::SecretInUrl | NatsError::CredentialsForm { .. } => {
            Failure::usage(error.to_string())
        }
        _ => Failure::unavailable(error.to_string()),
    };
    failure.next(error.remedy())
}
