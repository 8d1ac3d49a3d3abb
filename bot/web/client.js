// Talks to the server. One token names the conversation; the browser's tabs share it.

const PATIENCE = 40000; // milliseconds before an answer is given up
const PAUSES = [800, 2500, 6000]; // milliseconds before each new try
const RENEWED = 12 * 3600 * 1000; // milliseconds after which a token is renewed; it is good for twice that

const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

// Why there is no answer: offline, down, barred (which whoever installs should know), or refused (with the server's words).
class Failure extends Error {
  constructor(kind, details = {}) {
    super(kind);
    Object.assign(this, { kind }, details);
  }
}

class Client {
  constructor(server, language) {
    this.home = server;
    this.server = `${server}/webhooks/website`;
    this.language = language;
    this.key = `cacima-assistant ${server}`;
    this.shared = kept("localStorage");
  }

  get session() {
    const session = this.shared.get(this.key) ?? this.unshared;
    return typeof session?.token === "string" ? session : null;
  }

  set session(session) {
    this.unshared = session && { ...session, since: Date.now() };
    this.shared.set(this.key, this.unshared);
  }

  // Makes sure there is a session, and that it lasts a while. Only the server judges whether a token is still good: the
  // clock here may be wrong by days, so it only measures how long ago the token came.
  async open() {
    const { session } = this;
    const age = session && Date.now() - session.since;
    if (age >= 0 && age < RENEWED && session) return;
    this.opening ??= this.call("POST", "/session", null, session)
      .catch((failure) => {
        if (failure.status !== 401) throw failure;
        return this.call("POST", "/session", null, null);
      })
      .then((fresh) => (this.session = fresh))
      .finally(() => (this.opening = null));
    await this.opening;
  }

  async call(method, path, body, session = this.session) {
    const headers = { "Accept-Language": this.language() };
    if (session) headers.Authorization = `Bearer ${session.token}`;
    const patience = new AbortController();
    const timer = setTimeout(() => patience.abort(), PATIENCE);
    let answer;
    let content;
    try {
      answer = await fetch(this.server + path, {
        method,
        headers,
        body: body && written(body),
        signal: patience.signal,
        credentials: "omit",
      });
      content = await answer.json();
    } catch {
      if (navigator.onLine === false) throw new Failure("offline");
      throw (await this.isBarred(patience.signal)) ? new Failure("barred", { hint: true }) : new Failure("down");
    } finally {
      clearTimeout(timer);
    }
    this.heard = true;
    if (answer.ok) return content;
    if (answer.status >= 502) throw new Failure("down");
    throw new Failure("refused", {
      status: answer.status,
      words: content.message,
      fields: content.fields,
      wait: Number(answer.headers.get("Retry-After")) || 0,
    });
  }

  // A browser does not say why it kept an answer back. A server that is there, yet never answered this page, may not
  // know the page's site.
  async isBarred(signal) {
    if (this.heard || signal.aborted || new URL(this.server).origin === self.origin) return false;
    try {
      await fetch(`${this.server}/`, { mode: "no-cors", credentials: "omit", cache: "no-store", signal });
      return true;
    } catch {
      return false;
    }
  }

  // Sends until answered. The message's id lets the server know one it has had already.
  // `notice` hears what the person should know meanwhile: expired, waiting or resending.
  async send(message, notice) {
    let expired = false;
    for (let tries = 0; ; tries++) {
      try {
        await this.open();
        const answer = await this.call("POST", "/messages", message);
        this.shared.set(`${this.key} turn`, message.id);
        return answer;
      } catch (failure) {
        if (tries >= PAUSES.length) throw failure;
        if (failure.status === 401) {
          // A token fresh from the server is good: something on the way takes it off.
          if (expired) throw new Failure("barred", { hint: true });
          expired = true;
          this.session = null;
          notice("expired");
        } else if (failure.status === 429 && failure.wait <= 60) {
          notice("waiting", { seconds: failure.wait });
          await pause(failure.wait * 1000);
        } else if (failure.kind === "down") {
          notice("resending");
          await pause(PAUSES[tries]);
        } else {
          throw failure;
        }
      }
    }
  }

  async history() {
    if (!this.session) return null;
    try {
      return await this.call("GET", "/messages");
    } catch (failure) {
      if (failure.status !== 401) throw failure;
      this.session = null;
      return null;
    }
  }

  async forget() {
    if (this.session) {
      try {
        this.session = await this.call("DELETE", "/messages");
      } catch (failure) {
        // An expired conversation cannot be reached any more by anyone.
        if (failure.status !== 401) throw failure;
        this.session = null;
      }
    }
    this.shared.set(`${this.key} turn`, newId());
  }

  // Calls back when another tab has spoken in the conversation, or cleared it.
  onOtherTab(callback, signal) {
    addEventListener("storage", (event) => event.key === `${this.key} turn` && callback(), { signal });
  }
}
