// What the browser tests stand on: a demonstration served by the real binary, a proxy that lies, a browser.
import { spawn, spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import fs from "node:fs";
import http from "node:http";
import os from "node:os";
import path from "node:path";

const root = path.resolve(import.meta.dirname, "../..");
const target = path.resolve(process.env.CARGO_TARGET_DIR ?? path.join(root, "target"));
const installed = createRequire(path.join(target, "browser/package.json"));

export const axe = fs.readFileSync(installed.resolve("axe-core/axe.min.js"), "utf8");
export const jsqr = installed("jsqr");
export const { PNG } = installed("pngjs");
const { chromium } = installed("playwright-core");

/** The ledger of the demonstration. */
export const LEDGER = "xinyuanli-demo";

/** How long anything may take before a test calls it stuck. */
export const DEADLINE = 60_000;

const binary = path.join(target, "debug/govledger");

/** Runs the program to its end; fails where it does. */
export function govledger(...words) {
  const done = spawnSync(binary, words, { encoding: "utf8", timeout: DEADLINE });
  if (done.status !== 0) throw new Error(`govledger ${words.join(" ")}: ${done.stdout}${done.stderr}`);
  return done.stdout;
}

/** Plays the demonstration in a directory that goes away. */
export function play() {
  const home = fs.mkdtempSync(path.join(os.tmpdir(), "govledger-browser-"));
  const data = path.join(home, "demo");
  govledger("demo", "--no-serve", "--data", data);
  return { data, remove: () => fs.rmSync(home, { recursive: true }) };
}

/** Serves a data directory on a free port. */
export function serve(data, ...more) {
  return started("serve", "--data", data, "--listen", "127.0.0.1:0", ...more);
}

/** Starts what goes on until it is stopped, and waits until it says where it listens. */
export async function started(...words) {
  const server = spawn(binary, words);
  const ended = new Promise((resolve) => server.once("exit", resolve));
  const url = await new Promise((resolve, reject) => {
    let told = "";
    server.stdout.on("data", (part) => {
      told += part;
      const found = /listening on (http:\S+)/.exec(told);
      if (found) resolve(found[1]);
    });
    server.once("error", reject);
    ended.then(() => reject(new Error(`the server ended: ${told}`)));
  });
  const stop = async () => {
    server.kill("SIGTERM");
    await ended;
  };
  return { url, stop };
}

/** The file of a content, by its digest in base64. */
export function contentFile(data, digest) {
  const name = Buffer.from(digest, "base64").toString("hex");
  return path.join(data, "ledgers", LEDGER, "content", name.slice(0, 2), name);
}

/** A server that passes everything on, but changes the answers whose address `lie.at` matches by `lie.how`. */
export async function liar(url) {
  const lie = { at: null, how: null };
  const proxy = http.createServer(async (request, response) => {
    const answer = await fetch(url + request.url, { headers: { host: request.headers.host } });
    let body = Buffer.from(await answer.arrayBuffer());
    if (lie.at?.test(request.url)) body = Buffer.from(lie.how(body.toString("utf8")));
    const headers = Object.fromEntries(answer.headers);
    delete headers["content-length"];
    delete headers["transfer-encoding"];
    response.writeHead(answer.status, headers);
    response.end(body);
  });
  await new Promise((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  const stop = () => new Promise((resolve) => proxy.close(resolve));
  return { url: `http://127.0.0.1:${proxy.address().port}`, lie, stop };
}

/** The browser, with nothing of its own going on. */
export function launch() {
  return chromium.launch({
    executablePath: process.env.GOVLEDGER_CHROMIUM ?? "/usr/bin/chromium",
    args: [
      "--headless",
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}

/** A page that fails the test where the browser complains: of a script, of the policy, of a missing file. */
export async function open(browser, options = {}) {
  const context = await browser.newContext({ viewport: { width: 320, height: 720 }, ...options });
  context.setDefaultTimeout(DEADLINE);
  const page = await context.newPage();
  page.complaints = [];
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") page.complaints.push(message.text());
  });
  page.on("pageerror", (error) => page.complaints.push(error.message));
  return page;
}
