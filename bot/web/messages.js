// One message as elements. `ui` gives the words of the interface in the message's language, and what its buttons do.

const items = (list, name) => el("ul", { class: name ?? false }, ...list.map((item) => el("li", ...linked(String(item)))));

// "2026-12-31" as people write it in the language.
const day = (iso, language) => {
  const date = new Date(iso);
  if (isNaN(date)) return String(iso);
  const words = date.toLocaleDateString(language === "fr" ? "fr-FR" : "en-CA", { dateStyle: "long", timeZone: "UTC" });
  return language === "fr" ? words.replace(/^1 /, "1er ") : words;
};

const address = (url, ui) => (/^\/(?!\/)/.test(url ?? "") ? ui.home + url : url);

// One quiet line: what the answer is drawn from, by name, and until when it holds.
const sources = (from, ui, notes = []) => {
  if (from?.trim) return el("p.sources", ...linked(from));
  const named = (from ?? []).map(({ name, url, date }) => {
    const whole = address(url, ui);
    return [isWeb(whole) ? link(whole, name) : name, date ? ` (${date})` : ""];
  });
  if (!named.length && !notes.length) return null;
  const parts = [...named, ...notes.map((note) => [note])].flatMap((part, index) => (index ? [" · ", ...part] : part));
  return el("p.sources", named.length ? `${ui.say(named.length > 1 ? "sources" : "source")} ` : "", ...parts.filter(Boolean));
};

const table = (rows, links) =>
  el(
    "table",
    el(
      "tbody",
      ...rows.map(({ title, text, now }) =>
        el(
          "tr",
          el("th", { scope: "row" }, ...linked(title ?? "", links)),
          el("td", ...prose(text, links), now ? el("div.now", ...prose(now, links)) : null),
        ),
      ),
    ),
  );

// An answer drawn from sources: what was asked first, then what was, then what is.
const answer = ({ answer: told, language }, ui) => {
  const { lead, then, now, until, checked, rows = [], links = [] } = told;
  const spelt = [lead, then, now, ...rows.flatMap(({ text, now }) => [text, now])].join(" ");
  const lasts = until && day(until, language);
  const left = links.filter(({ name, url }) => isWeb(url) && !spelt.toLowerCase().includes(String(name).toLowerCase()));
  const notes = [
    lasts && !spelt.includes(lasts) && fill(ui.say("until"), { date: lasts }),
    checked && (now || rows.some((row) => row.now)) && fill(ui.say("checked"), { date: day(checked, language) }),
  ].filter(Boolean);
  return [
    lead ? el("p.lead", ...linked(lead, links)) : null,
    then ? el("div", { class: now ? "then past" : "then" }, ...prose(then, links)) : null,
    now ? el(lead ? "div.now" : "div.now.lead", ...prose(now, links)) : null,
    rows.length ? table(rows, links) : null,
    left.length
      ? el("p.links",
          ...left.flatMap(({ name, url, of }, index) => [index ? " · " : "", link(url, name), of ? ` ${fill(ui.say("of"), { year: of })}` : ""]),
        )
      : null,
    sources(told.sources, ui, notes),
  ];
};

const progress = ({ step, most }, ui) => {
  const words = fill(ui.say("step"), { step, most });
  return el("div.progress", el("p", words), el("progress", { value: step, max: most, "aria-label": words }));
};

// What a question means, what is still possible and why the others fell: a line each, open to whoever wants to know.
const more = ({ explain, remaining = [], dropped = [] }, ui) => {
  const fold = (name, list) => list.length && el("details", el("summary", fill(ui.say(name), { count: list.length })), items(list));
  // Why a type fell may name the type itself.
  const fell = ({ label, why }) => (why?.startsWith(label) ? why : [label, why].filter(Boolean).join(" – "));
  return [
    explain && el("details", el("summary", ui.say("explain")), ...prose(explain)),
    fold("remaining", remaining.map(({ label }) => label)),
    fold("dropped", dropped.map(fell)),
  ];
};

const CHOSEN = "chosen";

