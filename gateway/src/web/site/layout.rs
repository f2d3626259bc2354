//! What all pages have in common: head, heading, menu, foot. Nothing in them is inline but text, so that the
//! content security policy can forbid everything else.

use axum::{
    http::{StatusCode, header},
    response::{IntoResponse as _, Response},
};
use maud::{DOCTYPE, Markup, html};
use tonic::Code;

use super::{assets, lang::Lang, reader::Reader};
use crate::status::Problem;

/// A place in the menu.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Section {
    Communities,
    Home,
    Decisions,
    Motions,
    Offices,
    Powers,
    Sanctions,
    Reports,
    Issues,
    Affairs,
    Bodies,
    Rules,
    Timeline,
    Check,
    /// None of them.
    Elsewhere,
}

impl Section {
    /// The menu of a community, in reading order.
    const MENU: [Self; 13] = [
        Self::Home,
        Self::Decisions,
        Self::Motions,
        Self::Offices,
        Self::Powers,
        Self::Sanctions,
        Self::Reports,
        Self::Issues,
        Self::Affairs,
        Self::Bodies,
        Self::Rules,
        Self::Timeline,
        Self::Check,
    ];

    const fn name(self, lang: Lang) -> &'static str {
        match self {
            Self::Communities | Self::Elsewhere => lang.communities(),
            Self::Home => lang.home(),
            Self::Decisions => lang.decisions(),
            Self::Motions => lang.motions(),
            Self::Offices => lang.offices(),
            Self::Powers => lang.powers(),
            Self::Sanctions => lang.sanctions(),
            Self::Reports => lang.reports_short(),
            Self::Issues => lang.issues_short(),
            Self::Affairs => lang.affairs_short(),
            Self::Bodies => lang.bodies(),
            Self::Rules => lang.rules(),
            Self::Timeline => lang.timeline(),
            Self::Check => lang.how_to_check(),
        }
    }

    const fn path(self) -> &'static str {
        match self {
            Self::Communities | Self::Home | Self::Elsewhere => "",
            Self::Decisions => "/decisions",
            Self::Motions => "/motions",
            Self::Offices => "/offices",
            Self::Powers => "/powers",
            Self::Sanctions => "/sanctions",
            Self::Reports => "/reports",
            Self::Issues => "/issues",
            Self::Affairs => "/affairs",
            Self::Bodies => "/bodies",
            Self::Rules => "/rules",
            Self::Timeline => "/timeline",
            Self::Check => "/check",
        }
    }
}

/// Whose page it is.
#[derive(Clone, Debug)]
pub(super) struct Heading {
    pub(super) ledger: String,
    pub(super) name: String,
    pub(super) demo: bool,
    pub(super) halted: bool,
}

/// A file or feed beside a page.
#[derive(Clone, Debug)]
pub(super) struct Beside {
    pub(super) media_type: &'static str,
    pub(super) href: String,
    pub(super) title: &'static str,
}

/// A page on its way out.
#[derive(Clone, Debug)]
pub(super) struct Page {
    section: Section,
    title: String,
    status: StatusCode,
    heading: Option<Heading>,
    description: String,
    beside: Vec<Beside>,
    standing: String,
    notice: bool,
    main: Markup,
}

impl Page {
    /// A page with this title.
    pub(super) fn new(section: Section, title: impl Into<String>) -> Self {
        Self {
            section,
            title: title.into(),
            status: StatusCode::OK,
            heading: None,
            description: String::new(),
            beside: Vec::new(),
            standing: String::new(),
            notice: false,
            main: html! {},
        }
    }

    pub(super) fn under(mut self, heading: Heading) -> Self {
        self.heading = Some(heading);
        self
    }

    /// What it shows.
    pub(super) fn showing(mut self, main: Markup) -> Self {
        self.main = main;
        self
    }

    /// One plain sentence about it, for whoever links to it.
    pub(super) fn described(mut self, description: impl Into<String>) -> Self {
        self.description = description.into();
        self
    }

    /// What it was computed from.
    pub(super) fn standing_on(mut self, standing: String) -> Self {
        self.standing = standing;
        self
    }

    /// With files and feeds beside it.
    pub(super) fn beside(mut self, beside: Vec<Beside>) -> Self {
        self.beside = beside;
        self
    }

    /// A sheet of paper: no menu, no foot.
    pub(super) fn on_paper(mut self) -> Self {
        self.notice = true;
        self
    }

