// Plain text laid out: paragraphs, lists, links and e-mail addresses.
const LINK = /https?:\/\/[^\s<>"«»“”]+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+/;
const BULLET = /^\s*(?:[-–•*]|\d{1,2}[.)])\s+/;

// Only addresses of the web become links: an answer is data, not to be trusted with javascript:.
const isWeb = (url) => /^https?:\/\//i.test(url ?? "");

// An address of the web opens beside the page that holds the conversation; #tab says so.
const link = (href, words, more = {}) =>
  el("a", isWeb(href) ? { href, target: "_blank", rel: "noopener noreferrer", "aria-describedby": "tab", ...more } : { href }, words);

const shortened = (url) => url.replace(/^https?:\/\/(www\.)?|\/$/g, "");

// `links` are names that stand in the text for an address: [{name, url}].
const linked = (text, links = []) => {
  const named = links.filter(({ name, url }) => name && isWeb(url));
  const names = named.map(({ name }) => name.replace(/[^\w\s]/g, "\\$&"));
  const pieces = [];
  let end = 0;
  for (const match of text.matchAll(new RegExp([LINK.source, ...names].join("|"), "gi"))) {
    const found = match[0].replace(/[.,;:!?)\]'’]+$/, "");
    const known = named.find(({ name }) => name.toLowerCase() === match[0].toLowerCase());
    const words = known ? match[0] : found;
    pieces.push(
      text.slice(end, match.index),
      known ? link(known.url, words) : isWeb(found) ? link(found, shortened(found)) : link(`mailto:${found}`, found),
    );
    end = match.index + words.length;
  }
  return [...pieces, text.slice(end)].filter((piece) => piece !== "");
};

const prose = (text, links) => {
  const blocks = [];
  let list = null;
  for (const line of String(text ?? "").split("\n")) {
    if (!line.trim()) {
      list = null;
    } else if (BULLET.test(line)) {
      const tag = /^\s*\d/.test(line) ? "ol" : "ul";
      if (list?.localName !== tag) blocks.push((list = el(tag)));
      list.append(el("li", ...linked(line.replace(BULLET, ""), links)));
    } else {
      list = null;
      blocks.push(el("p", ...linked(line.trim(), links)));
    }
  }
  return blocks;
};
