//! The other way to do it: a hash-chained table in `PostgreSQL`.
//!
//! What a careful team would build on a database: each entry names the hash of the one before, which
//! an advisory lock keeps from being read by two at once; one transaction an entry, durable when it is
//! answered (`fsync` and `synchronous_commit` on). It checks no signature and no rule. The clients are
//! `pgbench`'s, over a Unix socket, with a prepared statement; of several numbers of clients the best
//! counts. The server is Debian's, with its data in a directory of this run.

use std::{
    fs::{self, Permissions},
    io,
    os::unix::{
        fs::{MetadataExt as _, PermissionsExt as _, chown},
        process::CommandExt as _,
    },
    path::{Path, PathBuf},
    process::Command,
};

use system_tests::{
    binary::{self, Finished},
    process::Process,
};

use crate::AnyError;

/// How many clients try at once; they wait for one another at the lock.
const CLIENTS: [u32; 4] = [1, 4, 16, 64];
/// How long each number of clients is tried.
const SECONDS: u32 = 3;
/// The user and group `nobody` of Debian: the server refuses to run as root.
const NOBODY: u32 = 65_534;

const SCHEMA: &str = "
CREATE TABLE log (
    index bigint PRIMARY KEY,
    recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    previous bytea NOT NULL,
    leaf bytea NOT NULL,
    entry bytea NOT NULL
);
CREATE FUNCTION append(entry bytea) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    last record;
    place bigint;
BEGIN
    PERFORM pg_advisory_xact_lock(1);
    SELECT log.index, log.leaf INTO last FROM log ORDER BY log.index DESC LIMIT 1;
    place := coalesce(last.index + 1, 0);
    INSERT INTO log (index, previous, leaf, entry)
        VALUES (place, coalesce(last.leaf, ''), sha256(coalesce(last.leaf, '') || entry), entry);
    RETURN place;
END $$;";

/// Rows that do not continue the chain: none, or the comparison is worth nothing.
const BROKEN: &str = "
SELECT count(*) FROM (
    SELECT leaf <> sha256(previous || entry) OR index <> row_number() OVER w - 1
        OR previous <> coalesce(lag(leaf) OVER w, '') AS broken
    FROM log WINDOW w AS (ORDER BY index)) AS rows WHERE broken";

/// Rows a second, with the number of clients that got furthest.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Chained {
    pub(crate) rows: f64,
    pub(crate) clients: u32,
}

/// Measures with entries of so many bytes, in a directory of its own below `place`.
pub(crate) fn measure(place: &Path, entry_len: usize) -> Result<Chained, AnyError> {
    let server = Server::start(place)?;
    server.sql(SCHEMA)?;
    let script = server.home.join("append.sql");
    fs::write(
        &script,
        format!("SELECT append(decode(repeat('5a', {entry_len}), 'hex'));\n"),
    )?;
    let mut best = Chained {
        rows: 0.0,
        clients: 0,
    };
    for clients in CLIENTS {
        let rows = server.load(&script, clients)?;
        if rows > best.rows {
            best = Chained { rows, clients };
        }
    }
    let broken = server.sql(BROKEN)?;
    assert_eq!(broken.trim(), "0", "rows that do not continue the chain");
    Ok(best)
}

/// A server of our own, on a Unix socket only. Dropping it kills it.
struct Server {
    programs: PathBuf,
    home: PathBuf,
    /// Sockets have short paths: not below the build's directory.
    socket: tempfile::TempDir,
    _process: Process,
}

