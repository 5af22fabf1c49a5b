// The page: who is there, what they may open, and its keys.
import { ask, at, el, labelled, onDay, shown, table } from "./draw.js";
import { words } from "./words.js";

const top = document.getElementById("top");
const main = document.getElementById("main");
let names = { kinds: {}, fields: {}, procedures: {} };
let me = null;
let caseInHand = null;

const kind = (code) => names.kinds[code] ?? code;
const query = () => (caseInHand ? `?case=${caseInHand.id}` : "");

/** Shows what a task draws; what goes wrong is said where it would have stood. */
async function draw(place, task) {
  try {
    place.replaceChildren(...[await task()].flat());
  } catch (error) {
    if (error.code === "not_signed_in") return welcome("not_signed_in");
    place.replaceChildren(el("p", { class: "notice bad", role: "alert" }, error.message));
  }
}

function welcome(why) {
  me = null;
  top.replaceChildren(el("strong", {}, words.title));
  const problem = words.errors[why] ?? (["sign_in_failed", "no_account"].includes(why) ? words[why] : null);
  const link = el("a", { class: "button", href: "/kho/sign-in" }, words.signIn);
  main.replaceChildren(
    el(
      "section",
      { class: "welcome" },
      el("h1", {}, words.welcome),
      el("p", {}, words.welcomeMore),
      problem ? el("p", { class: "notice bad", role: "alert" }, problem) : null,
      link,
    ),
  );
  link.focus();
}

// ---------------------------------------------------------------- papers

async function papers() {
  const list = el("ul", { class: "list", role: "listbox", tabIndex: 0, "aria-label": words.tabs.papers });
  const side = el("section", { class: "side" });
  const count = el("p", { class: "soft" });
  const find = el("input", { type: "search", placeholder: words.find, "aria-label": words.find });
  let chosen = -1;
  let asked = 0;

  function choose(index) {
    if (index < 0 || index >= list.children.length) return;
    chosen = index;
    [...list.children].forEach((item, place) => item.setAttribute("aria-selected", String(place === index)));
    list.children[index].scrollIntoView({ block: "nearest" });
    draw(side, () => paper(list.children[index].dataset.document));
  }
  async function search() {
    const turn = (asked += 1);
    const found = await ask("papers/search", {
      method: "POST",
      json: { words: find.value, ...(caseInHand ? { case: caseInHand.id } : {}) },
    });
    // A later question may have been answered first.
    if (turn !== asked) return;
    count.textContent = found.length > 0 ? words.many(found.length) : find.value ? words.nothingFound : words.noPapers;
    list.replaceChildren(...found.map((line, index) => item(line, () => choose(index))));
    side.replaceChildren();
    chosen = -1;
    choose(0);
  }
  let wait;
  find.addEventListener("input", () => {
    clearTimeout(wait);
    wait = setTimeout(() => draw(count, async () => (await search(), count.textContent)), 200);
  });
  const keys = (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      choose(chosen + (event.key === "ArrowDown" ? 1 : -1));
    } else if (event.key === "Enter") {
      side.querySelector("a.button")?.click();
    }
  };
  find.addEventListener("keydown", keys);
  list.addEventListener("keydown", keys);
  await search();
  setTimeout(() => find.focus());
  return el("div", { class: "columns" }, el("section", { class: "main" }, find, count, list, el("p", { class: "soft" }, words.keys)), side);
}

function item(line, choose) {
  return el(
    "li",
    { role: "option", "aria-selected": "false", "data-document": line.document, onclick: choose },
    el(
      "div",
      {},
      el("strong", {}, kind(line.kind)),
      line.is_result ? el("span", { class: "mark" }, words.result) : null,
    ),
    el("div", { class: "soft" }, [line.number, line.office, onDay(line.dossier_received_at)].filter(Boolean).join(" · ")),
  );
}

function facts(pairs) {
  const rows = pairs.filter(([, value]) => value);
  return el("dl", {}, ...rows.flatMap(([name, value]) => [el("dt", {}, name), el("dd", {}, value)]));
}