    /// The page as HTML for a visitor.
    pub(super) fn respond(self, reader: &Reader) -> Response {
        let headers = [
            (header::CONTENT_TYPE, "text/html; charset=utf-8"),
            (header::CONTENT_LANGUAGE, reader.lang.tag()),
            (header::VARY, "accept-language"),
            // Always asked for anew: what was decided may have changed a moment ago.
            (header::CACHE_CONTROL, "no-cache"),
        ];
        let status = self.status;
        (status, headers, self.document(reader).into_string()).into_response()
    }

    fn document(&self, reader: &Reader) -> Markup {
        let lang = reader.lang;
        let class = match (self.notice, reader.large) {
            (true, false) => "notice standard",
            (true, true) => "notice large",
            (false, true) => "large",
            (false, false) => "standard",
        };
        html! {
            (DOCTYPE)
            html lang=(lang.tag()) class=(class) {
                head { (self.head(reader)) }
                body data-read=(lang.read_aloud()) data-stop=(lang.read_stop()) {
                    @if !self.notice {
                        a.skip href="#main" { (lang.skip()) }
                        (self.top(reader))
                    }
                    main #main tabindex="-1" {
                        @if self.heading.as_ref().is_some_and(|heading| heading.halted) {
                            p.warning role="note" { (lang.halted()) }
                        }
                        (self.main)
                    }
                    @if !self.notice { (self.foot(reader)) }
                }
            }
        }
    }

    fn head(&self, reader: &Reader) -> Markup {
        let lang = reader.lang;
        let site = self.heading.as_ref();
        let site = site.map_or(lang.communities(), |heading| &heading.name);
        let title = if self.title == site {
            self.title.clone()
        } else {
            format!("{} · {site}", self.title)
        };
        html! {
            meta charset="utf-8";
            meta name="viewport" content="width=device-width, initial-scale=1";
            meta name="color-scheme" content="light dark";
            title { (title) }
            @if !self.description.is_empty() { meta name="description" content=(self.description); }
            link rel="stylesheet" href=(assets::style());
            link rel="icon" type="image/svg+xml" href=(assets::icon());
            script src=(assets::script()) defer {}
            link rel="canonical" href=(reader.absolute(&reader.canonical()));
            @for other in Lang::ALL {
                link rel="alternate" hreflang=(other.tag()) href=(reader.absolute(&reader.here_in(other)));
            }
            @for beside in &self.beside {
                link rel="alternate" type=(beside.media_type) title=(beside.title) href=(beside.href);
            }
            meta property="og:type" content="website";
            meta property="og:site_name" content=(site);
            meta property="og:title" content=(self.title);
            meta property="og:locale" content=(lang.locale());
            meta property="og:locale:alternate" content=(lang.other().locale());
            meta property="og:url" content=(reader.absolute(&reader.canonical()));
            @if !self.description.is_empty() {
                meta property="og:description" content=(self.description);
            }
        }
    }

    fn top(&self, reader: &Reader) -> Markup {
        let lang = reader.lang;
        html! {
            header.top {
                @if self.heading.as_ref().is_some_and(|heading| heading.demo) {
                    p.demo role="note" { (lang.demo_banner()) }
                }
                div.masthead {
                    @match &self.heading {
                        Some(heading) => {
                            a.name href=(reader.link(&format!("/{}", heading.ledger))) {
                                (said(lang, &heading.name))
                            }
                        }
                        None => a.name href=(reader.link("/")) { (lang.communities()) }
                    }
                    (tools(reader, self.heading.as_ref()))
                }
                @if let Some(heading) = &self.heading { (self.menu(reader, &heading.ledger)) }
            }
        }
    }

    /// In large print the menu is folded away, so that a page is about one thing.
    fn menu(&self, reader: &Reader, ledger: &str) -> Markup {
        let lang = reader.lang;
        let items = html! {
            ul {
                @for section in Section::MENU {
                    @let here = (section == self.section).then_some("page");
                    @let href = reader.link(&format!("/{ledger}{}", section.path()));
                    li { a href=(href) aria-current=[here] { (section.name(lang)) } }
                }
            }
        };
        html! {
            nav aria-label=(lang.menu()) {
                @if reader.large {
                    details.menu {
                        summary { (lang.menu()) }
                        (items)
                    }
                } @else {
                    (items)
                }
            }
        }
    }

    fn foot(&self, reader: &Reader) -> Markup {
        let lang = reader.lang;
        html! {
            footer {
                @if !self.beside.is_empty() {
                    section aria-label=(lang.files()) {
                        ul.beside {
                            @for beside in &self.beside {
                                li { a href=(beside.href) type=(beside.media_type) { (beside.title) } }
                            }
                        }
                    }
                }
                @if !self.standing.is_empty() { p { (self.standing) } }
                p { (lang.footer_check()) " " (lang.no_account()) }
            }
        }
    }
}

