// The element itself: a button in the corner that opens a dialog.

const LONGEST = 1000;
const LATE = [5000, 15000]; // milliseconds after which a wait is explained, and explained again
const SCRIPT = document.currentScript;

const newId = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");

class Assistant extends HTMLElement {
  connectedCallback() {
    if (this.client) return;
    const page = this.closest("[lang]")?.lang || document.documentElement.lang;
    this.language = [this.dataset.lang, page].map((code) => (code ?? "").slice(0, 2).toLowerCase()).find((code) => TEXTS[code]) ?? "fr";
    this.client = new Client(this.dataset.server || new URL(SCRIPT?.src || location.href).origin, () => this.language);
    this.tab = kept("sessionStorage");
    this.unanswered = `${this.client.key} unanswered`;
    this.messages = this.tab.get(this.client.key) ?? [];
    this.build();
    this.client.onOtherTab(() => this.refresh());
    addEventListener("online", () => this.again?.());
  }

  say(name, language = this.language) {
    return this.dataset[name] ?? TEXTS[language][name] ?? name;
  }

  build() {
    const root = this.attachShadow({ mode: "open" });
    try {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(STYLE);
      root.adoptedStyleSheets = [sheet];
    } catch {
      // A browser before 2023.
      root.append(el("style", {}, STYLE));
    }
    if (this.dataset.color) this.style.setProperty("--cacima-accent", this.dataset.color);
    const button = (name, act, ...children) => el("button", { type: "button", class: name, onclick: act }, ...children);
    const ui = (this.ui = {
      launcher: button("launcher", () => this.open(), icon(ICONS.chat), el("span")),
      title: el("h2", { id: "title", tabindex: "-1" }),
      about: el("p", { class: "about" }),
      language: button("plain", () => this.switchLanguage()),
      clear: button("plain", () => this.askClear(true)),
      close: button("plain close", () => this.ui.dialog.close(), icon(ICONS.close)),
      log: el("div", { class: "log", role: "log", tabindex: "0", "aria-live": "polite" }),
      sure: el("div", { class: "sure", role: "group", hidden: true }),
      status: el("p", { class: "status", role: "status" }),
      label: el("label", { for: "question", class: "hidden" }),
      input: el("textarea", { id: "question", rows: "1", maxlength: LONGEST, enterkeyhint: "send", autocomplete: "off", "aria-describedby": "left" }),
      left: el("span", { id: "left", class: "left" }),
      send: el("button", { type: "submit", class: "send" }, icon(ICONS.send)),
    });
    ui.form = el("form", { novalidate: true }, ui.label, ui.input, ui.send, ui.left);
    ui.dialog = el(
      "dialog",
      { "aria-labelledby": "title" },
      el("div", { class: "top" }, ui.title, el("div", { class: "tools" }, ui.language, ui.clear, ui.close), ui.about),
      ui.log,
      ui.sure,
      ui.status,
      ui.form,
    );
    ui.launcher.setAttribute("aria-haspopup", "dialog");
    this.listen();
    this.label();
    this.show();
    root.append(ui.launcher, ui.dialog);
  }