async function paper(document) {
  const one = await ask(`papers/${document}${query()}`);
  const labels = names.fields[one.kind] ?? {};
  const applicant = one.applicant;
  const steps = one.history.map((step) =>
    el(
      "li",
      {},
      el("span", {}, words.steps[step.what] ?? step.what),
      el("span", { class: "soft" }, `${at(step.at)} · ${words.version(step.version)}`),
    ),
  );
  return [
    el("h2", {}, kind(one.kind)),
    one.has_copy
      ? el("a", { class: "button", target: "_blank", rel: "noopener", href: `/kho/v1/papers/${document}/copy${query()}` }, words.openCopy)
      : el("p", { class: "notice" }, words.noCopy),
    facts([
      [words.number, one.number],
      [words.owner, one.owner],
      [words.applicant, applicant && [applicant.name, applicant.id].filter(Boolean).join(" · ")],
      [words.procedure, names.procedures[one.procedure] ?? one.procedure],
      [words.dossier, one.dossier],
      [words.component, one.component],
      [words.office, one.office],
      [words.code, one.code],
    ]),
    one.fields.length > 0 ? el("h3", {}, words.data) : null,
    facts(one.fields.map((field) => [labels[field.name] ?? field.name, shown(field.value)])),
    el("h3", {}, words.history),
    el("ol", { class: "steps" }, ...steps),
  ].filter(Boolean);
}

// ---------------------------------------------------------------- uploads

