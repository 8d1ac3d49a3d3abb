// One message as elements. `say` gives a text of the interface in the message's language.

const dated = (part, say) => {
  if (part.kind === "note") return el("div", { class: "part" }, ...prose(part.text));
  const named = part.page ? fill(say("page"), part) : part.source;
  // The words around the name belong to the line, the name is the link.
  const [before, after] = say("source").split("{source}");
  return el(
    "section",
    { class: `part ${part.kind === "update" ? "update" : "fact"}` },
    el("p", { class: "when" }, part.intro || fill(say("dated"), part)),
    ...prose(part.text),
    named ? el("p", { class: "source" }, before, source(named, part.url), after) : null,
  );
};

const labels = (items) => el("ul", {}, ...items.map((item) => el("li", {}, item)));

// Why a type fell, which may name the type itself.
const dropped = ({ label, why }) => (why?.startsWith(label) ? why : [label, why].filter(Boolean).join(" – "));

const progress = (guide, say) =>
  el(
    "section",
    { class: "guide" },
    el("p", { class: "when" }, say("guide"), " – ", fill(say("step"), guide)),
    el("progress", { value: guide.step, max: guide.most, "aria-label": fill(say("step"), guide) }),
    guide.remaining?.length ? el("p", { class: "head" }, say("remaining")) : null,
    guide.remaining?.length ? labels(guide.remaining.map((type) => type.label)) : null,
    guide.dropped?.length
      ? el(
          "details",
          {},
          el("summary", {}, fill(say("dropped"), { count: guide.dropped.length })),
          labels(guide.dropped.map(dropped)),
        )
      : null,
  );

const listed = (title, items) => (items?.length ? [el("p", { class: "head" }, title), labels(items)] : []);

const copy = async (text, from) => {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // Pages without HTTPS have no clipboard: the old way, then.
    const area = el("textarea", { readonly: true, class: "hidden" });
    area.value = text;
    from.after(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    from.focus();
    return done;
  }
};

// The answer in words, dated as any other; behind it every type compared.
const card = ({ text, result }, say, announce) =>
  el(
    "section",
    { class: "result" },
    el("h3", {}, say("result")),
    ...prose(text),
    el(
      "details",
      {},
      el("summary", {}, say("compare")),
      el(
        "ol",
        {},
        ...(result.ranked ?? []).map((type, rank) =>
          el(
            "li",
            {},
            el("strong", {}, type.label),
            rank ? null : el("span", { class: "best" }, say("best")),
            ...listed(say("reasons"), type.reasons),
            ...listed(say("against"), type.against),
          ),
        ),
      ),
    ),
    el(
      "p",
      { class: "row" },
      result.summary
        ? el(
            "button",
            {
              type: "button",
              onclick: async (event) =>
                announce(say((await copy(result.summary, event.currentTarget)) ? "copied" : "copy_failed")),
            },
            say("copy"),
          )
        : null,
      result.mailto?.startsWith("mailto:") ? el("a", { class: "button", href: result.mailto }, say("mail")) : null,
    ),
  );

const FEEDBACK = ["feedback_positive", "feedback_negative"];

// A row of buttons; the one chosen stays where it is, keeps focus, and says so.
const choices = (buttons, say, choose, attributes = {}) =>
  el(
    "div",
    { class: "row", role: "group", ...attributes },
    ...buttons.map(({ title, payload }) =>
      el(
        "button",
        {
          type: "button",
          "aria-pressed": "false",
          onclick: (event) => choose(payload, title, event.currentTarget),
        },
        title,
      ),
    ),
  );

const chosen = (button) => {
  for (const other of button.parentNode.children) other.setAttribute("aria-pressed", String(other === button));
};

// What a person's message says: a choice of the widget's own has its words here.
const words = (message, say) =>
  message.text || (message.choice && say(message.choice.slice(1))) || message.choice || "";

const bubble = (message, say, { choose, announce }) => {
  const mine = message.from === "you";
  const body = mine
    ? [el("p", {}, words(message, say))]
    : message.result
      ? [card(message, say, announce)]
      : message.parts?.length
      ? message.parts.map((part) => dated(part, say))
      : prose(message.text);
  return el(
    "div",
    { class: `message ${mine ? "you" : "bot"}`, lang: message.language ?? false },
    el("span", { class: "hidden" }, say(mine ? "you" : "bot"), " "),
    ...body,
    !mine && message.guide ? progress(message.guide, say) : null,
    !mine && message.buttons?.length ? choices(message.buttons, say, choose, { "aria-label": say("choices") }) : null,
  );
};

const feedback = (say, choose) =>
  choices(
    FEEDBACK.map((name) => ({ title: say(name), payload: `/${name}` })),
    say,
    choose,
    { class: "row feedback", "aria-label": say("feedback") },
  );
