"use strict";
/* A number opens the panel: what it is, who was counted, and for a patient the values that decided, with their cells.
   It shows what the report's data say and computes nothing. Works from disk, without a network. */
(() => {
  const given = JSON.parse(document.getElementById("trace").textContent);
  const panel = document.getElementById("panel");
  const [what, who, patient] = ["what", "who", "patient"].map(name => panel.querySelector(`.panel-${name}`));
  const numbers = "[data-result]";
  const LISTED = 200; // patients of a list
  let opener = null;

  // Elements

  const element = (tag, attributes = {}, ...children) => {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (name === "onclick") made.addEventListener("click", value);
      else if (value !== null) made.setAttribute(name, value);
    }
    made.append(...children.filter(child => child !== null && child !== ""));
    return made;
  };
  const text = at => (at == null ? "" : given.texts[at]);  // null, or not told at all
  const line = (label, said) => (said ? [element("dt", {}, label), element("dd", {}, said)] : []);

  // The data: in the page, or of a large cohort in script files beside it

  const waiting = new Map();
  const loaded = new Map();
  window.remitTrace = (name, data) => {
    loaded.set(name, data);
    (waiting.get(name) || []).forEach(tell => tell(data));
    waiting.delete(name);
  };
  const load = name => {
    if (loaded.has(name)) return Promise.resolve(loaded.get(name));
    return new Promise((tell, fail) => {
      const asked = waiting.get(name);
      if (asked) return asked.push(tell);
      waiting.set(name, [tell]);
      const script = element("script", { src: `${given.beside}/${name}.js` });
      script.addEventListener("error", () => { waiting.delete(name); script.remove(); fail(new Error(script.src)); });
      document.head.append(script);
    });
  };
  const unread = error => element("p", { class: "panel-note" },
    `The patients stand in the folder “${given.beside}” beside this page, and it cannot be read: `, String(error.message));
  const people = () => (given.people ? Promise.resolve(given.people) : load("people"));
  const part = number => (given.parts ? Promise.resolve(given.parts[number]) : load(`part-${number}`));

  const positions = ranges => ranges.split(" ").filter(Boolean).flatMap(range => {
    const [low, high = low] = range.split("-").map(Number);
    return Array.from({ length: high - low + 1 }, (_, offset) => low + offset);
  });

  // What the number is

  // Addresses are told as how many letters each shares with the one before, and the rest

  let byAddress = null;
  const results = () => {
    if (byAddress) return byAddress;
    byAddress = new Map();
    let before = "";
    given.results.addresses.forEach(([shared, rest], at) => {
      before = before.slice(0, shared) + rest;
      byAddress.set(before, given.results.told[at]);
    });
    return byAddress;
  };

  const resultOf = id => {
    const cut = id.lastIndexOf(".");
    const here = results().get(id.slice(0, cut));
    if (!here) return null;
    const found = here[here.length - 1][id.slice(cut + 1)];
    if (!found) return null;
    const [value, counts, unit, method, note] = found;
    const [numerator, denominator, missing, size, behind] = given.counts[counts];
    const [subject, definition, population, handling] = here.map(each => (Number.isInteger(each) ? text(each) : ""));
    return {
      id, statistic: id.slice(cut + 1).replaceAll("_", " "), subject, definition, population, handling, value, behind,
      unit: text(unit), method: text(method), note: text(note), numerator, denominator, missing, size,
    };
  };

  const exactly = ({ value, unit }) => (value === null ? "" : `${value}${unit ? ` ${unit}` : ""}`.replace("-", "−"));

  // A shape of a drawing has no text of its own
  const printedElsewhere = id =>
    [...document.querySelectorAll(numbers)].find(each => each.dataset.result === id && each.textContent)?.textContent;

  const showWhat = (printed, found) => {
    const exact = exactly(found);
    what.replaceChildren(
      element("h2", { id: "panel-title", tabindex: "-1" }, printed),
      element("p", { class: "panel-subject" }, found.subject),
      element("dl", {},
        ...line("Definition", found.definition), ...line("Population", found.population),
        ...line("Handling", found.handling), ...line("Statistic", found.statistic), ...line("Method", found.method),
        ...line("Value", exact), ...line("Note", found.note)),
      element("p", { class: "panel-id" }, element("code", {}, found.id)),
    );
  };

  // Who was counted

  const showWho = async found => {
    const told = [["Population", found.size], ["Denominator", found.denominator], ["Numerator", found.numerator],
                  ["Not known", found.missing]].filter(([, count]) => count !== null);
    const counts = element("dl", { class: "panel-counts" },
      ...told.flatMap(([label, count]) => [element("dt", {}, label), element("dd", {}, String(count))]));
    who.replaceChildren(element("h3", {}, "Who was counted"), counts);
    if (found.behind === undefined || found.behind === null) return;
    const all = await people();
    const { of: [population, denominator, numerator, missing], note, source, pooled } = all.behind[found.behind];
    if (source !== undefined) showSource(all.sources[source], population === null);
    if (pooled !== undefined) showPooled(pooled.map(each => all.sources[each]), population === null);
    if (note !== undefined) who.append(element("p", { class: "panel-note" }, all.notes[note]));
    const sets = [["Numerator", numerator], ["Denominator", denominator], ["Not known", missing]];
    const inside = numerator === null ? new Set() : new Set(positions(all.sets[numerator][1]));
    const unknown = missing === null ? new Set() : new Set(positions(all.sets[missing][1]));
    for (const [label, at] of sets) {
      if (at === null || (label === "Denominator" && numerator === at)) continue;
      const [size, ranges] = all.sets[at];
      const events = label === "Numerator" && all.behind[found.behind].events;
      let shown = positions(ranges), count = size, title = events ? "Patients with such a row" : label;
      if (label === "Denominator" && numerator !== null) {
        const rest = shown.filter(each => !inside.has(each) && !unknown.has(each));
        const some = shown.some(each => inside.has(each) || unknown.has(each));
        title = some ? "In the denominator only" : "Denominator";
        count = some && size === shown.length ? rest.length : null;
        shown = rest;
      }
      who.append(list(title, count, size, shown, all, found));
    }
  };

  // Of a published number there are no patients: where it stands

  const showSource = (lines, alone) => {
    if (alone) who.querySelector("h3").textContent = "What is published";
    who.append(element("section", { class: "panel-published" }, element("h4", {}, "Source"),
      element("dl", {}, ...lines.flatMap(([label, said]) => line(label, said)))));
  };

  // Of what is pooled: the study, what of it, and where each stands

  const showPooled = (sources, alone) => {
    if (alone) who.querySelector("h3").textContent = "What is pooled";
    const items = sources.map(lines => {
      const said = Object.fromEntries(lines);
      return element("li", {}, element("b", {}, said.Study), `, ${said.Of}. ${said["As printed"] || ""} ${said.Citation}`);
    });
    who.append(element("section", { class: "panel-published" }, element("h4", {}, `Published results: ${sources.length}`),
      element("ul", {}, ...items)));
  };

  const list = (title, count, size, shown, all, found) => {
    const heading = element("h4", {}, count === null ? title : `${title}: ${count}`);
    const listed = shown.slice(0, LISTED);
    const items = listed.map(at =>
      element("li", {}, element("button", { type: "button", "data-patient": at, onclick: () => showPatient(at, all, found) },
        all.patients[at])));
    const rest = size > shown.length || shown.length > LISTED
      ? element("p", { class: "panel-note" }, `${listed.length} ${count === null ? "" : `of ${count} `}patients are listed here; all: `,
          element("code", {}, `remit explain DIR ${found.id} --all`))
      : null;
    return element("section", {}, heading, items.length ? element("ul", { class: "panel-patients" }, ...items) : "", rest);
  };

  // A patient

  const showPatient = async (at, all, found) => {
    const size = given.part;
    let here;
    try {
      here = await part(Math.floor(at / size));
    } catch (error) {
      patient.replaceChildren(unread(error));
      patient.hidden = false;
      return;
    }
    const offset = at % size;
    const behind = all.behind[found.behind];
    const role = ["population", "denominator", "numerator", "not known"].filter((_, which) =>
      behind.of[which] !== null && positions(all.sets[behind.of[which]][1]).includes(at));
    const steps = (behind.by || []).map(which => {
      const [label, step] = all.definitions[which];
      return element("section", {}, element("h4", {}, label), element("ul", { class: "panel-steps" }, stepItem(step, all, here, offset)));
    });
    const rows = (behind.rows || {})[at] || [];
    patient.replaceChildren(
      element("h3", { tabindex: "-1" }, `Patient ${all.patients[at]}`),
      element("p", { class: "panel-note" }, `Centre ${all.centres[at]}. Counted in: ${role.join(", ") || "none of these"}.`),
      ...steps,
      rows.length ? element("section", {}, element("h4", {}, "Rows counted"), rowsCounted(rows, all, here, offset)) : "",
    );
    for (const each of who.querySelectorAll("[aria-current]")) each.removeAttribute("aria-current");
    who.querySelector(`[data-patient="${at}"]`)?.setAttribute("aria-current", "true");
    patient.hidden = false;
    patient.querySelector("h3").focus({ preventScroll: true });
    patient.scrollTop = 0;
    if (getComputedStyle(patient).overflowY === "visible") patient.scrollIntoView({ block: "start" });
  };

  const valueAt = ([texts, which], offset) => texts[which ? which[offset] : 0];

  const stepItem = (number, all, here, offset) => {
    const [said, isStatement, parts = [], leaf = null, rows = null] = all.steps[number];
    const value = valueAt(here.steps[number], offset);
    const shown = isStatement ? { yes: "yes", no: "no" }[value] || "not known" : value;
    const mark = element("span", { class: `panel-value ${isStatement ? `is-${shown.replace(" ", "-")}` : ""}` }, shown);
    const item = element("li", {}, element("span", { class: "panel-said" }, said), " ", mark);
    if (leaf !== null) item.append(provenance(leaf, shown, all, here, offset));
    if (rows !== null) item.append(countedRows(rows, all, here, offset));
    const alone = parts.length === 1; // indenting a single line says nothing
    if (parts.length) item.append(element("ul", alone ? { class: "panel-alone" } : {}, ...parts.map(each => stepItem(each, all, here, offset))));
    return item;
  };

  const provenance = (leaf, shown, all, here, offset) => {
    const key = here.rowsOf[here.leaves[leaf][1]][offset];
    const [, field] = all.leaves[leaf];
    if (key === null) return element("span", { class: "panel-source" }, "no row in the charts");
    const read = valueAt(here.leaves[leaf][0], offset);
    return element("span", { class: "panel-source" }, read === shown ? "" : element("b", {}, `${read} · `),
      cell(here.rows[key], [field], all), reading(here.readings[`${key} ${field}`], here));
  };

  const cell = (row, fields, all) => {
    const [form, file, sheet, number, date, columns] = row;
    const named = fields.map(field => all.columns[columns][field]).filter(Boolean);
    const letters = named.length && number !== null && named.every(column => /^[A-Z]{1,3}$/.test(column));
    const place = letters ? named.map(column => column + number).join(", ")
      : [...named, number === null ? "" : `row ${number}`].filter(Boolean).join(", ");
    const where = [file, sheet, place || form].filter(Boolean).join(" › ");
    return element("span", {}, date ? `${dated(date)} · ` : "", element("code", { class: "panel-cell" }, where));
  };

  const dated = iso => new Date(`${iso}T00:00Z`)
    .toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });

  const reading = (found, here) => {
    if (!found) return "";
    const [action, written, value, reason] = found.map(at => (at === null ? null : here.texts[at]));
    const quoted = written === null ? "" : `written “${written}”`;
    return ` · ${[quoted, action === "missing" ? "not done" : action, reason || value].filter(Boolean).join("; ")}`;
  };

  const countedRows = (rows, all, here, offset) => {
    const found = here.counted[rows][offset];
    if (!found.length) return element("span", { class: "panel-source" }, "no such row in the charts");
    return element("ul", { class: "panel-rows" }, ...found.map(([key, holds, values]) => {
      const mark = holds === null ? "not known" : holds ? "counts" : "does not count";
      const kind = holds === null ? "not-known" : holds ? "yes" : "no";
      return rowItem(rows, key, values, element("span", { class: `panel-value is-${kind}` }, mark), all, here);
    }));
  };

  const rowsCounted = (keys, all, here, offset) => {
    const rows = all.whole[here.rows[keys[0]][0]];
    const found = here.counted[rows][offset].filter(([key]) => keys.includes(key));
    return element("ul", { class: "panel-rows" }, ...found.map(([key, , values]) => rowItem(rows, key, values, "", all, here)));
  };

  const rowItem = (rows, key, values, mark, all, here) => {
    const [, fields, labels] = all.counted[rows];
    const said = values.map((value, which) => `${labels[which]}: ${here.texts[value]}`).join("; ");
    return element("li", {}, element("span", { class: "panel-said" }, said), " ", mark,
      element("span", { class: "panel-source" }, cell(here.rows[key], fields, all),
        ...fields.map(name => reading(here.readings[`${key} ${name}`], here))));
  };

  // Opening and closing

  const open = async number => {
    const found = resultOf(number.dataset.result);
    if (!found) return;
    close(false);
    opener = number;
    number.classList.add("traced");
    const printed = number.textContent || printedElsewhere(number.dataset.result) || exactly(found);
    patient.replaceChildren();
    patient.hidden = true;
    showWhat(printed, found);
    panel.hidden = false;
    for (const each of [panel, what, who]) each.scrollTop = 0;
    const box = number.getBoundingClientRect(), top = panel.getBoundingClientRect().top;
    if (box.bottom > top - 24) window.scrollBy({ top: box.bottom - top / 2, behavior: "instant" });
    panel.querySelector("#panel-title").focus({ preventScroll: true });
    try {
      await showWho(found);
    } catch (error) {
      who.append(unread(error));
    }
  };

  const close = (back = true) => {
    panel.hidden = true;
    opener?.classList.remove("traced");
    if (back) opener?.focus({ preventScroll: true });
    opener = null;
  };

  document.addEventListener("click", event => {
    const number = event.target.closest?.(numbers);
    if (number && !panel.contains(number)) open(number);
  });
  panel.querySelector(".panel-close").addEventListener("click", () => close());

  // The keyboard: one stop a paragraph, table or box; arrows go from number to number inside it

  const groupOf = number => number.closest("table, p, li, dd, .box, .finding, figcaption") || number.parentElement;
  const inGroup = group => [...group.querySelectorAll(`span${numbers}`)].filter(each => groupOf(each) === group);
  const groups = new Set();
  for (const number of document.querySelectorAll(`span${numbers}`)) {
    if (!resultOf(number.dataset.result)) continue;
    const group = groupOf(number);
    number.setAttribute("role", "button");
    number.tabIndex = groups.has(group) ? -1 : 0;
    groups.add(group);
  }
  for (const drawn of document.querySelectorAll(`svg ${numbers}`)) {
    if (resultOf(drawn.dataset.result)) drawn.classList.add("opens");
  }

  const step = (number, key) => {
    const all = inGroup(groupOf(number)), at = all.indexOf(number);
    if (key === "ArrowRight") return all[at + 1];
    if (key === "ArrowLeft") return all[at - 1];
    if (key === "Home") return all[0];
    if (key === "End") return all[all.length - 1];
    const cellOf = number.closest("td, th"), down = key === "ArrowDown";
    if (!cellOf) return down ? all[at + 1] : all[at - 1];
    let row = cellOf.parentElement;
    do {
      row = down ? row.nextElementSibling : row.previousElementSibling;
      const found = row?.cells?.[cellOf.cellIndex]?.querySelector(`span${numbers}`);
      if (found) return found;
    } while (row);
    return undefined;
  };

  document.addEventListener("keydown", event => {
    if (event.key === "Escape" && !panel.hidden) return close();
    const number = event.target.closest?.(`span${numbers}[role=button]`);
    if (!number || event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      open(number);
    } else if (/^(Arrow|Home$|End$)/.test(event.key)) {
      const next = step(number, event.key);
      if (!next) return;
      event.preventDefault();
      number.tabIndex = -1;
      next.tabIndex = 0;
      next.focus();
    }
  });
})();