const mark = (button, say) => {
  if (!button || button.classList.contains(CHOSEN)) return;
  button.classList.add(CHOSEN);
  button.parentNode.classList.add("done");
  button.append(el("span.hidden", ` (${say("chosen", button.closest("[lang]")?.lang)})`));
};

const choices = (buttons, ui, name) =>
  el(
    "div",
    { class: `row ${name}`, role: "group", "aria-label": ui.say("choices") },
    ...buttons.map(({ title, payload }) => {
      const button = press("choice", () => ui.choose(button, payload ? { choice: payload } : {}, title), title);
      button.dataset.title = title;
      if (payload) button.dataset.payload = payload;
      return button;
    }),
  );

// The button that a message of the person came from, among those offered before it.
const origin = (message, groups) => {
  const buttons = groups.flatMap((group) => [...group.querySelectorAll(".choice")]);
  return buttons.reverse().find(({ dataset }) => (message.choice ? dataset.payload === message.choice : !dataset.payload && dataset.title === message.text));
};

const FEEDBACK = /^\/feedback_(positive|negative)/;

// Two small buttons that belong to one answer. `rated` is what was said of it, `note` what the assistant said back.
const feedback = (ui, { rated, note } = {}) => {
  const box = el("div.feedback", { role: "group", "aria-label": ui.say("feedback") });
  const say = (name) => ui.say(`feedback_${name}`);
  const show = (rated, note) => {
    box.replaceChildren(
      ...["positive", "negative"]
        .filter((name) => !rated || rated === name)
        .map((name) => {
          const drawn = icon("thumb");
          if (name === "negative") drawn.classList.add("down");
          const words = say(name);
          const made = rated ? el("p.rated", drawn, ui.say("thanks")) : press("thumb", () => ui.rate(name, show), drawn);
          if (!rated) {
            made.setAttribute("aria-label", words);
            made.title = words;
          }
          return made;
        }),
      ...(rated === "negative" ? prose(note) : []),
    );
  };
  show(rated, note);
  return box;
};

const rich = (message, ui) => {
  const { guide, result, buttons = [] } = message;
  const card = el(
    "div",
    { class: `card${guide ? " asks" : ""}` },
    guide?.step ? progress(guide, ui) : null,
    ...(result?.title ? outcome(result, ui) : message.answer ? answer(message, ui) : prose(message.text)),
  );
  return [card, buttons.length ? choices(buttons, ui, guide ? "options" : "next") : null, ...(guide ? more(guide, ui) : [])];
};

const bubble = (message, ui) => {
  const { language } = message;
  if (message.from === "you") {
    const words = message.text || message.choice || "";
    return el("article.message.you", { lang: language ?? false, tabindex: "-1" },
      el("h3", el("span.hidden", ui.say("you"), " "), words),
    );
  }
  const { text, buttons } = message;
  let body = [];
  // Of a form this widget does not know, the words and the buttons still are; of buttons it does not know, the words.
  for (const known of [message, { text, buttons }, { text }]) {
    try {
      body = rich(known, ui);
    } catch {
      continue;
    }
    if (body[0].textContent) break;
  }
  return el("article.message.bot", { lang: language ?? false, tabindex: "-1", "aria-label": ui.say("bot") }, ...body);
};

const MOST_SPOKEN = 220; // characters

// What is announced of an answer: what was asked, and that there is something to choose.
const spoken = ({ answer: told, result, guide, buttons = [], text }, ui) => {
  const { lead, then, now, rows = [] } = told ?? {};
  const said = then && now && (then + now).length < MOST_SPOKEN ? `${then} ${now}` : now || then;
  const lines = String(text ?? "").split("\n").filter((line) => line.trim());
  let words = [lead, said, [].concat(rows).map((row) => row?.title).join(", ")].filter(Boolean).join(" ");
  words ||= result?.title ?? lines.at(guide ? -1 : 0) ?? "";
  if (words.length > MOST_SPOKEN) words = `${words.slice(0, MOST_SPOKEN).replace(/\s\S*$/, "")}…`;
  return buttons.length > 1 ? `${words} ${fill(ui.say("offered"), { count: buttons.length })}` : words;
};
