//! How long a page of the public site takes, from the request to its last byte, over one connection that stays
//! open: what a resident waits for, and what a page costs the server.

use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::TcpStream,
    time::{Duration, Instant},
};

use system_tests::dice::Dice;

use crate::{
    AnyError,
    community::LEDGER,
    report::{percentile, time},
};

/// What is aimed at, for every page (issue "A page every resident can read").
const AIM: Duration = Duration::from_millis(50);
/// Requests for a page, one after the other.
const REQUESTS: usize = 200;

/// How long one kind of page took.
pub(crate) struct PageTimes {
    what: &'static str,
    /// Of the longest.
    bytes: usize,
    /// The first of them: what has to be read or made first.
    first: Duration,
    /// All but the first, shortest first.
    rest: Vec<Duration>,
}

/// Asks for each kind of page; decisions are of any of the motions, entries any of the log's.
pub(crate) fn measure(url: &str, motions: u64, entries: u64) -> Result<Vec<PageTimes>, AnyError> {
    let mut browser = Browser::connect(url)?;
    let mut dice = Dice::new(2);
    let mut kind = |what, mut address: Box<dyn FnMut(&mut Dice) -> String>| {
        let mut times = Vec::with_capacity(REQUESTS);
        let mut bytes = 0;
        for _ in 0..=REQUESTS {
            let at = format!("/{LEDGER}{}", address(&mut dice));
            let begun = Instant::now();
            bytes = bytes.max(browser.get(&at)?);
            times.push(begun.elapsed());
        }
        let first = times.remove(0);
        times.sort();
        Ok::<_, AnyError>(PageTimes {
            what,
            bytes,
            first,
            rest: times,
        })
    };
    let fixed = |address: &'static str| -> Box<dyn FnMut(&mut Dice) -> String> {
        Box::new(move |_| address.to_owned())
    };
    Ok(vec![
        kind("home", fixed(""))?,
        kind("decisions", fixed("/decisions"))?,
        kind(
            "decisions of a body, by outcome and day",
            fixed("/decisions?body=assembly&outcome=adopted&from=2020-01-01"),
        )?,
        kind(
            "decisions by an outcome that none has",
            fixed("/decisions?outcome=partly-filled"),
        )?,
        kind(
            "decisions by a power that none has",
            fixed("/decisions?power=none&matter=none"),
        )?,
        kind(
            "one decision, any",
            Box::new(move |dice| format!("/decisions/motion-{}", dice.below(motions))),
        )?,
        kind("motions open for voting", fixed("/motions?status=open"))?,
        kind("timeline", fixed("/timeline"))?,
        kind(
            "one entry, any",
            Box::new(move |dice| format!("/entries/{}", dice.below(entries))),
        )?,
        kind("search", fixed("/search?query=lamps"))?,
    ])
}

impl PageTimes {
    /// One line beside what is aimed at.
    pub(crate) fn print(&self) {
        let (half, most) = (percentile(&self.rest, 50), percentile(&self.rest, 99));
        let met = if most <= AIM { "met" } else { "MISSED" };
        println!(
            "    {:<40} {:>5} KiB  first {:>10}  p50/p99 {:>21}  aim {}: {met}",
            self.what,
            self.bytes.div_ceil(1024),
            time(self.first),
            format!("{}/{}", time(half), time(most)),
            time(AIM),
        );
    }
}

/// One connection, asked one thing after the other, as a browser keeps it.
pub(crate) struct Browser {
    connection: BufReader<TcpStream>,
    host: String,
}

impl Browser {
    pub(crate) fn connect(url: &str) -> Result<Self, AnyError> {
        let host = url.strip_prefix("http://").ok_or("plain HTTP")?;
        let connection = TcpStream::connect(host)?;
        connection.set_nodelay(true)?;
        Ok(Self {
            connection: BufReader::new(connection),
            host: host.to_owned(),
        })
    }

    /// A page; the length of its body. Pages are answered whole, with their length.
    pub(crate) fn get(&mut self, address: &str) -> Result<usize, AnyError> {
        let host = &self.host;
        let asked =
            format!("GET {address} HTTP/1.1\r\nhost: {host}\r\naccept-language: zh\r\n\r\n");
        self.connection.get_mut().write_all(asked.as_bytes())?;
        let mut line = String::new();
        self.connection.read_line(&mut line)?;
        if !line.starts_with("HTTP/1.1 200 ") {
            return Err(format!("{address}: {line}").into());
        }
        let mut length = None;
        loop {
            line.clear();
            self.connection.read_line(&mut line)?;
            let header = line.trim_end().to_ascii_lowercase();
            if header.is_empty() {
                break;
            }
            if let Some(value) = header.strip_prefix("content-length:") {
                length = Some(value.trim().parse()?);
            }
        }
        let mut body = vec![0; length.ok_or("a page says its length")?];
        self.connection.read_exact(&mut body)?;
        Ok(body.len())
    }
}