/// The two switches that every page has, and the way to search a community.
fn tools(reader: &Reader, heading: Option<&Heading>) -> Markup {
    let lang = reader.lang;
    let other = lang.other();
    let print = if reader.large {
        lang.large_off()
    } else {
        lang.large_on()
    };
    html! {
        ul.tools {
            li { a.print href=(reader.here_in_print(!reader.large)) { (print) } }
            li {
                a href=(reader.here_in(other)) lang=(other.tag()) hreflang=(other.tag()) { (other.name()) }
            }
            @if let Some(heading) = heading {
                li { a href=(reader.link(&format!("/{}/search", heading.ledger))) { (lang.search()) } }
            }
        }
    }
}

/// What people wrote, marked as Chinese where the page is in English, so that it is read aloud rightly.
pub(super) fn said(lang: Lang, text: &str) -> Markup {
    let chinese = text
        .chars()
        .any(|letter| ('\u{4e00}'..='\u{9fff}').contains(&letter));
    match lang {
        Lang::En if chinese => html! { span lang="zh-CN" { (text) } },
        Lang::En | Lang::Zh => html! { (text) },
    }
}

/// Why there is no page.
pub(super) enum Trouble {
    /// There is nothing of that name.
    Missing,
    /// What the books say.
    Problem(Problem),
}

impl From<Problem> for Trouble {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem)
    }
}

/// A page, or why there is none.
pub(super) fn answer<E: Into<Trouble>>(reader: &Reader, page: Result<Page, E>) -> Response {
    match page.map_err(Into::into) {
        Ok(page) => page.respond(reader),
        Err(Trouble::Missing) => missing(reader),
        Err(Trouble::Problem(problem)) => trouble(reader, &problem).respond(reader),
    }
}

/// Nothing is there.
pub(super) fn missing(reader: &Reader) -> Response {
    let lang = reader.lang;
    let mut page = Page::new(Section::Elsewhere, lang.missing_title());
    page.status = StatusCode::NOT_FOUND;
    let main = sorry(reader, lang.missing_title(), lang.missing_next(), None);
    page.showing(main).respond(reader)
}

fn trouble(reader: &Reader, problem: &Problem) -> Page {
    let lang = reader.lang;
    let status = status_of(problem.code());
    let (title, next) = match status {
        StatusCode::NOT_FOUND => (lang.missing_title(), lang.missing_next()),
        StatusCode::BAD_REQUEST => (lang.wrong_title(), lang.wrong_next()),
        StatusCode::SERVICE_UNAVAILABLE => (lang.later_title(), lang.later_next()),
        StatusCode::TOO_MANY_REQUESTS => (lang.later_title(), lang.too_many_next()),
        _ => (lang.failed_title(), lang.failed_next()),
    };
    let mut page = Page::new(Section::Elsewhere, title);
    page.status = status;
    page.showing(sorry(reader, title, next, Some(problem.reason())))
}

fn sorry(reader: &Reader, title: &str, next: &str, code: Option<&str>) -> Markup {
    html! {
        h1 { (title) }
        p.lead { (next) }
        @if let Some(code) = code { p { (reader.lang.problem_code(code)) } }
        p { a.button href=(reader.link("/")) { (reader.lang.home()) } }
    }
}

/// The HTTP status of a gRPC code.
pub(super) const fn status_of(code: Code) -> StatusCode {
    match code {
        Code::NotFound => StatusCode::NOT_FOUND,
        Code::InvalidArgument | Code::OutOfRange | Code::FailedPrecondition => {
            StatusCode::BAD_REQUEST
        }
        Code::ResourceExhausted => StatusCode::TOO_MANY_REQUESTS,
        Code::Unavailable | Code::DeadlineExceeded => StatusCode::SERVICE_UNAVAILABLE,
        _ => StatusCode::INTERNAL_SERVER_ERROR,
    }
}
