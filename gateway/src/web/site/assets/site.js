// What pages do beyond being read: check an entry, keep a key, follow a turnout, read aloud. Everything works
// without; nothing here decides anything. FORMAT.md is what it checks by.
"use strict";
(() => {
  const text = new TextEncoder();
  const read = new TextDecoder("utf-8", { fatal: true });

  // ── Bytes ──

  const fromBase64 = (base64) => Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  const toHex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  const equal = (a, b) => a.length === b.length && a.every((byte, at) => byte === b[at]);
  const join = (...parts) => {
    const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
    let at = 0;
    for (const part of parts) {
      all.set(part, at);
      at += part.length;
    }
    return all;
  };
  const sha256 = async (bytes) => new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));

  class Unable extends Error {}
  class Unreachable extends Error {}
  class Refused extends Unreachable {}

  async function verify(key, signature, message) {
    let imported;
    try {
      imported = await crypto.subtle.importKey("raw", key, { name: "Ed25519" }, false, ["verify"]);
    } catch (error) {
      if (error.name === "NotSupportedError" || error.name === "SyntaxError") throw new Unable();
      return false;
    }
    return crypto.subtle.verify({ name: "Ed25519" }, imported, signature, message);
  }

  // ── FORMAT.md: an entry ──

  class Reader {
    constructor(bytes) {
      this.bytes = bytes;
      this.at = 0;
    }
    take(length) {
      if (length > this.bytes.length - this.at) throw new Error("too short");
      const part = this.bytes.subarray(this.at, this.at + length);
      this.at += length;
      return part;
    }
    little(length) {
      const number = this.take(length).reduceRight((sum, byte) => sum * 256n + BigInt(byte), 0n);
      if (number > BigInt(Number.MAX_SAFE_INTEGER)) throw new Error("too large");
      return Number(number);
    }
    end() {
      if (this.at !== this.bytes.length) throw new Error("too long");
    }
  }

  function readEntry(bytes) {
    const reader = new Reader(bytes);
    if (reader.little(2) !== 1) throw new Error("another version");
    const entry = { ledger: read.decode(reader.take(reader.little(8))), index: reader.little(8) };
    entry.recordedAt = reader.little(8);
    entry.previous = reader.take(32);
    const count = reader.little(8);
    if (count < 1 || count > 16) throw new Error("signatures");
    entry.signatures = Array.from({ length: count }, () => ({ key: reader.take(32), signature: reader.take(64) }));
    entry.action = reader.take(reader.little(8));
    reader.end();
    return entry;
  }

  // The fields of a protobuf message: numbers as numbers, the rest as bytes.
  function fields(bytes) {
    const found = new Map();
    let at = 0;
    const varint = () => {
      let number = 0n;
      for (let shift = 0n; shift < 70n; shift += 7n) {
        if (at >= bytes.length) throw new Error("too short");
        const byte = bytes[at++];
        number |= BigInt(byte & 127) << shift;
        if (byte < 128) return number;
      }
      throw new Error("varint");
    };
    while (at < bytes.length) {
      const tag = Number(varint());
      const field = tag >>> 3;
      if ((tag & 7) === 0) {
        found.set(field, varint());
      } else if ((tag & 7) === 2) {
        const length = Number(varint());
        if (length > bytes.length - at) throw new Error("too short");
        found.set(field, bytes.subarray(at, at + length));
        at += length;
      } else {
        throw new Error("wire type");
      }
    }
    return found;
  }

  const OUTCOMES = ["", "adopted", "rejected", "no-quorum", "partly-filled"];

  // What a MotionDecided says; nothing for any other action.
  function decided(action) {
    const payload = fields(action).get(184);
    if (!payload) return null;
    const said = fields(payload);
    return { motion: read.decode(said.get(1) ?? new Uint8Array()), outcome: OUTCOMES[Number(said.get(2) ?? 0n)] };
  }

  // The digest that a StatementMade or an ExpertOpinionFiled names.
  function contentDigest(action) {
    const payloads = fields(action);
    const statement = payloads.get(173);
    const opinion = payloads.get(175);
    const content = statement ? fields(statement).get(3) : opinion ? fields(opinion).get(2) : null;
    return content ? fields(content).get(1) : null;
  }

  // ── Tree: RFC 6962 §2.1, RFC 9162 §2.1.3.2 and §2.1.4.2 ──

  const node = (left, right) => sha256(join(Uint8Array.of(1), left, right));
  const odd = (number) => number % 2 === 1;
  const half = (number) => Math.floor(number / 2);

  async function included(leaf, index, size, proof, root) {
    if (index >= size) return false;
    let [place, last, hash] = [index, size - 1, leaf];
    for (const sibling of proof) {
      if (last === 0) return false;
      if (odd(place) || place === last) {
        hash = await node(sibling, hash);
        while (!odd(place) && place !== 0) [place, last] = [half(place), half(last)];
      } else {
        hash = await node(hash, sibling);
      }
      [place, last] = [half(place), half(last)];
    }
    return last === 0 && equal(hash, root);
  }

  async function extended(oldSize, oldRoot, newSize, newRoot, proof) {
    if (oldSize === newSize) return proof.length === 0 && equal(oldRoot, newRoot);
    if (oldSize === 0 || oldSize > newSize || proof.length === 0) return false;
    const path = Number.isInteger(Math.log2(oldSize)) ? [oldRoot, ...proof] : proof;
    let [place, last] = [oldSize - 1, newSize - 1];
    while (odd(place)) [place, last] = [half(place), half(last)];
    let [older, newer] = [path[0], path[0]];
    for (const hash of path.slice(1)) {
      if (last === 0) return false;
      if (odd(place) || place === last) {
        older = await node(hash, older);
        newer = await node(hash, newer);
        while (!odd(place) && place !== 0) [place, last] = [half(place), half(last)];
      } else {
        newer = await node(newer, hash);
      }
      [place, last] = [half(place), half(last)];
    }
    return last === 0 && equal(older, oldRoot) && equal(newer, newRoot);
  }

  // ── Signed notes and checkpoints: C2SP ──

  async function readKey(line) {
    const [, name, id, encoded] = /^([^+\s]+)\+([0-9a-f]{8})\+(\S+)$/.exec(line.trim()) ?? [];
    if (!name) return null;
    let bytes;
    try {
      bytes = fromBase64(encoded);
    } catch {
      return null;
    }
    if (bytes.length !== 33 || (bytes[0] !== 1 && bytes[0] !== 4)) return null;
    const digest = await sha256(join(text.encode(`${name}\n`), bytes));
    if (toHex(digest.subarray(0, 4)) !== id) return null;
    return { name, id, kind: bytes[0], key: bytes.subarray(1) };
  }

  function readNote(note) {
    const end = note.lastIndexOf("\n\n");
    if (end < 0 || !note.endsWith("\n")) throw new Error("no note");
    const lines = note.slice(end + 2, -1).split("\n");
    const signatures = lines.map((line) => {
      const [, name, encoded] = /^— (\S+) (\S+)$/.exec(line) ?? [];
      if (!name) throw new Error("no signature");
      const bytes = fromBase64(encoded);
      return { name, id: toHex(bytes.subarray(0, 4)), bytes: bytes.subarray(4) };
    });
    const body = note.slice(0, end + 1);
    const [origin, size, root] = body.split("\n");
    if (!/^(0|[1-9]\d{0,15})$/.test(size)) throw new Error("size");
    return { body, signatures, origin, size: Number(size), root: fromBase64(root) };
  }

  async function signedBy(note, key) {
    const found = note.signatures.find((known) => known.name === key.name && known.id === key.id);
    if (!found) return false;
    if (key.kind === 1) return verify(key.key, found.bytes, text.encode(note.body));
    if (found.bytes.length !== 72) return false;
    const time = new DataView(found.bytes.buffer, found.bytes.byteOffset).getBigUint64(0);
    return verify(key.key, found.bytes.subarray(8), text.encode(`cosignature/v1\ntime ${time}\n${note.body}`));
  }

  // ── What the visitor keeps ──

  const kept = {
    get(kind, ledger) {
      try {
        return JSON.parse(localStorage.getItem(`govledger.${kind}.${ledger}`));
      } catch {
        return null;
      }
    },
    set(kind, ledger, value) {
      try {
        if (value === null) localStorage.removeItem(`govledger.${kind}.${ledger}`);
        else localStorage.setItem(`govledger.${kind}.${ledger}`, JSON.stringify(value));
      } catch {
        // Where nothing can be kept, every visit is the first.
      }
    },
  };

  // ── The check ──

  async function fetchJson(address) {
    let answer;
    try {
      answer = await fetch(address, { cache: "no-store", credentials: "omit" });
    } catch {
      throw new Unreachable();
    }
    if (answer.status >= 500) throw new Unreachable();
    if (!answer.ok) throw new Refused();
    try {
      return await answer.json();
    } catch {
      throw new Error("no JSON");
    }
  }

  async function check(claim) {
    if (!globalThis.crypto?.subtle) throw new Unable();
    const proof = await fetchJson(claim.check);
    const steps = [];
    const step = (name, good, note) => steps.push({ name, good: Boolean(good), note });
    const pinned = kept.get("key", claim.ledger);
    const bytes = fromBase64(proof.entry);
    const leaf = await sha256(join(Uint8Array.of(0), bytes));
    step("bytes", equal(leaf, fromBase64(proof.leaf)));
    const entry = readEntry(bytes);
    step("place", entry.ledger === claim.ledger && entry.index === Number(claim.index));
    const note = readNote(proof.checkpoint);
    const path = proof.inclusion_proof.map(fromBase64);
    step("inclusion", await included(leaf, entry.index, note.size, path, note.root));
    const mine = await readKey(pinned?.key ?? proof.verifier_key);
    const key = pinned && mine ? await inForce(claim.ledger, mine, note, proof.rotations ?? []) : mine;
    step("checkpoint", key && note.origin === key.name && (await signedBy(note, key)));
    step(pinned ? "pinned" : "unpinned", true, key === mine ? undefined : "rotated");
    const message = join(text.encode("govledger/action/v1\n"), entry.action);
    const signed = entry.signatures.map((one) => verify(one.key, one.signature, message));
    step("signers", (await Promise.all(signed)).every(Boolean));
    await witnesses(note, pinned?.witnesses ?? [], key, step);
    if (claim.motion) {
      const said = decided(entry.action);
      step("result", said && said.motion === claim.motion && said.outcome === claim.outcome);
    }
    const erased = await content(claim, entry, proof.content, step);
    await history(claim, note, step);
    const good = steps.every((one) => one.good);
    if (good) kept.set("seen", claim.ledger, { size: note.size, root: toHex(note.root) });
    return { verdict: good ? (erased ? "erased" : "proven") : "failed", steps, size: note.size };
  }

  // The key that signed the note: the one kept, or one it leads to by entries that the key before and the key
  // after have both signed.
  async function inForce(ledger, mine, note, rotations) {
    const by = (key) => note.signatures.some((one) => one.name === key.name && one.id === key.id);
    const links = [];
    for (const rotation of rotations) {
      const { action, signatures } = readEntry(fromBase64(rotation));
      const said = fields(action);
      const payload = said.get(117);
      if (!payload || read.decode(said.get(1) ?? new Uint8Array()) !== ledger) continue;
      const link = [1, 2].map((field) => fields(payload).get(field) ?? new Uint8Array());
      const message = join(text.encode("govledger/action/v1\n"), action);
      const signs = async (key) => {
        const found = signatures.find((one) => equal(one.key, key));
        return Boolean(found) && verify(found.key, found.signature, message);
      };
      if ((await signs(link[0])) && (await signs(link[1]))) links.push(link);
    }
    const known = [mine];
    for (const current of known) {
      if (by(current)) return current;
      for (const link of links.filter((pair) => pair.some((key) => equal(key, current.key)))) {
        for (const key of link.filter((other) => !known.some((one) => equal(one.key, other)))) {
          const kind = Uint8Array.of(1);
          const digest = await sha256(join(text.encode(`${mine.name}\n`), kind, key));
          known.push({ name: mine.name, id: toHex(digest.subarray(0, 4)), kind: 1, key });
        }
      }
    }
    return mine;
  }

  async function witnesses(note, lines, ledgerKey, step) {
    const others = note.signatures.filter((one) => one.id !== ledgerKey?.id);
    if (lines.length === 0) {
      step("witnesses", true, others.length === 0 ? "witnesses-none" : "witnesses-unknown");
      return;
    }
    for (const line of lines) {
      const key = await readKey(line);
      step("witnesses", key && (await signedBy(note, key)), "witnesses-good");
    }
  }

  // Whether the text beside it was erased; where it is there, it fits its digest and is what the page shows.
  async function content(claim, entry, beside, step) {
    const digest = contentDigest(entry.action);
    if (!digest) return false;
    if (!beside) {
      step("content", false);
      return false;
    }
    if (beside.erased) return true;
    const words = fromBase64(beside.bytes);
    const computed = await sha256(join(text.encode("govledger/content/v1\n"), fromBase64(beside.salt), words));
    const shown = Array.from(document.querySelectorAll(`blockquote[data-entry="${entry.index}"]`));
    const same = shown.every((quote) => quote.textContent === read.decode(words));
    step("content", equal(computed, digest) && same);
    return false;
  }

  // Nothing that was seen before was taken back.
  async function history(claim, note, step) {
    const seen = kept.get("seen", claim.ledger);
    if (!seen) return;
    if (seen.size > note.size) {
      step("history", false);
      return;
    }
    const address = `/${claim.ledger}/consistency.json?from=${seen.size}&to=${note.size}`;
    const root = Uint8Array.from(seen.root.match(/../g), (byte) => parseInt(byte, 16));
    try {
      const proof = seen.size === note.size ? [] : (await fetchJson(address)).proof.map(fromBase64);
      step("history", await extended(seen.size, root, note.size, note.root, proof));
    } catch (error) {
      // Whoever answers and will not prove it has something to hide.
      if (!(error instanceof Refused)) throw error;
      step("history", false);
    }
  }

  function offerCheck(box) {
    const phrases = new Map();
    for (const phrase of box.querySelector("template").content.querySelectorAll("[data-phrase]")) {
      phrases.set(phrase.dataset.phrase, phrase.textContent);
    }
    const result = box.querySelector(".verdict-box");
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = phrases.get("button");
    box.querySelector(".noscript").replaceWith(button);
    button.addEventListener("click", async () => {
      result.className = "verdict-box";
      result.replaceChildren(phrases.get("running"));
      delete box.dataset.verdict;
      const outcome = await check({ ...box.dataset }).catch((error) => ({
        verdict: error instanceof Unable ? "unable" : error instanceof Unreachable ? "unreachable" : "failed",
        steps: [],
      }));
      show(result, outcome, phrases);
      box.dataset.verdict = outcome.verdict;
    });
  }

  function show(result, outcome, phrases) {
    const sign = { proven: "✓", erased: "✓", failed: "✗", unable: "○", unreachable: "○" }[outcome.verdict];
    const title = document.createElement("h3");
    title.textContent = `${sign} ${phrases.get(outcome.verdict)}`;
    const words = document.createElement("p");
    words.textContent = phrases.get(`${outcome.verdict}-text`);
    const list = document.createElement("ul");
    for (const one of outcome.steps) {
      const item = document.createElement("li");
      const note = one.note ? `: ${phrases.get(one.note)}` : "";
      const neutral = one.note === "witnesses-none" || one.note === "witnesses-unknown";
      item.textContent = one.good
        ? `${neutral ? "○" : "✓"} ${phrases.get(one.name)}${note}`
        : `✗ ${phrases.get(one.name)}: ${phrases.get("bad")}`;
      list.append(item);
    }
    if (outcome.size) {
      const item = document.createElement("li");
      item.textContent = `· ${phrases.get("size")}: ${outcome.size}`;
      list.append(item);
    }
    result.classList.add(outcome.verdict);
    result.replaceChildren(title, words, list);
  }

  // ── The key ──

  function offerPin(form) {
    const { ledger, key, keys, pinned, unpinned, wrong, differs, exchanged } = form.dataset;
    const field = form.elements.namedItem("key");
    const others = form.elements.namedItem("witnesses");
    const status = form.querySelector("[role=status]");
    const tell = () => {
      const mine = kept.get("key", ledger);
      field.value = mine?.key ?? key;
      others.value = (mine?.witnesses ?? []).join("\n");
      const earlier = mine && keys.split(" ").includes(mine.key);
      status.textContent = !mine ? unpinned : mine.key === key ? pinned : earlier ? exchanged : differs;
    };
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const lines = others.value.split("\n").map((line) => line.trim()).filter(Boolean);
      const keys = await Promise.all([field.value, ...lines].map(readKey));
      if (keys.some((one) => !one) || keys[0].kind !== 1) {
        status.textContent = wrong;
        return;
      }
      kept.set("key", ledger, { key: field.value.trim(), witnesses: lines });
      tell();
    });
    form.addEventListener("reset", (event) => {
      event.preventDefault();
      kept.set("key", ledger, null);
      kept.set("seen", ledger, null);
      tell();
    });
    form.hidden = false;
    tell();
  }

  // ── Turnout ──

  function follow(box) {
    const events = new EventSource(box.dataset.turnout);
    events.addEventListener("turnout", (event) => {
      box.querySelector("[data-count]").textContent = event.data;
      const bar = box.querySelector("progress");
      if (bar) bar.value = Number(event.data.replaceAll(",", ""));
    });
    events.addEventListener("closed", () => {
      events.close();
      location.reload();
    });
  }

  // ── Reading aloud ──

  function offerReading(tools) {
    if (!("speechSynthesis" in window)) return;
    const { read: start, stop } = document.body.dataset;
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = start;
    const item = document.createElement("li");
    item.append(button);
    tools.append(item);
    let reading = false;
    const ended = () => {
      reading = false;
      button.textContent = start;
    };
    button.addEventListener("click", () => {
      speechSynthesis.cancel();
      if (reading) {
        ended();
        return;
      }
      const parts = sentences();
      for (const part of parts) speechSynthesis.speak(part);
      if (parts.length === 0) return;
      parts.at(-1).addEventListener("end", ended);
      reading = true;
      button.textContent = stop;
    });
    addEventListener("pagehide", () => speechSynthesis.cancel());
  }

  // What is to be read, in order, each in its own language; what is folded away is not.
  function sentences() {
    const blocks = "h1, h2, h3, p, li, dt, dd, caption, th, td, blockquote, figcaption, summary";
    const all = Array.from(document.querySelectorAll(`main :is(${blocks})`));
    const leaves = all.filter((block) => !block.querySelector(blocks) && block.checkVisibility());
    return leaves
      .map((block) => {
        const part = new SpeechSynthesisUtterance(block.textContent.trim());
        part.lang = (block.querySelector("[lang]") ?? block.closest("[lang]")).lang;
        return part;
      })
      .filter((part) => part.text);
  }

  document.querySelectorAll("[data-check]").forEach(offerCheck);
  document.querySelectorAll("form.pin").forEach(offerPin);
  document.querySelectorAll("[data-turnout]").forEach(follow);
  document.querySelectorAll("ul.tools").forEach(offerReading);
})();
