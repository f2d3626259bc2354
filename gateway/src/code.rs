//! A text as a code of black and white squares (QR, ISO/IEC 18004): receipts on paper and on a terminal.

use std::fmt::Write as _;

use qrcode::{Color, EcLevel, QrCode};

/// White squares all around, as the standard asks for.
const QUIET: usize = 4;

/// A code. Whoever reads it gets the text, byte by byte.
pub(crate) struct Code {
    width: usize,
    squares: Vec<Color>,
}

impl Code {
    /// A text as a code; none if it is too long for one, beyond 2,953 bytes.
    pub(crate) fn of(text: &str) -> Option<Self> {
        // Least correction: receipts are long, and printed large.
        let code = QrCode::with_error_correction_level(text, EcLevel::L).ok()?;
        let width = code.width();
        let squares = code.into_colors();
        Some(Self { width, squares })
    }

    /// Squares from side to side, the white ones around included.
    pub(crate) fn side(&self) -> usize {
        self.width + 2 * QUIET
    }

    fn is_dark(&self, x: usize, y: usize) -> bool {
        let within = |at: usize| at.checked_sub(QUIET).filter(|at| *at < self.width);
        match (within(x), within(y)) {
            (Some(x), Some(y)) => self.squares[y * self.width + x] == Color::Dark,
            _ => false,
        }
    }

    /// The black squares as the path of a drawing (SVG), a unit each.
    pub(crate) fn path(&self) -> String {
        let mut path = String::new();
        for y in 0..self.side() {
            for x in (0..self.side()).filter(|x| self.is_dark(*x, y)) {
                // Writing to a text does not fail.
                let _ = write!(path, "M{x} {y}h1v1h-1z");
            }
        }
        path
    }

    /// A drawing of its own (SVG), four pixels a square.
    pub(crate) fn svg(&self) -> String {
        let side = self.side();
        let (pixels, path) = (4 * side, self.path());
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {side} {side}\" width=\"{pixels}\" \
             height=\"{pixels}\" shape-rendering=\"crispEdges\"><rect width=\"{side}\" height=\"{side}\" \
             fill=\"#fff\"/><path d=\"{path}\"/></svg>\n"
        )
    }

    /// Lines of text, two rows of squares each; the white squares are the letters' colour, which on most
    /// terminals is the light one.
    pub(crate) fn text(&self) -> String {
        let mut text = String::new();
        for y in (0..self.side()).step_by(2) {
            for x in 0..self.side() {
                text.push(match (self.is_dark(x, y), self.is_dark(x, y + 1)) {
                    (false, false) => '█',
                    (false, true) => '▀',
                    (true, false) => '▄',
                    (true, true) => ' ',
                });
            }
            text.push('\n');
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a reader that is not ours reads from squares.
    fn read(side: usize, dark: impl Fn(usize, usize) -> bool) -> String {
        let mut image = rqrr::PreparedImage::prepare_from_greyscale(4 * side, 4 * side, |x, y| {
            if dark(x / 4, y / 4) { 0 } else { 255 }
        });
        let grids = image.detect_grids();
        assert_eq!(grids.len(), 1, "there is one code");
        let (_, text) = grids[0].decode().expect("it can be read");
        text
    }

    /// As long as receipts are, with what is no ASCII in them.
    fn texts() -> Vec<String> {
        let line =
            "— witness.example.org/w1 B76CegAAAABpWw48mHUqJ9OMjARB1nHzLqPu1SVjHYJnUV4diW4CZuo=\n";
        vec![
            "c2sp.org/tlog-proof@v1\nindex 0\n\nrecords.example.org/xinyuanli\n1\n".to_owned(),
            line.repeat(9),
            format!("{}\n", line.repeat(28)),
        ]
    }

    #[test]
    fn a_code_is_read_back_to_the_same_bytes_from_squares_drawing_and_terminal() {
        for text in texts() {
            let code = Code::of(&text).expect("it fits");
            let side = code.side();
            assert_eq!(read(side, |x, y| code.is_dark(x, y)), text);
            // The drawing has just these squares.
            let path = code.path();
            let drawn = |x, y| path.contains(&format!("M{x} {y}h1v1h-1z"));
            for (x, y) in [(QUIET, QUIET), (side / 2, side / 2), (side - 5, QUIET)] {
                assert_eq!(drawn(x, y), code.is_dark(x, y));
            }
            assert!(code.svg().contains(&path));
            let lines: Vec<Vec<char>> = code.text().lines().map(|l| l.chars().collect()).collect();
            let shown = |x: usize, y: usize| match lines[y / 2][x] {
                '█' => false,
                '▀' => y % 2 == 1,
                '▄' => y.is_multiple_of(2),
                _ => true,
            };
            assert_eq!(read(side, shown), text);
        }
    }

    #[test]
    fn what_is_too_long_is_no_code() {
        assert!(Code::of(&"x".repeat(2_953)).is_some());
        assert!(Code::of(&"x".repeat(2_954)).is_none());
    }
}
