// The public site as a browser shows it: every page for every visitor, checking on honest and lying servers,
// paper, keyboard, and votes as they come in.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import fs from "node:fs";
import path from "node:path";

import { LEDGER, PNG, axe, contentFile, govledger, jsqr, launch, liar, open, play, serve, started } from "./harness.mjs";

const DECISION = `/${LEDGER}/decisions/parking-on-the-green`;
const OPEN_VOTE = `/${LEDGER}/motions/replace-the-lift`;

/** Every kind of page. */
const PAGES = [
  "/",
  `/${LEDGER}`,
  `/${LEDGER}/decisions`,
  `/${LEDGER}/decisions?outcome=rejected`,
  `/${LEDGER}/decisions?power=urgent-repairs&matter=repairs`,
  `/${LEDGER}/decisions/reading-room-lease`,
  `/${LEDGER}/decisions/by-election`,
  `/${LEDGER}/decisions/charter-2`,
  DECISION,
  `/${LEDGER}/decisions/clear-stairways`,
  `/${LEDGER}/motions`,
  `/${LEDGER}/motions/hire-manager`,
  OPEN_VOTE,
  `/${LEDGER}/offices`,
  `/${LEDGER}/offices/rc-head`,
  `/${LEDGER}/powers`,
  `/${LEDGER}/powers?status=revoked`,
  `/${LEDGER}/powers/urgent-repairs`,
  `/${LEDGER}/power-changes`,
  `/${LEDGER}/sanctions`,
  `/${LEDGER}/sanctions/missed-duty`,
  `/${LEDGER}/sanctions/recall-petition`,
  `/${LEDGER}/reports`,
  `/${LEDGER}/issues`,
  `/${LEDGER}/issues?overdue=yes`,
  `/${LEDGER}/issues/night-noise`,
  `/${LEDGER}/affairs`,
  `/${LEDGER}/consultations`,
  `/${LEDGER}/consultations?status=over`,
  `/${LEDGER}/consultations/lift-survey`,
  `/${LEDGER}/consultations/charging-posts`,
  `/${LEDGER}/tasks`,
  `/${LEDGER}/tasks?status=refused`,
  `/${LEDGER}/tasks/app-installs`,
  `/${LEDGER}/tasks/housing-figures`,
  `/${LEDGER}/disclosures`,
  `/${LEDGER}/disclosures/accounts-autumn`,
  `/${LEDGER}/disclosures/accounts-autumn/notice`,
  `/${LEDGER}/imports`,
  `/${LEDGER}/imports/committee-election-2025`,
  `/${LEDGER}/search`,
  `/${LEDGER}/search?query=${encodeURIComponent("楼道")}`,
  `/${LEDGER}/search?query=nothing-like-this`,
  `/${LEDGER}/overdue`,
  `/${LEDGER}/overdue?kind=handover`,
  `/${LEDGER}/people/zhao-yan`,
  `/${LEDGER}/bodies/residents-committee`,
  `/${LEDGER}/bodies`,
  `/${LEDGER}/bodies/owners-assembly`,
  `/${LEDGER}/rules`,
  `/${LEDGER}/rules/owners-special`,
  `/${LEDGER}/timeline`,
  `/${LEDGER}/entries/0`,
  `/${LEDGER}/check`,
  `${DECISION}/notice`,
  "/nowhere",
];

/** Every list: its page, its table, its data, its sheet. */
const LISTS = [
  "decisions", "motions", "offices", "bodies", "powers", "sanctions", "reports", "issues", "overdue", "timeline",
  "consultations", "tasks", "disclosures", "imports",
];
PAGES.push(...LISTS.map((list) => `/${LEDGER}/${list}/notice`));

/** Every kind of visitor. */
const VISITORS = [
  { lang: "zh", print: "" },
  { lang: "en", print: "" },
  { lang: "zh", print: "large" },
  { lang: "en", print: "large" },
];

const address = (page, { lang, print }) => {
  const url = new URL(page, "http://x");
  url.searchParams.set("lang", lang);
  if (print) url.searchParams.set("print", print);
  return url.pathname + url.search;
};

let demo;
let server;
let browser;

