/** The CACIMA assistant's element, `<cacima-assistant>`: what a page may call, set and hear. */

export interface CacimaAssistantElement extends HTMLElement {
  /** Opens the dialog; with `focus` false the page keeps the focus. */
  open(focus?: boolean): Promise<void>;
  close(): void;
  toggle(): void;
  /** Opens the dialog and says `text` (1,000 characters at most) in the person's place. */
  ask(text: string): void;
  /** Takes the assistant out of the page for good. */
  remove(): void;
}

export interface CacimaEventDetail {
  /** The language of the interface when the event was sent. */
  language: "fr" | "en";
}

export interface CacimaAnswerDetail extends CacimaEventDetail {
  /** The answer in plain words. */
  text: string;
  /** Ids of the facts it is drawn from, such as `ptce.count`; none for small talk. */
  facts: string[];
}

/** Events bubble from the element, so `document` hears them too. None can be cancelled. */
export interface CacimaEventMap {
  "cacima:open": CustomEvent<CacimaEventDetail>;
  "cacima:close": CustomEvent<CacimaEventDetail>;
  /** Something was said; what it was stays between the person and the assistant. */
  "cacima:question": CustomEvent<CacimaEventDetail>;
  "cacima:answer": CustomEvent<CacimaAnswerDetail>;
  /** The person erased the conversation. */
  "cacima:clear": CustomEvent<CacimaEventDetail>;
}

declare global {
  interface HTMLElementTagNameMap {
    "cacima-assistant": CacimaAssistantElement;
  }
  interface HTMLElementEventMap extends CacimaEventMap {}
  interface DocumentEventMap extends CacimaEventMap {}
}
