// The element itself: a button in the corner that opens a dialog. Beside the page where there is room, so that the page
// stays usable; over it on a phone.

const CODES = ["fr", "en"]; // in the order of TEXTS
const LONGEST = 1000; // characters of a message
const LATE = [5000, 15000]; // milliseconds after which a wait is explained, and explained again
const SENDING = "sending"; // on its way when the page goes, it is sent again by the next
const SAID = 10000; // milliseconds after which an announcement has been made
const SETTLED = 200; // milliseconds in which a screen reader follows the focus
const NAME = "cacima-assistant";
const NARROW = "(max-width: 30em), (max-height: 30em)";

class Assistant extends HTMLElement {
  connectedCallback() {
    const others = [...document.querySelectorAll(NAME)].filter((one) => one !== this);
    if (this.placed && others.length) return this.remove();
    for (const other of others) if (other.placed) other.remove();
    if (!this.client) this.begin();
    this.watch();
    this.invite();
    // On a phone the dialog would cover the page a link has just led to.
    const reloaded = performance.getEntriesByType("navigation")[0]?.type === "reload";
    if (this.reopens ?? (this.tab.get(this.opened) && (!this.narrow.matches || reloaded))) this.open(false);
  }

  disconnectedCallback() {
    if (!this.ended) return;
    this.ended.abort();
    this.observer.disconnect();
    // A dialog put back into a page is no longer a modal one: it is opened anew.
    this.reopens = this.ui.dialog.open;
    this.ui.dialog.close();
  }

  // Taken out by the page on purpose, it is not put back.
  remove() {
    this.unwanted = true;
    super.remove();
  }

  begin() {
    const page = this.closest("[lang]")?.lang || document.documentElement.lang;
    this.language = [this.dataset.lang, page].map((code) => (code ?? "").slice(0, 2).toLowerCase()).find((code) => CODES.includes(code)) ?? "fr";
    this.client = new Client(this.dataset.server?.replace(/\/$/, "") || HOME, () => this.language);
    this.tab = kept("sessionStorage");
    this.opened = `${this.client.key} open`;
    this.draft = `${this.client.key} draft`;
    this.narrow = matchMedia(NARROW);
    this.messages = this.tab.get(this.client.key) ?? [];
    this.build();
    try {
      this.speak(this.messages.at(-1)?.language);
      this.show();
    } catch {
      // Kept by another version, or by the page itself: the server knows the conversation.
      this.messages = [];
      this.show();
    }
  }

  say(name, language = this.language) {
    return this.dataset[name + (language === "fr" ? "Fr" : "En")] ?? this.dataset[name] ?? TEXTS[Math.max(0, CODES.indexOf(language))][KEYS.indexOf(name)] ?? name;
  }

  emit(name, detail) {
    this.dispatchEvent(new CustomEvent(`cacima:${name}`, { bubbles: true, composed: true, detail: { language: this.language, ...detail } }));
  }

  build() {
    const root = this.attachShadow({ mode: "open" });
    try {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(STYLE);
      root.adoptedStyleSheets = [sheet];
    } catch {
      // A browser before 2023.
      root.append(el("style", STYLE));
    }
    const { logo } = this.dataset;
    const ui = (this.ui = {
      launcher: press("launcher", () => this.open(), icon("chat"), el("span")),
      name: el("span", { id: "name" }),
      sub: el("span.sub", { id: "sub" }),
      language: press("plain", () => this.switchLanguage()),
      print: press("plain", () => this.print(), icon("print")),
      clear: press("plain", () => this.askClear(true), icon("clear")),
      close: press("plain", () => this.close(), icon("close")),
      log: el("div.log", { role: "log", tabindex: "0", "aria-live": "off" }),
      sure: el("div.sure", { role: "group", "aria-labelledby": "sure", hidden: true }),
      status: el("p.status", { role: "status" }),
      heard: el("p.hidden", { "aria-live": "polite" }),
      label: el("label", { for: "question", class: "hidden" }),
      input: el("textarea", { id: "question", rows: "1", enterkeyhint: "send", autocomplete: "off", "aria-describedby": "left" }),
      left: el("span", { id: "left", class: "left" }),
      send: el("button", { type: "submit", class: "send" }, icon("send")),
      tab: el("span", { id: "tab", hidden: true }),
    });
    ui.form = el("form", { novalidate: true }, ui.label, ui.input, ui.send, ui.left);
    ui.dialog = el(
      "dialog",
      { "aria-labelledby": "name", "aria-describedby": "sub" },
      el(
        "div.top",
        logo ? el("img", { src: logo, alt: "" }) : null,
        el("h2", { tabindex: "-1" }, ui.name, ui.sub),
        el("div.bar", ui.language, ui.print, ui.clear, ui.close),
      ),
      ui.log,
      ui.sure,
      ui.status,
      ui.heard,
      ui.form,
    );
    const draft = this.tab.get(this.draft);
    if (draft?.trim) ui.input.value = draft;
    this.shell = el("div.shell", { dir: "ltr" }, ui.launcher, ui.dialog, ui.tab);
    this.shell.classList.toggle("left-side", this.dataset.position === "left");
    const [right, bottom] = (this.dataset.offset ?? "").split(/[\s,]+/);
    for (const [name, value] of Object.entries({ font: this.dataset.font, "z-index": this.dataset.zIndex, "offset-x": right, "offset-y": bottom ?? right })) {
      if (value) this.style.setProperty(`--cacima-${name}`, /^\d+$/.test(value) && name.startsWith("offset") ? `${value}px` : value);
    }
    root.append(this.shell);
    this.listen();
    this.label();
  }

