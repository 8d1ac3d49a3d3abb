// The page that holds the assistant: its script tag, its colours, its printing.

// A module has no currentScript: its tag, or what the browser loaded, tells where the script came from.
const SCRIPT = document.currentScript ?? [...document.querySelectorAll('script[src*="/widget.js"]')].at(-1);
const HOME = (() => {
  const loaded = performance.getEntriesByType?.("resource").find(({ name }) => /\/widget\.js(\?|$)/.test(name));
  return new URL(SCRIPT?.src || loaded?.name || location.href).origin;
})();

const newId = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");

// The page's light or dark: what it was told, else what the page declares, else light as browsers do.
const isDark = (assistant) => {
  const around = getComputedStyle(assistant.parentElement ?? document.documentElement).colorScheme;
  const declared = document.querySelector('meta[name="color-scheme"]')?.content ?? "";
  const scheme = assistant.dataset.theme || (around && around !== "normal" ? around : declared);
  return /dark/.test(scheme) && (!/light/.test(scheme) || matchMedia("(prefers-color-scheme: dark)").matches);
};

// Any CSS colour as [red, green, blue] from 0 to 1; null where it is none.
const channels = (colour, within) => {
  const probe = el("i");
  within.append(probe);
  probe.style.color = `color-mix(in srgb, ${colour}, ${colour})`;
  if (!probe.style.color) probe.style.color = colour;
  const numbers = probe.style.color ? getComputedStyle(probe).color.match(/[\d.]+(e-\d+)?/g) : null;
  const scale = /^rgb/.test(getComputedStyle(probe).color) ? 255 : 1;
  probe.remove();
  return numbers && numbers.slice(0, 3).map((number) => Math.min(1, number / scale));
};

const luminance = (colour) =>
  colour
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
    .reduce((sum, part, index) => sum + part * [0.2126, 0.7152, 0.0722][index], 0);

const contrast = (one, other) => {
  const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
};

const READABLE = 4.6; // WCAG asks for 4.5; rounding to whole channels takes a little

// The colour, darkened or lightened until it can be read on `back`.
const readable = (colour, back) => {
  const end = luminance(back) > 0.18 ? 0 : 1;
  for (let share = 0; share < 1; share += 0.04) {
    const mixed = colour.map((part) => part + (end - part) * share);
    if (contrast(mixed, back) >= READABLE) return mixed;
  }
  return [end, end, end];
};

const inCss = (colour) => `rgb(${colour.map((part) => Math.round(part * 255)).join(" ")})`;

// The accent the page chose, and what can be read with it.
const paint = (assistant, shell) => {
  const styles = getComputedStyle(assistant);
  const dark = isDark(assistant);
  shell.classList.toggle("dark", dark);
  for (const name of ["accent", "on-accent", "link"]) shell.style.removeProperty(`--${name}`);
  const given = (name) => styles.getPropertyValue(`--cacima-${name}${dark ? "-dark" : ""}`).trim();
  const back = channels(getComputedStyle(shell).getPropertyValue("--back"), shell) ?? [dark ? 0 : 1, dark ? 0 : 1, dark ? 0 : 1];
  const exact = given("accent");
  const colour = channels(exact || assistant.dataset.color || (dark && styles.getPropertyValue("--cacima-accent").trim()) || "none", shell);
  if (!colour) return;
  // In the dark a deep colour would not stand out: it is lightened, unless the page gave one for the dark.
  const accent = dark && !exact ? readable(colour, back) : colour;
  const white = contrast(accent, [1, 1, 1]) >= 4.5;
  shell.style.setProperty("--accent", inCss(accent));
  shell.style.setProperty("--on-accent", given("on-accent") || (white ? "#fff" : "#000"));
  shell.style.setProperty("--link", given("link") || inCss(readable(colour, back)));
};

// While `paper` is in the page, the page itself is not printed.
const ALONE = "cacima-assistant):not(:has(cacima-assistant)";
const alone = () => {
  try {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(`@media print{html>:not(${ALONE}),body :not(${ALONE}){display:none!important}html{background:#fff!important}}`);
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
    return () => (document.adoptedStyleSheets = document.adoptedStyleSheets.filter((one) => one !== sheet));
  } catch {
    return () => {};
  }
};
