//! Checking: the box with the button, and the page that says how.
//!
//! The box says in attributes what the page claims; the script fetches the entry with its proof, checks both
//! by the platform's cryptography, and holds what the entry says against the claim.

use axum::{
    extract::{Path, State},
    response::Response,
};
use maud::{Markup, html};
use projector::views::decisions::DecisionRow;

use super::{
    desk::Desk,
    lang::Lang,
    layout::{self, Page, Section},
    reader::Reader,
    terms,
};
use crate::{services::Sources, status::Problem};

/// The box with the button that checks an entry; `claim`: the decision that the page says it is.
pub(super) fn button(desk: &Desk, index: u64, claim: Option<&DecisionRow>) -> Markup {
    let lang = desk.reader.lang;
    let proof = desk.path(&format!("/entries/{index}.json"));
    let motion = claim.map(|row| row.motion.as_str());
    let outcome = claim.map(|row| terms::outcome_code(row.result.outcome));
    html! {
        div.check
            data-check=(proof)
            data-ledger=(desk.info.ledger)
            data-index=(index)
            data-motion=[motion]
            data-outcome=[outcome]
        {
            p { (lang.check_intro()) }
            p.noscript { (lang.check_needs_script()) }
            (phrases(lang))
            div.verdict-box role="status" {}
            ul.beside {
                li { a href=(desk.link("/check")) { (lang.how_to_check_long()) } }
                li { a href=(desk.path(&format!("/entries/{index}.tlog-proof"))) { (lang.proof_file()) } }
                li { a href=(desk.path(&format!("/entries/{index}.entry"))) { (lang.entry_file()) } }
            }
        }
    }
}

/// What the script says, in the page's language: the catalogue is one, and the script has no words of its own.
fn phrases(lang: Lang) -> Markup {
    let phrases = [
        ("button", lang.check_button()),
        ("running", lang.check_running()),
        ("proven", lang.check_proven()),
        ("proven-text", lang.check_proven_text()),
        ("erased", lang.check_erased()),
        ("erased-text", lang.check_erased_text()),
        ("failed", lang.check_failed()),
        ("failed-text", lang.check_failed_text()),
        ("unable", lang.check_unable()),
        ("unable-text", lang.check_unable_text()),
        ("unreachable", lang.check_unreachable()),
        ("unreachable-text", lang.check_unreachable_text()),
        ("bytes", lang.step_bytes()),
        ("place", lang.step_place()),
        ("inclusion", lang.step_inclusion()),
        ("checkpoint", lang.step_checkpoint()),
        ("signers", lang.step_signers()),
        ("content", lang.step_content()),
        ("result", lang.step_result()),
        ("history", lang.step_history()),
        ("pinned", lang.step_pinned()),
        ("rotated", lang.rotated()),
        ("unpinned", lang.step_unpinned()),
        ("witnesses", lang.step_witnesses()),
        ("witnesses-none", lang.witnesses_none()),
        ("witnesses-unknown", lang.witnesses_unknown()),
        ("witnesses-good", lang.witnesses_good()),
        ("size", lang.size_is()),
        ("good", lang.met()),
        ("bad", lang.not_met()),
    ];
    html! {
        template {
            @for (name, words) in phrases { p data-phrase=(name) { (words) } }
        }
    }
}

pub(super) async fn page(
    reader: Reader,
    State(sources): State<Sources>,
    Path(ledger): Path<String>,
) -> Response {
    layout::answer(&reader, show(&reader, &sources, &ledger))
}

fn show(reader: &Reader, sources: &Sources, ledger: &str) -> Result<Page, Problem> {
    let desk = Desk::open(sources, ledger, reader)?;
    let lang = reader.lang;
    let page = desk.page(Section::Check, lang.how_to_check_long());
    Ok(page.described(lang.footer_check()).showing(how(&desk)))
}

fn how(desk: &Desk) -> Markup {
    let lang = desk.reader.lang;
    html! {
        h1 { (lang.how_to_check_long()) }
        p.lead { (lang.footer_check()) }
        ol.steps {
            li { (lang.how_1()) }
            li { (lang.how_2()) }
            li { (lang.how_3()) }
        }
        (key(desk))
        h2 { (lang.proves_title()) }
        ul { @for words in [lang.proves_1(), lang.proves_2(), lang.proves_3()] { li { (words) } } }
        h2 { (lang.not_proves_title()) }
        ul { @for words in [lang.not_proves_1(), lang.not_proves_2(), lang.not_proves_3()] { li { (words) } } }
        (commands(desk))
        h2 { (lang.formats_title()) }
        p { (lang.formats_text()) }
        (checkpoint(desk))
    }
}

/// The ledger's key, and where the visitor keeps it.
fn key(desk: &Desk) -> Markup {
    let lang = desk.reader.lang;
    let keys = desk.books.ledger.checkpoint_keys();
    let key = keys.in_force();
    let all: Vec<String> = keys.all().map(|(_, key)| key.to_string()).collect();
    html! {
        h2 { (lang.key_title()) }
        p { (lang.key_intro()) }
        p.key { code { (key) } }
        form.pin
            data-pin=(key.name())
            data-ledger=(desk.info.ledger)
            data-key=(key)
            data-keys=(all.join(" "))
            data-exchanged=(lang.key_exchanged())
            data-pinned=(lang.key_pinned())
            data-unpinned=(lang.key_unpinned())
            data-wrong=(lang.key_wrong())
            data-differs=(lang.key_differs())
            hidden
        {
            label { span { (lang.key_field()) } input type="text" name="key" autocomplete="off" spellcheck="false"; }
            label {
                span { (lang.witness_field()) }
                textarea name="witnesses" rows="3" autocomplete="off" spellcheck="false" {}
            }
            p role="status" {}
            button type="submit" { (lang.key_pin()) }
            button type="reset" { (lang.key_unpin()) }
            p.quiet { (lang.key_storage()) }
        }
    }
}

fn commands(desk: &Desk) -> Markup {
    let lang = desk.reader.lang;
    let key = desk.books.ledger.verifier_key();
    let ledger = &desk.info.ledger;
    let server = desk.reader.absolute("");
    let receipt = format!(
        "govledger receipt get 7 --out 7.tlog-proof --server {server} --ledger {ledger}\n\
         govledger receipt verify 7.tlog-proof --key '{key}'"
    );
    let audit = format!("govledger audit --server {server} --ledger {ledger}");
    html! {
        h2 { (lang.command_title()) }
        p { (lang.command_intro()) }
        h3 { (lang.command_receipt()) }
        pre tabindex="0" { code { (receipt) } }
        h3 { (lang.command_audit()) }
        p { (lang.command_audit_text()) }
        pre tabindex="0" { code { (audit) } }
    }
}

fn checkpoint(desk: &Desk) -> Markup {
    let lang = desk.reader.lang;
    let checkpoint = desk.books.ledger.checkpoint().to_bytes();
    html! {
        h2 { (lang.checkpoint_now()) }
        pre tabindex="0" { code { (String::from_utf8_lossy(&checkpoint)) } }
        dl {
            dt { (lang.genesis()) }
            dd.key { code { (desk.info.genesis) } }
        }
    }
}
