// Plain text laid out: paragraphs, lists, links and e-mail addresses.
const LINK = /https?:\/\/[^\s<>"«»“”]+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+/gi;
const BULLET = /^\s*(?:[-–•*]|\d{1,2}[.)])\s+/;

const link = (href, words) =>
  el("a", href.startsWith("mailto:") ? { href } : { href, target: "_blank", rel: "noopener noreferrer" }, words);

const linked = (text) => {
  const pieces = [];
  let end = 0;
  for (const match of text.matchAll(LINK)) {
    const found = match[0].replace(/[.,;:!?)\]'’]+$/, "");
    pieces.push(text.slice(end, match.index), link(found.includes("://") ? found : `mailto:${found}`, found));
    end = match.index + found.length;
  }
  return [...pieces, text.slice(end)].filter((piece) => piece !== "");
};

const prose = (text) => {
  const blocks = [];
  let list = null;
  for (const line of String(text ?? "").split("\n")) {
    if (!line.trim()) {
      list = null;
    } else if (BULLET.test(line)) {
      const tag = /^\s*\d/.test(line) ? "ol" : "ul";
      if (list?.localName !== tag) blocks.push((list = el(tag)));
      list.append(el("li", {}, ...linked(line.replace(BULLET, ""))));
    } else {
      list = null;
      blocks.push(el("p", {}, ...linked(line.trim())));
    }
  }
  return blocks;
};

// Only addresses of the web become links: an answer's source is data, not to be trusted with javascript:.
const source = (words, url) => (/^https?:\/\//i.test(url ?? "") ? link(url, words) : words);