  listen() {
    const { form, input, dialog, launcher } = this.ui;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.submit();
    });
    input.addEventListener("keydown", (event) => {
      // Safari ends a composition before its Enter, whose code then is 229.
      if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
      event.preventDefault();
      this.submit();
    });
    input.addEventListener("input", () => {
      if (input.value.length > LONGEST) {
        input.value = input.value.slice(0, LONGEST).replace(/[\ud800-\udbff]$/, "");
        this.status(this.say("cut"));
      } else if (!this.busy) this.status();
      this.tab.set(this.draft, input.value);
      this.measure();
    });
    dialog.addEventListener("close", () => {
      // The event comes after the closing, when the dialog may be open again.
      this.reveal(() => {
        // Whoever writes in the page by now keeps the focus.
        if (!dialog.open && [null, document.body, this].includes(document.activeElement)) launcher.focus();
      });
      if (dialog.open || !this.isConnected) return;
      this.tab.set(this.opened, null);
      this.emit("close");
    });
    dialog.addEventListener("keydown", (event) => {
      // Keys typed here are no shortcuts of the page.
      event.stopPropagation();
      if (event.key !== "Escape" || event.isComposing) return;
      event.preventDefault();
      if (this.ui.sure.hidden) this.close();
      else this.askClear(false);
    });
  }

  // What the page does around the assistant; only while it is in the page.
  watch() {
    this.ended = new AbortController();
    const { signal } = this.ended;
    const painted = () => paint(this, this.shell);
    this.observer = new MutationObserver(painted);
    this.observer.observe(document.documentElement, { attributes: true });
    this.observer.observe(this, { attributes: true, attributeFilter: ["data-color", "data-theme"] });
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", painted, { signal });
    painted();
    this.client.onOtherTab(() => this.refresh(), signal);
    addEventListener("pageshow", (event) => event.persisted && this.refresh(), { signal });
    addEventListener("online", () => this.resend(), { signal });
    addEventListener("beforeprint", () => !this.paper && this.isFocused() && this.lay(), { signal });
    addEventListener("afterprint", () => this.clean(), { signal });
    // A window that becomes a phone's, or no longer is, opens the dialog the other way.
    this.narrow.addEventListener("change", () => this.ui.dialog.open && this.turn(), { signal });
    // Keyboards of phones cover the window without resizing it.
    visualViewport?.addEventListener("resize", () => this.fit(), { signal });
    visualViewport?.addEventListener("scroll", () => this.fit(), { signal });
    // Any element of the page may open the assistant, or ask it something.
    document.addEventListener(
      "click",
      (event) => {
        const asked = event.target.closest?.("[data-cacima-ask], [data-cacima-open]");
        if (!asked) return;
        event.preventDefault();
        if (asked.dataset.cacimaAsk) this.ask(asked.dataset.cacimaAsk);
        else this.open();
      },
      { signal },
    );
  }

  fit() {
    const { style } = this.ui.dialog;
    const small = this.narrow.matches && visualViewport.scale === 1 && visualViewport.height < innerHeight - 40;
    style.height = small ? `${visualViewport.height}px` : "";
    style.insetBlockStart = small ? `${visualViewport.offsetTop}px` : "";
  }

  isFocused() {
    return this.ui.dialog.open && (this.narrow.matches || document.activeElement === this);
  }

  label() {
    const { ui } = this;
    const other = this.language === "fr" ? "en" : "fr";
    const name = (element, words) => {
      element.lang = this.language;
      element.setAttribute("aria-label", words);
      element.title = words;
    };
    const word = (key) => this.spell(this.say(key));
    ui.launcher.lastChild.replaceWith(word("launcher"));
    ui.launcher.setAttribute("aria-label", `${this.say("launcher")} ${this.say("title")}`);
    ui.name.replaceChildren(word("title"));
    ui.sub.replaceChildren(word("sub"));
    const theirs = this.say("name", other);
    ui.language.replaceChildren(el("span", { "aria-hidden": "true" }, other.toUpperCase()), el("span.hidden", { lang: other }, theirs));
    ui.language.title = theirs;
    for (const each of ["print", "clear", "close", "send"]) name(ui[each], this.say(each));
    ui.log.setAttribute("aria-label", this.say("log"));
    ui.label.replaceChildren(word("input"));
    ui.input.placeholder = this.say("input");
    ui.input.lang = this.language;
    ui.tab.replaceChildren(word("tab"));
    ui.sure.replaceChildren(
      el("p", { id: "sure" }, word("clear_sure")),
      press("", () => this.askClear(false), word("clear_no")),
      press("", () => this.clear(), word("clear_yes")),
    );
    this.measure();
  }

  // Words with their language, on an element made for them and within none that has another: of a `lang` that changes, Firefox
  // tells a screen reader nothing, nor of one that is the same as around it.
  spell(...words) {
    return el("span", { lang: this.language }, ...words);
  }

  measure() {
    const { input, left } = this.ui;
    const count = LONGEST - input.value.length;
    left.textContent = count <= 100 ? fill(this.say("left"), { count }) : "";
    input.style.height = "auto";
    if (input.scrollHeight) input.style.height = `${input.scrollHeight + 2}px`;
  }

  // Opens the dialog; with `focus` false the page keeps the focus.
  async open(focus = true) {
    const { dialog, input, launcher } = this.ui;
    if (!this.isConnected) return;
    const opened = !dialog.open;
    if (opened) {
      if (this.narrow.matches) dialog.showModal();
      else if (focus) dialog.show();
      // show() would move the focus.
      else dialog.setAttribute("open", "");
      if (focus) this.reveal();
      else launcher.hidden = true;
      this.tab.set(this.opened, true);
    }
    // On a phone, focus in the field would hide half of the greeting behind the keyboard.
    if (focus) (matchMedia("(pointer: coarse)").matches ? dialog.querySelector("h2") : input).focus();
    if (!opened) return;
    this.measure();
    this.scroll();
    this.emit("open");
    await this.refresh();
    await this.client.open().catch(() => {});
  }

  // Shows the button, or hides it, once a screen reader has followed the focus. Sooner, what it reads goes away under it, or
  // comes just where it looks for another place, and it says nothing of what has opened or closed.
  reveal(then) {
    const { launcher, dialog } = this.ui;
    setTimeout(() => {
      launcher.hidden = dialog.open;
      then?.();
    }, SETTLED);
  }

  close() {
    this.ui.dialog.close();
  }

  toggle() {
    if (this.ui.dialog.open) this.close();
    else this.open();
  }

  turn() {
    const { dialog } = this.ui;
    const { activeElement } = this.shadowRoot;
    dialog.close();
    this.open(false);
    activeElement?.focus();
  }

  // Says something in the person's place, as if typed.
  ask(text) {
    this.open();
    const words = String(text ?? "").trim().slice(0, LONGEST);
    if (this.busy && words) this.ui.input.value = words;
    else if (words) this.send({ text: words });
  }

  // Shows the conversation as the server has it; as the tab remembers it while the server is away. What did not go out
  // stays at its end.
  async refresh() {
    if (this.busy) return;
    let known = { messages: [] };
    let away = false;
    try {
      known = (await this.client.history()) ?? known;
    } catch {
      away = true;
    }
    if (this.busy) return;
    const mine = this.messages.filter((message) => message.unsent && !known.messages.some(({ id }) => id === message.id));
    if (!away) {
      const seen = (list) => written(list.map(({ from, id, text }) => [from, id, text]));
      const messages = [...known.messages, ...mine];
      if (known.messages.length) this.speak(known.language);
      if (seen(messages) !== seen(this.messages)) {
        this.messages = messages;
        this.keep();
        this.show();
      }
    }
    // What a reload cut off goes out again; the server knows by its id whether it has had it already.
    const cut = mine.find(({ unsent }) => unsent === SENDING);
    if (cut && away) this.unsent(cut);
    else if (cut) await this.deliver(cut);
  }

  keep() {
    this.tab.set(this.client.key, this.messages.length ? this.messages : null);
  }

  // Lays out the whole conversation, silently: only what is new is announced.
  show() {
    this.articles = new Map();
    this.ui.log.replaceChildren(this.greeting());
    let last = null;
    let opinion = null;
    this.messages.forEach((message, index) => {
      const [, rated] = (message.from === "you" && FEEDBACK.exec(message.choice)) || [];
      if (rated && last?.from === "bot") {
        opinion = { rated };
        this.offerFeedback(last, opinion);
      } else if (opinion && message.from === "bot") {
        // What was said back belongs to the opinion.
        this.offerFeedback(last, Object.assign(opinion, { note: message.text }));
      } else {
        opinion = null;
        last = message;
        // What a person says has no language of its own until it is answered.
        const answer = this.messages.slice(index).find(({ from }) => from === "bot");
        this.add(message, answer?.language);
      }
    });
    if (last && !opinion) this.offerFeedback(last);
    this.scroll();
  }

  greeting() {
    const { language } = this;
    const examples = [this.say("examples")].flat().flatMap((listed) => listed.split("|")).map((title) => ({ title }));
    return el("article.message.bot", { lang: language, tabindex: "-1", "aria-label": this.say("bot") },
      el("div.card", ...prose(this.say("greeting")), el("p.quiet", this.say("about"))),
      choices(examples, this.words(language), "next"),
      el("p.quiet", link(this.client.home + this.say("privacy_path"), this.say("privacy"))),
    );
  }

  // The words of the interface in a message's language, and what its buttons do.
  words(language) {
    return {
      home: this.client.home,
      say: (name) => this.say(name, language ?? this.language),
      choose: (button, content, title) => this.choose(button, content, title),
      rate: (name, show) => this.rate(name, show),
      status: (words) => this.status(words),
      print: (article) => this.print(article),
    };
  }

  add(message, language = this.language) {
    const { log } = this.ui;
    const words = this.words(message.language ?? language);
    if (message.from === "you") this.markChosen(origin(message, [...log.querySelectorAll(".row")]));
    const article = bubble({ language, ...message }, words);
    this.articles.set(message, article);
    log.append(article);
    if (message.request && message === this.messages.at(-1)) this.reach(message, article);
    if (message.unsent && message.unsent !== SENDING) this.unsent(message);
    return article;
  }

  // On the last answer only: the server takes an opinion to be about what it has just said.
  offerFeedback(message, opinion) {
    const article = this.articles.get(message);
    if (!article || message.from !== "bot" || !(message.answer || message.result || message.facts || opinion)) return;
    const card = article.querySelector(".card");
    card.querySelector(".feedback")?.remove();
    const box = feedback(this.words(message.language), opinion);
    const foot = card.querySelector(".foot") ?? el("div.foot", card.querySelector(".sources"));
    foot.append(box);
    card.append(foot);
    if (!opinion) this.offered = box;
  }

  async rate(name, show) {
    if (this.busy) return;
    this.busy = true;
    const message = { from: "you", id: newId(), choice: `/feedback_${name}` };
    try {
      const { messages } = await this.client.send({ id: message.id, language: this.language, choice: message.choice }, () => {});
      this.messages.push(message, ...messages);
      this.keep();
      const [{ text } = {}] = messages;
      const { offered } = this;
      this.offered = null;
      show(name, text);
      offered?.querySelector(".rated").focus();
      this.hear(name === "positive" ? this.say("thanks") : text);
    } catch {
      this.status(this.say("down"));
    } finally {
      this.busy = false;
    }
  }

  // The last question on top, so that a long answer is read from its beginning.
  scroll() {
    const { log } = this.ui;
    const asked = [...log.querySelectorAll(".you")].at(-1);
    // Where only a few lines fit, the answer alone.
    const first = log.clientHeight < 260 ? (asked?.nextElementSibling ?? asked) : asked;
    log.scrollTop = first ? first.offsetTop - 8 : 0;
  }

  status(words = "", ...more) {
    this.ui.status.replaceChildren(words && this.spell(words, ...more));
  }

  hear(words) {
    const { heard } = this.ui;
    heard.textContent = "";
    clearTimeout(this.said);
    // The same words twice would be no news; left there, they would be read again after the conversation.
    setTimeout(() => heard.replaceChildren(words ? el("span.hidden", { lang: this.language }, words) : ""), 60);
    this.said = setTimeout(() => (heard.textContent = ""), SAID);
  }

  submit() {
    const { input } = this.ui;
    const text = input.value.trim();
    if (!text || this.busy) return;
    input.value = "";
    this.tab.set(this.draft, null);
    this.measure();
    this.send({ text });
  }

  // A button pressed again says nothing new: its answer is shown.
  choose(button, content, title) {
    if (this.busy) return;
    const last = this.messages.filter(({ from }) => from === "you").at(-1);
    if (this.pressed?.button === button && this.pressed.message === last) {
      if (last.unsent) this.retry(last);
      else this.scroll();
      return;
    }
    this.markChosen(button);
    this.pressed = { button, message: this.send({ text: title, ...content }) };
  }

  // In the language of the button, which need not be the person's.
  markChosen(button) {
    mark(button, (name, language) => this.say(name, language));
  }

  send(content) {
    const message = { from: "you", id: newId(), ...content };
    this.messages.push(message);
    this.add(message);
    this.emit("question");
    this.deliver(message);
    return message;
  }

  async deliver(message) {
    const { dialog, send, log } = this.ui;
    const { id, text, choice, speak } = message;
    let article = this.articles.get(message);
    this.busy = true;
    message.unsent = SENDING;
    this.keep();
    article.classList.remove("unsent");
    article.querySelector(".failed")?.remove();
    this.offered?.remove();
    dialog.classList.add("busy");
    send.setAttribute("aria-disabled", "true");
    this.status();
    const dots = el("div.dots", { "aria-hidden": "true" }, el("i"), el("i"), el("i"));
    log.append(dots);
    this.scroll();
    const late = LATE.map((after, step) => setTimeout(() => this.status(this.say(step ? "very_slow" : "slow"), ...(step ? this.contact() : [])), after));
    const notice = (name, values = {}) => {
      // What is known is said, not guessed over.
      late.forEach(clearTimeout);
      this.status(fill(this.say(name), values));
    };
    try {
      const answer = await this.client.send({ id, language: this.language, ...(choice ? { choice } : speak ? { speak } : { text }) }, notice);
      const focused = log.contains(this.shadowRoot.activeElement);
      this.status();
      delete message.unsent;
      message.language = answer.language;
      // Laid out anew, now that its language is known.
      article.replaceWith((article = bubble(message, this.words(answer.language))));
      this.articles.set(message, article);
      // The conversation is gone, this question included: only the answer is left, until the next visit.
      if (answer.erased) {
        this.messages = [];
        this.show();
      }
      this.speak(answer.language);
      dots.remove();
      this.messages.push(...answer.messages);
      const [first] = answer.messages.map((told) => this.add(told));
      if (answer.messages.length) this.offerFeedback(answer.messages.at(-1));
      this.keep();
      this.scroll();
      // The button just pressed may be out of view now; what follows it is what was asked for.
      if (focused) first?.focus({ preventScroll: true });
      this.hear(answer.messages.map((told) => spoken(told, this.words(told.language))).join(" "));
      for (const { text, facts = [] } of answer.messages) this.emit("answer", { text, facts });
    } catch (failure) {
      this.failed(failure, message);
    } finally {
      late.forEach(clearTimeout);
      dots.remove();
      this.busy = false;
      dialog.classList.remove("busy");
      send.removeAttribute("aria-disabled");
    }
  }

  contact() {
    return prose(this.say("contact")).flatMap((paragraph) => [" ", ...paragraph.childNodes]);
  }

  // Says why nothing came and whom to write to; the question itself is marked, and can go out again.
  failed({ kind, words, hint, message: error }, message) {
    if (hint) console.error(fill(this.say("hint"), { origin: self.origin, server: this.client.home }));
    else if (!kind) console.error("cacima-assistant:", error);
    this.unsent(message, kind === "offline" ? "offline" : "failed");
    this.status(kind === "refused" ? words : this.say(kind === "offline" ? kind : "down"), ...this.contact());
    this.articles.get(message).scrollIntoView({ block: "nearest" });
  }

  unsent(message, state = message.unsent) {
    const article = this.articles.get(message);
    message.unsent = state === SENDING ? "failed" : state;
    this.keep();
    article.classList.add("unsent");
    article.querySelector(".failed")?.remove();
    article.append(el("p.failed", this.say("unsent"), " ", press("plain", () => this.retry(message), this.say("retry"))));
  }

  // At the end of the conversation, so that its answer follows it.
  async retry(message) {
    if (this.busy) return;
    const { log, input } = this.ui;
    if (log.contains(this.shadowRoot.activeElement)) input.focus();
    this.messages.push(...this.messages.splice(this.messages.indexOf(message), 1));
    log.append(this.articles.get(message));
    await this.deliver(message);
  }

  // Back online: what waited goes out, in its order.
  async resend() {
    for (const message of this.messages.filter(({ unsent }) => unsent === "offline")) await this.retry(message);
  }

  // The language of the person, once the conversation has shown it.
  speak(language) {
    if (!CODES.includes(language) || language === this.language) return;
    this.language = language;
    this.label();
  }

  switchLanguage() {
    if (this.busy) return;
    const language = this.language === "fr" ? "en" : "fr";
    this.speak(language);
    if (this.messages.length) this.send({ text: this.say("name", language), speak: language });
    else this.show();
  }

  // Asks whether to clear, or leaves the question for `next`.
  askClear(sure, next = this.ui.clear) {
    const { sure: question } = this.ui;
    clearTimeout(this.asked);
    if (sure) question.hidden = false;
    else this.asked = setTimeout(() => (question.hidden = true), SETTLED);
    // Not on the answer that destroys.
    (sure ? question.querySelector("button") : next).focus();
  }

  async clear() {
    if (this.busy) return;
    this.askClear(false, this.ui.input);
    try {
      await this.client.forget();
    } catch {
      this.status(this.say("clear_failed"));
      return;
    }
    this.messages = [];
    this.keep();
    this.show();
    this.status(this.say("cleared"));
    this.emit("clear");
  }

  // Prints one message, or the conversation.
  print(article) {
    this.lay(article ? [article] : undefined);
    window.print();
  }

  lay(articles = [...this.articles.values()]) {
    this.clean();
    if (!articles.length) return;
    const copies = articles.map((article) => article.cloneNode(true));
    for (const copy of copies) for (const details of copy.querySelectorAll("details")) details.open = true;
    const date = new Date().toLocaleString(this.language === "fr" ? "fr-FR" : "en-CA", { dateStyle: "long", timeStyle: "short" });
    this.paper = el("section.paper", { lang: this.language },
      el("h1", this.say("title")),
      el("p", `${date} – ${location.host}${location.pathname}`),
      ...copies,
      el("p", this.say("about")),
      el("p", ...this.contact()),
    );
    this.shell.append(this.paper);
    this.uncover = alone();
  }

  clean() {
    this.paper?.remove();
    this.uncover?.();
    this.paper = this.uncover = null;
  }

  // A form to be reached by, where the answer brings one; only such a conversation loads it.
  async reach(message, article) {
    const { request } = await import(`${HOME}/request.js`).catch(() => ({}));
    request?.(this, el, message, article);
  }

  // A word beside the button, where a site wants one; only such a site loads it.
  async invite() {
    if (this.dataset.invite === undefined || this.messages.length || this.client.shared.get(`${this.client.key} invited`)) return;
    const { invite } = await import(`${HOME}/invite.js`).catch(() => ({}));
    invite?.(this, el);
  }
}

if (!customElements.get(NAME)) customElements.define(NAME, Assistant);

// Beside the body, so that neither its styles nor its replacement touch the assistant. A page may hold the element itself.
const place = () => {
  if (document.querySelector(NAME)) return;
  const assistant = document.createElement(NAME);
  Object.assign(assistant, { placed: true });
  Object.assign(assistant.dataset, SCRIPT?.dataset);
  document.documentElement.append(assistant);
  const back = new MutationObserver(() => {
    if (assistant.unwanted) back.disconnect();
    else if (!document.querySelector(NAME)) document.documentElement?.append(assistant);
  });
  back.observe(document, { childList: true });
  back.observe(document.documentElement, { childList: true });
};
if (document.body) place();
else addEventListener("DOMContentLoaded", place);