  listen() {
    const { form, input, dialog, launcher } = this.ui;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.ask();
    });
    input.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.ask();
    });
    input.addEventListener("input", () => this.measure());
    dialog.addEventListener("close", () => {
      launcher.hidden = false;
      launcher.focus();
    });
    // A click beside the dialog closes it.
    dialog.addEventListener("mousedown", (event) => {
      const box = dialog.getBoundingClientRect();
      const inside = event.clientX >= box.left && event.clientX <= box.right && event.clientY >= box.top && event.clientY <= box.bottom;
      if (event.target === dialog && !inside) dialog.close();
    });
    // Keys typed here are no shortcuts of the page.
    dialog.addEventListener("keydown", (event) => event.stopPropagation());
  }

  label() {
    const { ui } = this;
    const other = this.language === "fr" ? "en" : "fr";
    const name = (element, words) => {
      element.setAttribute("aria-label", words);
      element.title = words;
    };
    this.lang = this.language;
    ui.launcher.querySelector("span").textContent = this.say("launcher");
    ui.launcher.setAttribute("aria-label", this.say("launcher_label"));
    ui.title.textContent = this.say("title");
    ui.about.textContent = this.say("about");
    ui.language.textContent = TEXTS[other].name;
    ui.language.lang = other;
    ui.clear.textContent = this.say("clear");
    name(ui.clear, this.say("clear_label"));
    name(ui.close, this.say("close"));
    name(ui.send, this.say("send"));
    ui.log.setAttribute("aria-label", this.say("log"));
    ui.label.textContent = this.say("input");
    ui.input.placeholder = this.say("input");
    ui.sure.setAttribute("aria-label", this.say("clear_label"));
    ui.sure.replaceChildren(
      el("p", {}, this.say("clear_sure")),
      el("button", { type: "button", onclick: () => this.clear() }, this.say("clear_yes")),
      el("button", { type: "button", onclick: () => this.askClear(false) }, this.say("clear_no")),
    );
    this.measure();
  }

  measure() {
    const { input, left } = this.ui;
    const count = LONGEST - input.value.length;
    left.textContent = count <= 100 ? fill(this.say("left"), { count }) : "";
    input.style.height = "auto";
    if (input.scrollHeight) input.style.height = `${Math.min(input.scrollHeight + 2, 140)}px`;
  }

  async open() {
    const { dialog, input, title, launcher } = this.ui;
    dialog.showModal();
    launcher.hidden = true;
    // On a phone, focus in the field would hide half of the greeting behind the keyboard.
    (matchMedia("(pointer: coarse)").matches ? title : input).focus();
    this.measure();
    this.scroll();
    await this.refresh();
    await this.client.open().catch(() => {});
  }

  // Shows the conversation as the server has it; as the tab remembers it while the server is away.
  async refresh() {
    if (this.busy) return;
    try {
      const known = await this.client.history();
      const messages = known?.messages ?? [];
      if (this.busy) return;
      this.resume(messages);
      if (this.busy || JSON.stringify(messages) === JSON.stringify(this.messages)) return;
      this.messages = messages;
      this.keep();
      if (messages.length) this.speak(known.language);
      this.show();
    } catch {
      // What the tab remembers stays.
    }
  }

  // Sends again what a reload cut off; the server knows by its id whether it has had it already.
  resume(messages) {
    const { message, words } = this.tab.get(this.unanswered) ?? {};
    if (!message) return;
    this.tab.set(this.unanswered, null);
    if (messages.some(({ id }) => id === message.id)) return;
    this.messages = messages;
    this.show();
    this.put(message, words);
  }

  keep() {
    this.tab.set(this.client.key, this.messages.length ? this.messages : null);
  }

  // Lays out the whole conversation, silently: only what is new is announced.
  show() {
    const { log } = this.ui;
    log.setAttribute("aria-live", "off");
    log.replaceChildren(this.greeting(), ...this.messages.map((message) => this.bubble(message)));
    this.offerFeedback(this.messages);
    this.scroll();
    setTimeout(() => log.setAttribute("aria-live", "polite"), 100);
  }

  greeting() {
    const examples = (this.dataset.examples?.split("|") ?? TEXTS[this.language].examples).map((title) => ({ title }));
    const choose = (_, title, button) => this.send({ text: title }, title, button);
    return el(
      "div",
      { class: "message bot" },
      ...prose(this.say("greeting")),
      choices(examples, null, choose, { class: "row examples", "aria-label": this.say("choices") }),
      el("p", { class: "privacy" }, link(this.client.home + this.say("privacy_path"), this.say("privacy"))),
    );
  }

  bubble(message) {
    return bubble(message, (name) => this.say(name, message.language), {
      choose: (payload, title, button) => this.send({ choice: payload }, title, button),
      announce: (words) => this.status(words),
    });
  }

  offerFeedback(messages) {
    if (!messages.at(-1)?.parts?.length && !messages.at(-1)?.result) return;
    const { language } = messages.at(-1);
    const choose = (payload, title, button) => this.send({ choice: payload }, title, button);
    this.ui.log.lastElementChild.append(feedback((name) => this.say(name, language), choose));
  }

  add(message) {
    this.messages.push(message);
    this.ui.log.append(this.bubble(message));
  }

  // The last question on top, so that a long answer is read from its beginning.
  scroll() {
    const { log, dialog } = this.ui;
    const asked = [...log.querySelectorAll(".you")].at(-1);
    log.scrollTop = asked ? asked.offsetTop - 8 : 0;
    if (asked && dialog.scrollHeight > dialog.clientHeight) asked.scrollIntoView({ block: "start" });
  }

  status(words = "", ...more) {
    this.ui.status.replaceChildren(words, ...more);
  }

  ask() {
    const { input } = this.ui;
    const text = input.value.trim();
    if (!text || this.busy) return;
    input.value = "";
    this.measure();
    this.send({ text }, text);
  }

  async send(content, words, button) {
    if (this.busy) return;
    if (button) chosen(button);
    await this.put({ id: newId(), language: this.language, ...content }, words);
  }

  async put(message, words) {
    const { language, ...asked } = message;
    this.add({ from: "you", ...asked, text: words });
    this.scroll();
    await this.deliver(message, words);
  }

  async deliver(message, words) {
    this.busy = true;
    this.tab.set(this.unanswered, { message, words });
    this.again = null;
    this.ui.dialog.classList.add("busy");
    this.ui.send.setAttribute("aria-disabled", "true");
    this.status(this.say("typing"));
    const late = LATE.map((after, step) => setTimeout(() => this.status(this.say(step ? "very_slow" : "slow"), ...(step ? this.contact() : [])), after));
    try {
      const answer = await this.client.send(message, (name, values = {}) => this.status(fill(this.say(name), values)));
      this.status();
      this.tab.set(this.unanswered, null);
      // The conversation is gone, this question included: only the answer is left, until the next visit.
      if (answer.erased) {
        this.messages = [];
        this.show();
      }
      for (const told of answer.messages) this.add(told);
      this.offerFeedback(answer.messages);
      this.speak(answer.language);
      this.keep();
      this.scroll();
    } catch (failure) {
      this.failed(failure, message, words);
    } finally {
      late.forEach(clearTimeout);
      this.busy = false;
      this.ui.dialog.classList.remove("busy");
      this.ui.send.removeAttribute("aria-disabled");
    }
  }

  contact() {
    return prose(this.say("contact")).flatMap((paragraph) => [" ", ...paragraph.childNodes]);
  }

  // Says why nothing came, whom to write to, and keeps the message for another try.
  failed(failure, message, words) {
    const { kind } = failure;
    if (kind === "refused") this.tab.set(this.unanswered, null);
    const again = () => {
      this.ui.input.focus();
      this.deliver(message, words);
    };
    const retry = el("button", { type: "button", onclick: again }, this.say("retry"));
    this.status(kind === "refused" ? failure.words : this.say(kind === "offline" ? kind : "down"), ...this.contact(), " ", retry);
    if (kind === "offline") this.again = () => this.deliver(message, words);
  }

  // The language of the person, once the conversation has shown it.
  speak(language) {
    if (!TEXTS[language] || language === this.language) return;
    this.language = language;
    this.label();
  }

  switchLanguage() {
    if (this.busy) return;
    const language = this.language === "fr" ? "en" : "fr";
    this.speak(language);
    if (this.messages.length) this.send({ speak: language }, TEXTS[language].name);
    else this.show();
  }

  askClear(sure) {
    const { sure: question, clear } = this.ui;
    question.hidden = !sure;
    (sure ? question.querySelector("button") : clear).focus();
  }

  async clear() {
    if (this.busy) return;
    this.askClear(false);
    try {
      await this.client.forget();
    } catch {
      this.status(this.say("clear_failed"));
      return;
    }
    this.messages = [];
    this.again = null;
    this.tab.set(this.unanswered, null);
    this.keep();
    this.show();
    this.status(this.say("cleared"));
    this.ui.input.focus();
  }
}

if (!customElements.get("cacima-assistant")) {
  customElements.define("cacima-assistant", Assistant);
  const place = () => {
    // A page may hold the element itself; else it comes with the options given to the script.
    if (document.querySelector("cacima-assistant")) return;
    const assistant = document.createElement("cacima-assistant");
    Object.assign(assistant.dataset, SCRIPT?.dataset);
    document.body.append(assistant);
  };
  if (document.body) place();
  else addEventListener("DOMContentLoaded", place);
}
