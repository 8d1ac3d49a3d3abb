// A word beside the assistant's button: once a visitor, never over something to read or to press.

// Whether nothing to read or to press lies under a box.
const isFree = ({ left, top, width, height }) => {
  const shares = [0.02, 0.35, 0.65, 0.98];
  return shares.every((x) =>
    shares.every((y) => {
      const under = document.elementsFromPoint(left + width * x, top + height * y).find((one) => one.localName !== "cacima-assistant");
      if (!under || under === document.documentElement || under === document.body) return true;
      if (under.closest("a, button, input, select, textarea, img, video, iframe, canvas, svg, label, summary")) return false;
      return ![...under.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
    }),
  );
};

const STYLE = `
.invite {
  position: fixed; inset: auto var(--x) calc(var(--y) + 4.2em) auto; visibility: hidden;
  display: flex; align-items: start; max-width: min(20em, 100vw - 2em); padding: .25em;
  border: 1px solid var(--line); border-radius: .9em; background: var(--back); box-shadow: 0 2px 12px #0003;
}
.left-side .invite { inset-inline: var(--x) auto; }
.invite.shown { visibility: visible; animation: rise .3s ease-out; }
.invite .plain { color: var(--text); }
@media print { .invite { display: none; } }
`;

export const invite = (assistant, el) => {
  const say = (name) => assistant.say(name);
  const box = el(
    "div.invite",
    el("button.plain", { type: "button", onclick: () => assistant.open() }, say("invite_text")),
    el("button.plain", { type: "button", "aria-label": say("close"), onclick: () => leave() }, "×"),
  );
  const leave = () => {
    clearTimeout(timer);
    box.remove();
  };
  const show = () => {
    if (!assistant.isConnected) return;
    assistant.shell.append(box);
    if (isFree(box.getBoundingClientRect())) {
      box.classList.add("shown");
      assistant.client.shared.set(`${assistant.client.key} invited`, true);
    } else {
      box.remove();
      timer = setTimeout(show, 3000);
    }
  };
  let timer = setTimeout(show, (Number(assistant.dataset.invite) || 20) * 1000);
  assistant.addEventListener("cacima:open", leave);
  try {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLE);
    assistant.shadowRoot.adoptedStyleSheets.push(sheet);
  } catch {
    leave();
  }
};
