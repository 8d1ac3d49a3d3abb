// The form that passes a question on to a person; only a conversation that wants one loads it.

const STYLE = `
.request { display: grid; gap: .75em; padding: .9em 1em; border: 1px solid var(--line); border-radius: .9em; background: var(--back); }
.request label { display: grid; gap: .25em; font-weight: 600; }
.request label.tick { display: flex; gap: .6em; align-items: start; font-weight: 400; }
.request input:not([type="checkbox"]), .request textarea { width: 100%; min-height: 2.75em; max-height: none; padding: .5em .7em; border: 1px solid var(--line); border-radius: .5em; background: var(--back); color: var(--text); font-weight: 400; resize: vertical; }
.request input[type="checkbox"] { flex: none; width: 1.5em; height: 1.5em; margin: 0; accent-color: var(--accent); }
.request [aria-invalid="true"] { border: 2px solid var(--bad); outline-color: var(--bad); }
.request .wrong { color: var(--bad); }
.request .wrong:empty { display: none; }
.request .go { justify-content: center; background: var(--accent); color: var(--on-accent); border-color: var(--accent); font-weight: 600; }
.request .go:hover { text-decoration: underline; }
@media print { .request { display: none; } }
`;

const styled = new WeakSet();

const dress = (root, el) => {
  if (styled.has(root)) return;
  styled.add(root);
  try {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLE);
    root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
  } catch {
    // A browser before 2023.
    root.append(el("style", STYLE));
  }
};

export const request = (assistant, el, message, article) => {
  const { id, question, guide, words } = message.request;
  // Not `required`: browsers call such a field invalid before anything is written in it.
  const field = (name, tag, attributes) => el(tag, { name, id: `${name}-${id}`, "aria-required": "true", ...attributes });
  const fields = {
    question: field("question", "textarea", { rows: "3", maxlength: "1000" }),
    name: field("name", "input", { autocomplete: "name", maxlength: "100" }),
    contact: field("contact", "input", { autocomplete: "email", maxlength: "200" }),
    chat: field("chat", "input", { type: "checkbox", "aria-required": "false" }),
    consent: field("consent", "input", { type: "checkbox" }),
  };
  fields.question.value = question;
  const wrong = el("p.wrong", { id: `wrong-${id}` });
  const go = el("button.go", { type: "submit" }, words.send);
  const line = (name) => el("label", words[name], fields[name]);
  const tick = (name) => el("label.tick", fields[name], el("span", words[name]));
  const form = el("form.request", { novalidate: true, "aria-label": words.title, lang: message.language },
    line("question"),
    line("name"),
    line("contact"),
    guide && el("p.quiet", words.guide.replace("{guide}", guide)),
    tick("chat"),
    tick("consent"),
    el("p.quiet", words.sent_only),
    wrong,
    go,
  );
  const tell = (text, named = []) => {
    // Said once: with the field that takes the focus, or else by itself.
    wrong.setAttribute("role", named.length ? "note" : "alert");
    wrong.textContent = text;
    for (const [name, input] of Object.entries(fields)) {
      input.setAttribute("aria-invalid", named.includes(name));
      input.setAttribute("aria-describedby", named.includes(name) ? wrong.id : "");
    }
    fields[named[0]]?.focus();
  };
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    // Not `disabled`, which would take the focus off the button.
    if (go.ariaDisabled || assistant.busy) return;
    go.ariaDisabled = "true";
    tell("");
    const { question, name, contact, chat, consent } = fields;
    const body = { id, language: message.language, question: question.value, name: name.value, contact: contact.value, chat: chat.checked, consent: consent.checked };
    try {
      await assistant.client.call("POST", "/request", body);
      // What is taken away must not take the focus along.
      article.focus({ preventScroll: true });
      form.remove();
      // The assistant says what became of it, so that the conversation holds it too.
      assistant.send({ text: words.send, choice: '/human_handoff{"value": "sent"}' });
    } catch (failure) {
      go.ariaDisabled = null;
      tell(failure.words ?? words.failed, failure.fields);
    }
  });
  dress(assistant.shadowRoot, el);
  article.append(form);
};