async function uploads() {
  const list = await ask(`uploads${query()}`);
  const said = el("p", { class: "notice", role: "status", hidden: true });
  const title = el("input", { maxlength: "200", required: true });
  const file = el("input", { type: "file", accept: "application/pdf", required: true });
  const name = el("span", { class: "soft" });
  file.addEventListener("change", () => (name.textContent = file.files[0]?.name ?? ""));
  const choose = el("label", { class: "labelled file" }, el("span", {}, words.uploadFile), file, el("span", { class: "quiet", "aria-hidden": "true" }, words.choose), name);
  const send = async (event) => {
    event.preventDefault();
    said.hidden = false;
    said.textContent = words.uploading;
    try {
      // A header holds ASCII only.
      const asciiTitle = JSON.stringify(title.value).replace(/[\u007f-\uffff]/g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`);
      await ask("uploads", { method: "POST", body: file.files[0], headers: { "content-type": "application/pdf", "x-kho-title": asciiTitle } });
      open("uploads");
    } catch (error) {
      said.textContent = error.message;
    }
  };
  const lines = list.map((one) =>
    el(
      "li",
      {},
      el("div", {}, el("strong", {}, one.title || one.id), el("span", { class: "soft" }, ` ${at(one.uploaded_at)}`)),
      el("div", { class: `verdict ${one.verdict.answer}` }, words.verdicts[one.verdict.answer]),
      ...one.verdict.signatures.filter((signature) => signature.signer).map((signature) => el("div", { class: "soft" }, words.signedBy(signature.signer))),
      el("a", { target: "_blank", rel: "noopener", href: `/kho/v1/uploads/${one.id}/file${query()}` }, words.open),
    ),
  );
  const form = el(
    "form",
    { class: "form", onsubmit: send },
    labelled(words.uploadTitle, title),
    choose,
    el("button", { class: "button" }, words.upload),
    said,
  );
  return [
    me.role === "holder" ? form : null,
    lines.length > 0 ? el("ul", { class: "list" }, ...lines) : el("p", { class: "soft" }, words.noUploads),
  ].filter(Boolean);
}

// ---------------------------------------------------------------- viewings, cases, counts

async function viewings() {
  const list = await ask("viewings");
  if (list.length === 0) return el("p", { class: "soft" }, words.noViewings);
  const rows = list.map((one) => [
    at(one.seen_at),
    [me.role === "holder" && one.role === "holder" ? words.yourself : words.roles[one.role], one.office, one.person?.slice(0, 12)].filter(Boolean).join(" · "),
    words.acts[one.act] ?? one.act,
    words.reasons[one.reason] ?? "",
  ]);
  return [el("p", { class: "soft" }, words.viewingsMore), table([words.when, words.who, words.what, words.why], rows)];
}

async function cases() {
  const list = await ask("cases");
  const said = el("p", { class: "notice bad", role: "alert", hidden: true });
  const holder = el("input", { required: true, autocomplete: "off" });
  const dossier = el("input", { required: true, autocomplete: "off" });
  const reason = el("select", {}, ...Object.entries(words.reasons).map(([value, text]) => el("option", { value }, text)));
  const take = async (event) => {
    event.preventDefault();
    try {
      caseInHand = await ask("cases", { method: "POST", json: { holder: holder.value.trim(), dossier: dossier.value.trim(), reason: reason.value } });
      open("papers");
    } catch (error) {
      said.hidden = false;
      said.textContent = error.code === "not_found" ? words.caseNotFound : error.message;
      holder.focus();
    }
  };
  const close = async (one) => {
    await ask(`cases/${one.id}/close`, { method: "POST" });
    if (caseInHand?.id === one.id) caseInHand = null;
    open("cases");
  };
  const lines = list.map((one) =>
    el(
      "li",
      {},
      el("button", { class: "link", onclick: () => ((caseInHand = one), open("papers")) }, `${at(one.opened_at)} · ${words.reasons[one.reason]}`),
      el("span", { class: "soft" }, ` ${words.caseUntil(onDay(one.expires_at))} `),
      el("button", { class: "link", onclick: () => close(one) }, words.caseClose),
    ),
  );
  setTimeout(() => holder.focus());
  return [
    el("p", { class: "soft" }, words.caseMore),
    el("form", { class: "form", onsubmit: take }, labelled(words.caseHolder, holder), labelled(words.caseDossier, dossier), labelled(words.caseReason, reason), el("button", { class: "button" }, words.caseOpen), said),
    lines.length > 0 ? el("ul", { class: "list" }, ...lines) : el("p", { class: "soft" }, words.noCases),
  ];
}

async function counts() {
  const today = new Date(Date.now() + 7 * 3600e3).toISOString().slice(0, 10);
  const from = el("input", { type: "date", value: `${today.slice(0, 8)}01`, required: true });
  const until = el("input", { type: "date", value: today, required: true });
  const place = el("div");
  const show = () =>
    draw(place, async () => {
      const list = await ask(`counts?from=${from.value}&until=${until.value}`);
      const total = list.reduce((sum, one) => sum + one.papers, 0);
      const rows = list.map((one) => [one.office, shown(one.day), kind(one.kind), String(one.papers)]);
      return table([words.office, words.day, words.kind, words.papers], [...rows, [words.total, "", "", String(total)]]);
    });
  const form = el("form", { class: "form row", onsubmit: (event) => (event.preventDefault(), show()) }, labelled(words.from, from), labelled(words.until, until), el("button", { class: "button" }, words.show));
  await show();
  return [form, place];
}

// ---------------------------------------------------------------- the frame

const screens = { papers, uploads, viewings, cases, counts };
const tabs = {
  holder: () => ["papers", "uploads", "viewings"],
  officer: () => (caseInHand ? ["cases", "papers", "uploads"] : ["cases"]),
  supervisor: () => ["counts"],
  auditor: () => ["viewings"],
};

function open(screen) {
  const own = tabs[me.role]();
  const buttons = own.map((name, index) =>
    el("button", { class: "tab", "aria-current": name === screen ? "page" : "false", accesskey: String(index + 1), onclick: () => open(name) }, words.tabs[name]),
  );
  const out = el("button", { class: "link", onclick: async () => (await ask("sign-out", { method: "POST" }).catch(() => {}), welcome("")) }, words.signOut);
  top.replaceChildren(
    el("strong", {}, words.title),
    el("nav", {}, ...buttons),
    el("span", { class: "soft" }, [words.roles[me.role], me.office].filter(Boolean).join(" · ")),
    out,
  );
  return draw(main, screens[screen]);
}

document.addEventListener("keydown", (event) => {
  if (!me) return;
  const place = event.altKey && "123456789".indexOf(event.key);
  if (typeof place === "number" && place >= 0) {
    const name = tabs[me.role]()[place];
    if (name) {
      event.preventDefault();
      open(name);
    }
  } else if (event.key === "/" && !["INPUT", "SELECT"].includes(document.activeElement.tagName)) {
    event.preventDefault();
    main.querySelector("input[type=search]")?.focus();
  }
});

document.title = words.title;
const why = location.hash.slice(1);
history.replaceState(null, "", location.pathname);
try {
  names = await (await fetch("/kho/names.json")).json();
  me = await ask("me");
  await open(tabs[me.role]()[0]);
} catch (error) {
  welcome(error.code === "not_signed_in" ? why : error.code);
}
