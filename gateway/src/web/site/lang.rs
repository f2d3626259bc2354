//! The two languages of the pages.

/// A language of the catalogue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lang {
    /// 简体中文.
    Zh,
    /// English.
    En,
}

impl Lang {
    /// All there are.
    pub(super) const ALL: [Self; 2] = [Self::Zh, Self::En];

    /// As an address says it.
    pub(super) const fn code(self) -> &'static str {
        match self {
            Self::Zh => "zh",
            Self::En => "en",
        }
    }

    /// As HTML and HTTP say it (BCP 47).
    pub(super) const fn tag(self) -> &'static str {
        match self {
            Self::Zh => "zh-CN",
            Self::En => "en",
        }
    }

    /// As Open Graph says it.
    pub(super) const fn locale(self) -> &'static str {
        match self {
            Self::Zh => "zh_CN",
            Self::En => "en_GB",
        }
    }

    /// Its own name.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Zh => "中文",
            Self::En => "English",
        }
    }

    /// The other one.
    pub(super) const fn other(self) -> Self {
        match self {
            Self::Zh => Self::En,
            Self::En => Self::Zh,
        }
    }

    /// The language of a code.
    pub(super) fn of_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|lang| lang.code() == code)
    }

    /// What a visitor's settings ask for (`Accept-Language`, RFC 9110 §12.5.4). Without settings: Chinese;
    /// where they name neither, English.
    pub(super) fn preferred(accept: Option<&str>) -> Self {
        let Some(accept) = accept.filter(|accept| !accept.trim().is_empty()) else {
            return Self::Zh;
        };
        let mut best = (0, Self::En);
        for range in accept.split(',') {
            let (range, weight) = weighted(range);
            if let Some(lang) = Self::of_range(range)
                && weight > best.0
            {
                best = (weight, lang);
            }
        }
        best.1
    }

    fn of_range(range: &str) -> Option<Self> {
        let primary = range.split('-').next().unwrap_or_default();
        Self::ALL
            .into_iter()
            .find(|lang| primary.eq_ignore_ascii_case(lang.code()))
    }
}

/// A language range and its weight in thousandths.
fn weighted(range: &str) -> (&str, u32) {
    let mut parts = range.split(';').map(str::trim);
    let name = parts.next().unwrap_or_default();
    let weight = parts.find_map(|part| part.strip_prefix("q="));
    (name, weight.map_or(1_000, thousandths))
}

/// `0.8` → 800; what is no weight weighs nothing.
fn thousandths(weight: &str) -> u32 {
    let (whole, part) = weight.split_once('.').unwrap_or((weight, ""));
    let digits = part.bytes().take(3).filter(u8::is_ascii_digit);
    let (part, scale) = digits.fold((0, 1_000), |(sum, scale), digit| {
        (sum + u32::from(digit - b'0') * scale / 10, scale / 10)
    });
    debug_assert!(scale <= 1_000);
    match whole {
        "0" => part,
        "1" => 1_000,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_visitors_settings_choose_the_language() {
        for (accept, lang) in [
            (None, Lang::Zh),
            (Some(""), Lang::Zh),
            (Some("zh-CN,zh;q=0.9,en;q=0.8"), Lang::Zh),
            (Some("en-US,en;q=0.9,zh;q=0.8"), Lang::En),
            (Some("zh;q=0.3, en;q=0.35"), Lang::En),
            (Some("ZH"), Lang::Zh),
            (Some("fr-FR,de;q=0.9"), Lang::En),
            (Some("fr, zh;q=0.001"), Lang::Zh),
            (Some("zh;q=0, en;q=0"), Lang::En),
            (Some("zh;q=nonsense,en;q=0.1"), Lang::En),
        ] {
            assert_eq!(Lang::preferred(accept), lang, "{accept:?}");
        }
    }
}