before(async () => {
  demo = play();
  server = await serve(demo.data);
  browser = await launch();
  // Which year the report of the demonstration is on depends on today.
  const { reports } = await (await fetch(`${server.url}/${LEDGER}/reports.json`)).json();
  PAGES.push(`/${LEDGER}/reports/${reports[0].body}/${reports[0].year}`);
});

after(async () => {
  await browser?.close();
  await server?.stop();
  demo?.remove();
});

/** What axe-core finds, AAA and best practices included. */
async function findings(page) {
  await page.evaluate(axe);
  const found = await page.evaluate(async () => {
    const tags = ["wcag2a", "wcag2aa", "wcag2aaa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
    const rules = { "color-contrast-enhanced": { enabled: true }, "target-size": { enabled: true } };
    const { violations } = await window.axe.run(document, { runOnly: { type: "tag", values: tags }, rules });
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 160)).join(" | ")}`);
  });
  return found;
}

/** Texts that are too small or set too tightly, and things to press that are too small, on the page. */
function measured({ text, target }) {
  const wrong = [];
  const shown = (element) => element.checkVisibility({ visibilityProperty: true });
  for (const element of document.querySelectorAll("main :is(p, li, dd, dt, td, th, blockquote, a, label, summary)")) {
    if (!shown(element) || element.closest(".sheet")) continue;
    const style = getComputedStyle(element);
    const size = parseFloat(style.fontSize);
    if (size < text) wrong.push(`${size} px: ${element.outerHTML.slice(0, 120)}`);
    if (parseFloat(style.lineHeight) / size < 1.5) wrong.push(`set tightly: ${element.outerHTML.slice(0, 120)}`);
  }
  for (const element of document.querySelectorAll("a, button, select, input:not([type=hidden]), textarea, summary")) {
    if (!shown(element) || element.matches(".skip")) continue;
    const box = element.getBoundingClientRect();
    if (box.height < target || box.width < target) {
      wrong.push(`${Math.round(box.width)} by ${Math.round(box.height)} px: ${element.outerHTML.slice(0, 120)}`);
    }
  }
  return wrong;
}

for (const visitor of VISITORS) {
  const name = `${visitor.lang}, ${visitor.print || "standard"} print`;
  test(`every page is accessible and fits a small phone: ${name}`, async () => {
    const page = await open(browser);
    const least = visitor.print ? { text: 24, target: 60 } : { text: 18, target: 44 };
    for (const where of PAGES) {
      const at = address(where, visitor);
      const answer = await page.goto(server.url + at);
      assert.equal(answer.status(), where === "/nowhere" ? 404 : 200, at);
      assert.deepEqual(await findings(page), [], at);
      assert.deepEqual(await page.evaluate(measured, least), [], at);
      const [width, room] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
      assert.ok(width <= room, `${at} is ${width} px wide`);
      const missing = "Failed to load resource: the server responded with a status of 404 (Not Found)";
      const complaints = page.complaints.splice(0).filter((words) => where !== "/nowhere" || words !== missing);
      assert.deepEqual(complaints, [], at);
    }
    await page.context().close();
  });
}

test("nothing is too pale in the dark or for whoever asks for more contrast", async () => {
  for (const wish of [{ colorScheme: "dark" }, { contrast: "more" }, { colorScheme: "dark", contrast: "more" }]) {
    const page = await open(browser, wish);
    for (const where of [`/${LEDGER}`, DECISION, OPEN_VOTE, `/${LEDGER}/check`]) {
      await page.goto(server.url + where);
      assert.deepEqual(await findings(page), [], `${where} ${JSON.stringify(wish)}`);
    }
    await page.context().close();
  }
});

test("every page can be read without a script", async () => {
  const page = await open(browser, { javaScriptEnabled: false });
  for (const visitor of VISITORS) {
    for (const where of PAGES) {
      await page.goto(server.url + address(where, visitor));
      const title = await page.locator("main h1").innerText();
      const words = await page.locator("main").innerText();
      assert.ok(title.length > 1 && words.length > title.length, where);
      const checks = page.locator(".check");
      if ((await checks.count()) > 0) assert.equal(await checks.locator(".noscript").count(), 1, where);
    }
  }
  await page.context().close();
});

/** Presses the button that checks, and gives the verdict and what was said. */
async function check(page, at) {
  await page.goto(at);
  await page.locator(".check button").click();
  const box = page.locator(".check[data-verdict]");
  await box.waitFor();
  return { verdict: await box.getAttribute("data-verdict"), said: await box.locator(".verdict-box").innerText() };
}

const proofAt = /\/entries\/\d+\.json/;
const changed = (change) => (body) => {
  const proof = JSON.parse(body);
  change(proof);
  return JSON.stringify(proof);
};
const flipped = (base64, at) => {
  const bytes = Buffer.from(base64, "base64");
  bytes[at] ^= 1;
  return bytes.toString("base64");
};

test("an honest server is proven", async () => {
  const page = await open(browser, { locale: "en-GB" });
  const { verdict, said } = await check(page, server.url + DECISION);
  assert.equal(verdict, "proven", said);
  for (const step of ["fingerprint fits", "included under", "signature of the root", "Every signature", "result on this page"]) {
    assert.ok(said.includes(step), `${step} in ${said}`);
  }
  // The second time it also holds what it saw the first time against what it sees now.
  const again = await check(page, server.url + DECISION);
  assert.equal(again.verdict, "proven", again.said);
  assert.ok(again.said.includes("Nothing was taken back"), again.said);
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});

test("a server that lies is found out, whatever it lies about", async () => {
  const proxy = await liar(server.url);
  const lies = [
    ["a byte of the entry", proofAt, changed((proof) => (proof.entry = flipped(proof.entry, 200)))],
    ["entry and leaf together", proofAt, changed((proof) => {
      proof.entry = flipped(proof.entry, 200);
      proof.leaf = flipped(proof.leaf, 0);
    })],
    ["the path through the tree", proofAt, changed((proof) => (proof.inclusion_proof[0] = flipped(proof.inclusion_proof[0], 0)))],
    ["the root", proofAt, changed((proof) => {
      const [origin, size, root, ...rest] = proof.checkpoint.split("\n");
      proof.checkpoint = [origin, size, flipped(root, 0), ...rest].join("\n");
    })],
    ["the signature of the root", proofAt, changed((proof) => {
      const signature = /(— \S+ )(\S+)/.exec(proof.checkpoint);
      proof.checkpoint = proof.checkpoint.replace(signature[2], flipped(signature[2], 20));
    })],
    ["the key", proofAt, changed((proof) => (proof.verifier_key = proof.verifier_key.replace(/\+[0-9a-f]{8}\+/, "+00000000+")))],
    ["the result on the page", /decisions\/parking-on-the-green$/, (body) => body.replace('data-outcome="rejected"', 'data-outcome="adopted"')],
    ["which decision it is", /decisions\/parking-on-the-green$/, (body) => body.replace('data-motion="parking-on-the-green"', 'data-motion="hire-manager"')],
    ["another entry altogether", proofAt, () => JSON.stringify({ nonsense: true })],
  ];
  for (const [what, at, how] of lies) {
    const page = await open(browser, { locale: "en-GB" });
    Object.assign(proxy.lie, { at, how });
    const { verdict, said } = await check(page, proxy.url + DECISION);
    assert.equal(verdict, "failed", `${what}: ${said}`);
    assert.ok(said.includes("Keep the files"), said);
    await page.context().close();
  }
  await proxy.stop();
});

test("a server that takes entries back, or has another key than the pinned one, is found out", async () => {
  const page = await open(browser, { locale: "en-GB" });
  await page.goto(`${server.url}/${LEDGER}/check`);
  await page.getByRole("button", { name: "Pin this key" }).click();
  await page.getByText("Every check uses it from now on.").waitFor();
  const good = await check(page, server.url + DECISION);
  assert.equal(good.verdict, "proven", good.said);
  assert.ok(good.said.includes("the key you pinned"), good.said);
  const seen = (size) => page.evaluate(([ledger, size]) => {
    const name = `govledger.seen.${ledger}`;
    const kept = JSON.parse(localStorage.getItem(name));
    localStorage.setItem(name, JSON.stringify({ ...kept, size: size ?? kept.size, root: size ? kept.root : "00".repeat(32) }));
  }, [LEDGER, size]);
  // It had more entries before; it had others.
  for (const size of [1_000_000, null]) {
    await seen(size);
    const bad = await check(page, server.url + DECISION);
    assert.equal(bad.verdict, "failed", bad.said);
  }
  // The vector that signed-note publishes: a good key, of somebody else.
  await page.goto(`${server.url}/${LEDGER}/check`);
  const other = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
  await page.getByLabel("Key", { exact: true }).fill("no key at all");
  await page.getByRole("button", { name: "Pin this key" }).click();
  await page.getByText("This is not a key.").waitFor();
  await page.getByLabel("Key", { exact: true }).fill(other);
  await page.getByRole("button", { name: "Pin this key" }).click();
  await page.getByText("differs from the one you pinned").waitFor();
  const bad = await check(page, server.url + DECISION);
  assert.equal(bad.verdict, "failed", bad.said);
  await page.context().close();
});

test("a pinned key leads to the one the ledger exchanged it for, and to no other", async () => {
  const other = play();
  const alone = await serve(other.data);
  const page = await open(browser, { locale: "en-GB" });
  await page.goto(`${alone.url}/${LEDGER}/check`);
  await page.getByRole("button", { name: "Pin this key" }).click();
  await page.getByText("Every check uses it from now on.").waitFor();
  const keys = path.join(other.data, "ledgers", LEDGER, "keys");
  const registrar = path.join(other.data, "demo-keys", "zhou-ming.pem");
  let held = "checkpoint.pem";
  for (const next of ["checkpoint-2.pem", "checkpoint-3.pem"]) {
    const [old, made] = [held, next].map((name) => path.join(keys, name));
    govledger("key", "new", "--out", made);
    govledger("key", "rotate", "--old-key", old, "--new-key", made, "--key", registrar, "--server", alone.url);
    held = next;
    const good = await check(page, alone.url + DECISION);
    assert.equal(good.verdict, "proven", good.said);
    assert.ok(good.said.includes("the ledger has exchanged it since"), good.said);
  }
  await page.goto(`${alone.url}/${LEDGER}/check`);
  await page.getByText("You pinned a key that the ledger has exchanged since").waitFor();
  // Without one of the two, or with one whose signature was changed, nothing leads there.
  const proxy = await liar(alone.url);
  await page.goto(`${proxy.url}/${LEDGER}/check`);
  const pinned = (await (await fetch(`${alone.url}/${LEDGER}/check`)).text()).match(/data-keys="(\S+)/)[1];
  await page.getByLabel("Key", { exact: true }).fill(pinned);
  await page.getByRole("button", { name: "Pin this key" }).click();
  const lies = [
    (proof) => proof.rotations.shift(),
    (proof) => proof.rotations.pop(),
    (proof) => (proof.rotations[0] = flipped(proof.rotations[0], 250)),
    (proof) => (proof.rotations = []),
  ];
  for (const lie of lies) {
    Object.assign(proxy.lie, { at: proofAt, how: changed(lie) });
    const bad = await check(page, proxy.url + DECISION);
    assert.equal(bad.verdict, "failed", bad.said);
  }
  Object.assign(proxy.lie, { at: proofAt, how: (body) => body });
  const good = await check(page, proxy.url + DECISION);
  assert.equal(good.verdict, "proven", good.said);
  await proxy.stop();
  await alone.stop();
  other.remove();
  await page.context().close();
});

test("a text that was erased leaves the chain whole, and a text that was changed does not pass", async () => {
  const motion = await (await fetch(`${server.url}/${LEDGER}/motions/clear-stairways.json`)).json();
  const statements = motion.history.filter((item) => ["statement_made", "expert_opinion_filed"].includes(item.kind));
  const [opinion, statement] = statements.map((item) => `/${LEDGER}/entries/${item.index}`);
  const page = await open(browser, { locale: "en-GB" });
  const there = await check(page, server.url + statement);
  assert.equal(there.verdict, "proven", there.said);
  assert.ok(there.said.includes("text beside it fits"), there.said);
  // The page shows other words than were recorded.
  const proxy = await liar(server.url);
  Object.assign(proxy.lie, { at: /entries\/\d+$/, how: (body) => body.replace("监督委员会支持", "监督委员会反对") });
  const lied = await check(page, proxy.url + statement);
  assert.equal(lied.verdict, "failed", lied.said);
  // Or hides that there were any.
  Object.assign(proxy.lie, { at: proofAt, how: changed((proof) => (proof.content = null)) });
  const hidden = await check(page, proxy.url + statement);
  assert.equal(hidden.verdict, "failed", hidden.said);
  await proxy.stop();
  const proof = await (await fetch(`${server.url}${opinion}.json`)).json();
  fs.rmSync(contentFile(demo.data, proof.content.digest));
  const erased = await check(page, server.url + opinion);
  assert.equal(erased.verdict, "erased", erased.said);
  assert.ok(erased.said.includes("its fingerprint remains"), erased.said);
  await page.context().close();
});

test("witnesses whose keys are pinned must have signed, and one that did not is missed", async () => {
  const other = play();
  const home = path.dirname(other.data);
  const alone = await serve(other.data);
  const { verifier_key: log } = await (await fetch(`${alone.url}/${LEDGER}/entries/0.json`)).json();
  await alone.stop();
  const witness = (name) => {
    const key = path.join(home, `${name}.pem`);
    const named = `witness.example.org/${name}`;
    govledger("key", "new", "--out", key);
    govledger("witness", "add", log, "--data", path.join(home, name));
    const vkey = govledger("witness", "vkey", "--key", key, "--name", named).trim();
    const words = ["witness", "serve", "--key", key, "--name", named, "--data", path.join(home, name)];
    return { vkey, start: () => started(...words, "--listen", "127.0.0.1:0") };
  };
  const [street, stranger] = [witness("street"), witness("stranger")];
  const watching = await street.start();
  const policy = path.join(home, "town.policy");
  fs.writeFileSync(policy, `log ${log}\nwitness street ${street.vkey} ${watching.url}\nquorum street\n`);
  const watched = await serve(other.data, "--witness-policy", policy);
  // It is published once the witness has signed.
  const deadline = Date.now() + 60_000;
  const published = async () => (await fetch(`${watched.url}/log/${LEDGER}/checkpoint`)).text();
  while (!(await published()).includes("witness.example.org/street")) assert.ok(Date.now() < deadline, "no witness signs");

  const page = await open(browser, { locale: "en-GB" });
  const unknown = await check(page, watched.url + DECISION);
  assert.equal(unknown.verdict, "proven", unknown.said);
  assert.ok(unknown.said.includes("you have pinned no keys for them"), unknown.said);
  const pin = async (keys) => {
    await page.goto(`${watched.url}/${LEDGER}/check`);
    await page.getByLabel("Witnesses' keys").fill(keys.join("\n"));
    await page.getByRole("button", { name: "Pin this key" }).click();
    await page.getByText("Every check uses it from now on.").waitFor();
  };
  await pin([street.vkey]);
  const good = await check(page, watched.url + DECISION);
  assert.equal(good.verdict, "proven", good.said);
  assert.ok(/Witnesses\W+valid/.test(good.said), good.said);
  await pin([street.vkey, stranger.vkey]);
  const missed = await check(page, watched.url + DECISION);
  assert.equal(missed.verdict, "failed", missed.said);
  // A signature that is there and was changed is none.
  await pin([street.vkey]);
  const proxy = await liar(watched.url);
  await page.goto(`${proxy.url}/${LEDGER}/check`);
  await page.getByLabel("Witnesses' keys").fill(street.vkey);
  await page.getByRole("button", { name: "Pin this key" }).click();
  Object.assign(proxy.lie, { at: proofAt, how: changed((proof) => {
    const [, signature] = /— witness\.example\.org\/street (\S+)/.exec(proof.checkpoint);
    proof.checkpoint = proof.checkpoint.replace(signature, flipped(signature, 40));
  }) });
  const forged = await check(page, proxy.url + DECISION);
  assert.equal(forged.verdict, "failed", forged.said);
  await page.context().close();
  await proxy.stop();
  await watched.stop();
  await watching.stop();
  other.remove();
});

test("a browser without the cryptography, and a server that does not answer, are told apart", async () => {
  const page = await open(browser, { locale: "en-GB" });
  await page.addInitScript(() => {
    crypto.subtle.importKey = () => Promise.reject(new DOMException("no Ed25519", "NotSupportedError"));
  });
  const unable = await check(page, server.url + DECISION);
  assert.equal(unable.verdict, "unable", unable.said);
  assert.ok(unable.said.includes("command line"), unable.said);
  await page.context().close();
  const offline = await open(browser, { locale: "en-GB" });
  await offline.route(proofAt, (route) => route.abort());
  const unreachable = await check(offline, server.url + DECISION);
  assert.equal(unreachable.verdict, "unreachable", unreachable.said);
  await offline.context().close();
});

test("each notice is one sheet of A4, and its code holds the receipt", async () => {
  const page = await open(browser, { viewport: { width: 1240, height: 1754 }, deviceScaleFactor: 2 });
  const lists = LISTS.map((list) => `/${LEDGER}/${list}/notice`);
  for (const where of [`${DECISION}/notice`, `/${LEDGER}/decisions/clear-stairways/notice`, ...lists]) {
    for (const lang of ["zh", "en"]) {
      await page.goto(`${server.url}${where}?lang=${lang}&posted=2026-11-27`);
      const words = await page.locator(".sheet").innerText();
      assert.ok(words.includes(lang === "zh" ? "2026年12月12日" : "12 December 2026"), words);
      const paper = (await page.pdf({ format: "A4", preferCSSPageSize: true })).toString("latin1");
      const sheets = paper.match(/\/Type\s*\/Page\b(?!s)/g) ?? [];
      assert.equal(sheets.length, 1, `${where} ${lang}`);
    }
  }
  await page.goto(`${server.url}${DECISION}/notice`);
  const picture = PNG.sync.read(await page.locator("svg.code").screenshot());
  const code = jsqr(new Uint8ClampedArray(picture.data), picture.width, picture.height);
  const { index } = JSON.parse(await (await fetch(`${server.url}${DECISION}.json`)).text()).decision;
  const receipt = await (await fetch(`${server.url}/${LEDGER}/entries/${index}.tlog-proof`)).text();
  assert.equal(code?.data, receipt);
  await page.context().close();
});

test("each list has a table, data and an address in the sitemap", async () => {
  const sitemap = await (await fetch(`${server.url}/${LEDGER}/sitemap.xml`)).text();
  const described = await (await fetch(`${server.url}/_/openapi.json`)).json();
  for (const list of LISTS) {
    const table = await fetch(`${server.url}/${LEDGER}/${list}.csv?lang=en`);
    const text = await table.text();
    assert.equal(table.status, 200, list);
    assert.ok(text.startsWith("\ufeff") || Buffer.from(text).length > 10, list);
    assert.ok(text.trim().split("\r\n").length > 1, `${list}: ${text}`);
    assert.ok(sitemap.includes(`/${LEDGER}/${list}</loc>`), list);
    const data = await fetch(`${server.url}/${LEDGER}/${list}.json`);
    assert.equal(data.status, 200, list);
    assert.ok((await data.json()).position, list);
    assert.ok(described.paths[`/{ledger}/${list}.json`], list);
  }
});

test("a disclosure hangs out on one sheet for the days that were recorded, with its receipt as a code", async () => {
  const page = await open(browser, { viewport: { width: 1240, height: 1754 }, deviceScaleFactor: 2 });
  const where = `/${LEDGER}/disclosures/accounts-autumn`;
  const { disclosure } = await (await fetch(`${server.url}${where}.json`)).json();
  await page.goto(`${server.url}${where}/notice?lang=zh&posted=2020-01-01`);
  const words = await page.locator(".sheet").innerText();
  const [year, month, day] = disclosure.until.split("-").map(Number);
  assert.ok(words.includes(`${year}年${month}月${day}日（20 日）`) && !words.includes("2020"), words);
  const paper = (await page.pdf({ format: "A4", preferCSSPageSize: true })).toString("latin1");
  assert.equal((paper.match(/\/Type\s*\/Page\b(?!s)/g) ?? []).length, 1);
  const picture = PNG.sync.read(await page.locator("svg.code").screenshot());
  const code = jsqr(new Uint8ClampedArray(picture.data), picture.width, picture.height);
  const receipt = await (await fetch(`${server.url}/${LEDGER}/entries/${disclosure.posted_index}.tlog-proof`)).text();
  assert.equal(code?.data, receipt);
  await page.context().close();
});

test("decisions are found by what they have to do with, through the form", async () => {
  const page = await open(browser, { locale: "en-GB" });
  await page.goto(`${server.url}/${LEDGER}/decisions`);
  await page.locator("summary", { hasText: "Filter" }).click();
  await page.locator("select[name=matter]").selectOption({ label: "Repairs" });
  await page.locator("select[name=power]").selectOption("urgent-repairs");
  await page.getByRole("button", { name: "Filter" }).click();
  const found = await page.locator("main .card a.block").evaluateAll((links) => links.map(({ pathname }) => pathname));
  assert.deepEqual(found, ["power-list-amended", "power-list"].map((id) => `/${LEDGER}/decisions/${id}`));
  // And from the decision to the power.
  await page.goto(server.url + found[0]);
  await page.locator(`main a[href*="/powers/urgent-repairs"]`).first().click();
  assert.equal(new URL(page.url()).pathname, `/${LEDGER}/powers/urgent-repairs`);
  await page.context().close();
});

test("what is over or undone says so, and names nobody who need not be named", async () => {
  const page = await open(browser, { locale: "en-GB" });
  const words = async (where) => {
    await page.goto(`${server.url}/${LEDGER}${where}`);
    return page.locator("main").innerText();
  };
  const overturned = await words("/decisions/reading-room-lease");
  assert.ok(/Overturned/.test(overturned) && overturned.includes("no longer stands"), overturned);
  const over = await words("/sanctions/missed-duty");
  assert.ok(over.includes("Nobody is named here") && !/Zhao|zhao|赵/.test(over), over);
  const recalled = await words("/sanctions/recall-petition");
  assert.ok(/Zhao Yan/.test(recalled), recalled);
  // A ballot that nobody opened is an abstention and is listed; one that its voter opened is not.
  const unopened = await words("/decisions/parking-on-the-green");
  assert.ok(unopened.includes("not opened after the close: 1"), unopened);
  await page.locator("summary", { hasText: "Whose were not opened" }).click();
  assert.equal(await page.locator("main details li").innerText(), "owner-14");
  const opened = await words("/decisions/hire-manager");
  assert.ok(!opened.includes("not opened"), opened);
  await page.context().close();
});

test("who answered a consultation, and what they said, is on no page", async () => {
  for (const where of ["consultations/lift-survey", "consultations/lift-survey.json", "consultations.csv", "timeline", "search?query=%E5%A4%A7%E4%BF%AE"]) {
    const text = await (await fetch(`${server.url}/${LEDGER}/${where}`)).text();
    assert.ok(!/owner-11|常停在四楼|家有老人/.test(text), where);
  }
});

test("texts are found in both languages, each with the words marked and a way to its page", async () => {
  const page = await open(browser, { locale: "en-GB" });
  await page.goto(`${server.url}/${LEDGER}`);
  await page.getByRole("link", { name: "Search" }).click();
  for (const [words, marked, to] of [["绿地", "绿地", "/motions/parking-on-the-green"], ["twenty paid places", "twenty", "/motions/parking-on-the-green"]]) {
    await page.getByLabel("Words to look for").fill(words);
    await page.getByRole("button", { name: "Search" }).click();
    const hit = page.locator("main .card", { has: page.locator(`a[href*="${to}"]`) }).first();
    assert.ok((await hit.locator("mark").first().innerText()).includes(marked), words);
  }
  await page.getByLabel("Words to look for").fill("no such words anywhere");
  await page.getByRole("button", { name: "Search" }).click();
  await page.getByText("Nothing was found").waitFor();
  await page.context().close();
});

test("a resident who never held an office has no page", async () => {
  assert.equal((await fetch(`${server.url}/${LEDGER}/people/owner-02`)).status, 404);
  assert.equal((await fetch(`${server.url}/${LEDGER}/people/nobody`)).status, 404);
});

test("two days of the power list are compared, and the comparison is data too", async () => {
  const page = await open(browser, { locale: "en-GB", viewport: { width: 1280, height: 900 } });
  const power = await (await fetch(`${server.url}/${LEDGER}/powers/urgent-repairs.json`)).json();
  const day = (ms) => new Date(Number(ms) + 8 * 3_600_000).toISOString().slice(0, 10);
  const [first, second] = power.history.map((made) => day(made.recorded_at_ms));
  await page.goto(`${server.url}/${LEDGER}/power-changes?from=${first}&to=${second}`);
  const words = await page.locator("main").innerText();
  assert.ok(words.includes("up to 5000 yuan") && words.includes("up to 8000 yuan"), words);
  const data = await page.locator("footer a[type='application/json']").getAttribute("href");
  const { differences } = await (await fetch(server.url + data)).json();
  assert.deepEqual(differences.map(({ after }) => after.item).sort(), ["board-adverts", "census-help", "community-rooms", "urgent-repairs"]);
  // Before there was a list, nothing was on it; from then on, everything is new.
  await page.getByLabel("First day").fill(day(Number(power.history[0].recorded_at_ms) - 86_400_000));
  await page.getByRole("button", { name: "Compare" }).click();
  assert.equal(await page.locator("main .badge", { hasText: "New" }).count(), 4);
  await page.context().close();
});

test("the keyboard reaches everything in reading order, and the first stop skips to the content", async () => {
  const page = await open(browser, { locale: "en-GB", viewport: { width: 1280, height: 900 } });
  await page.goto(server.url + DECISION);
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.className), "skip");
  await page.keyboard.press("Enter");
  assert.equal(await page.evaluate(() => document.activeElement.id), "main");
  await page.goto(server.url + DECISION);
  const stops = await page.evaluate(() => {
    const all = document.querySelectorAll("a[href], button, select, input, textarea, summary, [tabindex='0']");
    const shown = Array.from(all).filter((element) => element.checkVisibility());
    shown.forEach((element, at) => (element.dataset.stop = at));
    return shown.length;
  });
  for (let stop = 0; stop < stops; stop += 1) {
    await page.keyboard.press("Tab");
    const [at, outline] = await page.evaluate(() => {
      const { activeElement } = document;
      return [Number(activeElement.dataset.stop), parseFloat(getComputedStyle(activeElement).outlineWidth)];
    });
    assert.equal(at, stop);
    assert.ok(outline >= 2, `stop ${stop} shows that it has the focus`);
  }
  await page.context().close();
});

test("a page of an open vote counts along and keeps the result to itself", async () => {
  const page = await open(browser, { locale: "en-GB" });
  await page.goto(server.url + OPEN_VOTE);
  const before = await page.locator("[data-count]").innerText();
  await page.evaluate(() => (window.untouched = true));
  const key = path.join(demo.data, "demo-keys/owner-01.pem");
  const opening = path.join(demo.data, "owner-01.opening.json");
  govledger("vote", "replace-the-lift", "against", "--key", key, "--opening", opening, "--server", server.url);
  await page.waitForFunction((before) => Number(document.querySelector("[data-count]").textContent) === Number(before) + 1, before);
  assert.ok(await page.evaluate(() => window.untouched), "it was not loaded again");
  const words = await page.locator("main").innerText();
  assert.ok(words.includes("after the close") && !/owner-01|\bagainst\b/i.test(words), words);
  await page.context().close();
});

test("reading aloud is offered where the browser can speak, and language and print can be changed everywhere", async () => {
  const page = await open(browser, { locale: "zh-CN" });
  await page.goto(server.url + DECISION);
  await page.getByRole("button", { name: "朗读" }).waitFor();
  await page.getByRole("link", { name: "大字版" }).click();
  await page.getByRole("link", { name: "English" }).click();
  assert.equal(await page.getAttribute("html", "class"), "large");
  await page.getByText("Menu").click();
  await page.getByRole("link", { name: "Rules", exact: true }).click();
  assert.equal(await page.getAttribute("html", "class"), "large");
  assert.equal(await page.getAttribute("html", "lang"), "en");
  assert.equal((await page.context().cookies()).length, 0);
  await page.context().close();
});
