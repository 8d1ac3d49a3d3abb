// The guide's end: what fits, why, what to do this week; to copy, print or write about, and to change.

const copy = async (text) => {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // A page without HTTPS has no clipboard.
    return false;
  }
};

const LONGEST_MAILTO = 1900; // characters; some mail programs take no more than about 2,000

// Cut between two lines, with a mark that it was.
const mailable = (mailto) => {
  if (mailto.length <= LONGEST_MAILTO) return mailto;
  const cut = mailto.slice(0, LONGEST_MAILTO);
  return `${cut.slice(0, cut.lastIndexOf(cut.includes("%0A") ? "%0A" : "%20"))}%0A%E2%80%A6`;
};

const resultTools = ({ summary, mailto, write_to: to = "CACIMA" }, ui) =>
  el("div.row.tools",
    summary &&
      press(
        "plain",
        async () => ui.status(ui.say((await copy(summary)) ? "copied" : "copy_failed")),
        icon("copy"),
        ui.say("copy"),
      ),
    press("plain", ({ currentTarget }) => ui.print(currentTarget.closest(".message")), icon("print"), ui.say("print")),
    mailto?.startsWith("mailto:") &&
      el("a.button.plain", { href: mailable(mailto) }, icon("mail"), to === "CACIMA" ? ui.say("write") : fill(ui.say("write_to"), { to })),
  );

const outcome = (result, ui) => {
  const { title, why = [], against = [], step, second, closed, bodies = [], change = [] } = result;
  const side = (name, list) => (list.length ? el("div", el("h5", ui.say(name)), items(list, name)) : null);
  return [
    el("p.eyebrow", ui.say("result")),
    el("h4", ...linked(title)),
    resultTools(result, ui),
    why.length || against.length ? el("div.sides", side("why", why), side("against", against)) : null,
    step
      ? el("div.step",
          el("h5", ui.say("this_week")),
          ...prose(step, bodies),
          bodies.length
            ? el("p", ...bodies.flatMap(({ name, url }, index) => [index ? " · " : "", isWeb(url) ? link(url, name) : name]))
            : null,
        )
      : null,
    ...prose(second),
    closed ? el("p.quiet", ...linked(closed)) : null,
    change.length ? el("details.change", el("summary", ui.say("change")), choices(change, ui, "next")) : null,
    sources(result.sources, ui),
  ];
};