impl Server {
    fn start(place: &Path) -> Result<Self, AnyError> {
        let programs = programs().ok_or("there is no PostgreSQL server on this machine")?;
        let home = place.join("postgresql");
        fs::create_dir(&home)?;
        let socket = tempfile::tempdir()?;
        if is_root()? {
            // The directory above is ours alone, and the server is somebody else.
            fs::set_permissions(place, Permissions::from_mode(0o711))?;
            for directory in [home.as_path(), socket.path()] {
                chown(directory, Some(NOBODY), Some(NOBODY))?;
            }
        }
        let data = home.join("data");
        let mut initdb = program(&programs, "initdb", &home)?;
        initdb.args(["--auth=trust", "--username=bench", "--encoding=UTF8"]);
        initdb.args(["--locale=C", "--no-sync", "--pgdata"]);
        initdb.arg(&data);
        run(initdb)?;
        let mut postgres = program(&programs, "postgres", &home)?;
        postgres.arg("-D").arg(&data).arg("-k").arg(socket.path());
        for setting in [
            "listen_addresses=",
            "fsync=on",
            "synchronous_commit=on",
            "shared_buffers=256MB",
            "max_wal_size=4GB",
        ] {
            postgres.args(["-c", setting]);
        }
        let mut process = Process::spawn(postgres);
        let ready = |line: &str| line.contains("ready to accept connections").then_some(());
        if process.wait_for(ready).is_none() {
            return Err(format!("PostgreSQL did not start: {}", process.finish()).into());
        }
        Ok(Self {
            programs,
            home,
            socket,
            _process: process,
        })
    }

    /// What a statement answers.
    fn sql(&self, statement: &str) -> Result<String, AnyError> {
        let mut psql = self.client("psql")?;
        psql.args(["--no-psqlrc", "--quiet", "--tuples-only", "--no-align"]);
        psql.args(["--set=ON_ERROR_STOP=1", "--command", statement]);
        Ok(run(psql)?.stdout)
    }

    /// Transactions a second of so many clients.
    fn load(&self, script: &Path, clients: u32) -> Result<f64, AnyError> {
        let threads = std::thread::available_parallelism()?.get();
        let mut pgbench = self.client("pgbench")?;
        pgbench.args(["--no-vacuum", "--protocol=prepared", "--file"]);
        pgbench.arg(script);
        pgbench.args([
            format!("--client={clients}"),
            format!("--jobs={}", threads.min(clients as usize)),
            format!("--time={SECONDS}"),
        ]);
        let told = run(pgbench)?.stdout;
        let found = told.lines().find_map(|line| line.strip_prefix("tps = "));
        let number = found.and_then(|line| line.split_whitespace().next());
        number
            .and_then(|number| number.parse().ok())
            .ok_or_else(|| format!("pgbench tells no rate: {told}").into())
    }

    fn client(&self, name: &str) -> Result<Command, AnyError> {
        let mut command = program(&self.programs, name, &self.home)?;
        command.arg("--host").arg(self.socket.path());
        command.args(["--username=bench"]);
        command.env("PGDATABASE", "postgres");
        Ok(command)
    }
}

/// Where the server's programs are: as `make bench` says, or where Debian puts them, newest first.
fn programs() -> Option<PathBuf> {
    let named = std::env::var_os("GOVLEDGER_POSTGRESQL").map(PathBuf::from);
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten();
    let mut found: Vec<PathBuf> = versions
        .flatten()
        .map(|version| version.path().join("bin"))
        .collect();
    found.sort();
    let mut places = named.into_iter().chain(found.into_iter().rev());
    places.find(|place| place.join("initdb").is_file() && place.join("pgbench").is_file())
}

/// A program of the server's, as somebody other than root.
fn program(programs: &Path, name: &str, home: &Path) -> io::Result<Command> {
    let mut command = Command::new(programs.join(name));
    command.current_dir(home).env("LC_ALL", "C");
    // Packages that are unpacked and not installed bring libraries of their own.
    if let Some(lib) = programs.ancestors().nth(3) {
        let own = lib.join(format!("{}-linux-gnu", std::env::consts::ARCH));
        command.env("LD_LIBRARY_PATH", own);
    }
    if is_root()? {
        command.uid(NOBODY).gid(NOBODY);
    }
    Ok(command)
}

fn is_root() -> io::Result<bool> {
    Ok(fs::metadata("/proc/self")?.uid() == 0)
}

/// Runs a command to its end, which must be a good one.
fn run(command: Command) -> Result<Finished, AnyError> {
    let finished = binary::finish(command);
    match finished.code {
        Some(0) => Ok(finished),
        _ => Err(finished.to_string().into()),
    }
}
