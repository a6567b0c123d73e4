// What is wrong with the page that is shown, as lines of text. It only looks.
const wrong = [];
const root = document.documentElement;

if (root.scrollWidth > innerWidth) {
  const wide = [...document.querySelectorAll('main *, nav *')]
    .filter(e => e.getBoundingClientRect().right > innerWidth + 0.5)
    .slice(0, 3).map(e => e.outerHTML.slice(0, 90));
  wrong.push(`scrolls sideways: ${root.scrollWidth} > ${innerWidth}: ${wide.join(' | ')}`);
}
if (!root.lang.startsWith(arguments[0])) wrong.push(`lang is "${root.lang}"`);
if (!document.title.trim()) wrong.push('no title');
if (document.querySelectorAll('h1').length !== 1) wrong.push(`${document.querySelectorAll('h1').length} h1`);
const ids = [...document.querySelectorAll('[id]')].map(e => e.id);
ids.filter((id, at) => ids.indexOf(id) !== at).forEach(id => wrong.push(`id "${id}" twice`));

// Message keys instead of messages.
const keys = new Set(arguments[1]);
const said = document.body.innerText + ' ' + document.title + ' '
  + [...document.querySelectorAll('[aria-label],[title],[placeholder]')]
    .map(e => [e.ariaLabel, e.title, e.placeholder].join(' ')).join(' ');
(said.match(/\?\?[^?\n]+\?\?/g) || []).forEach(text => wrong.push(`not translated: ${text}`));
said.split(/[\s,;()]+/).filter(word => keys.has(word)).forEach(word => wrong.push(`not translated: ${word}`));

// Contrast of every text that is seen: colours are read back from a canvas, whatever notation they are in.
const canvas = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
const colour = css => {
  canvas.clearRect(0, 0, 1, 1);
  canvas.fillStyle = css;
  canvas.fillRect(0, 0, 1, 1);
  const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
  return { r, g, b, a: a / 255 };
};
const over = (top, under) => ({
  r: top.r * top.a + under.r * (1 - top.a),
  g: top.g * top.a + under.g * (1 - top.a),
  b: top.b * top.a + under.b * (1 - top.a),
  a: 1,
});
const light = c => {
  const part = v => (v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4);
  return 0.2126 * part(c.r) + 0.7152 * part(c.g) + 0.0722 * part(c.b);
};
const contrast = (a, b) => {
  const [high, low] = [light(a), light(b)].sort((x, y) => y - x);
  return (high + 0.05) / (low + 0.05);
};
const ground = element => {
  const layers = [];
  for (let e = element; e; e = e.parentElement) {
    const card = e.matches('.node') ? e.querySelector('.card') : null;
    layers.push(colour(card ? getComputedStyle(card).fill : getComputedStyle(e).backgroundColor));
  }
  return layers.reverse().reduce((under, top) => over(top, under), { r: 255, g: 255, b: 255, a: 1 });
};
const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
const told = new Set();
while (texts.nextNode()) {
  const text = texts.currentNode.textContent.trim();
  const element = texts.currentNode.parentElement;
  if (!text || element.closest('script, title, .visually-hidden, [hidden]')
      || !element.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue;
  const style = getComputedStyle(element);
  const back = ground(element);
  const ink = over(colour(element instanceof SVGElement ? style.fill : style.color), back);
  const ratio = contrast(ink, back);
  const line = `contrast ${ratio.toFixed(2)} of "${text.slice(0, 40)}" (${element.className.baseVal ?? element.className})`;
  if (ratio < 4.5 && !told.has(line)) {
    told.add(line);
    wrong.push(line);
  }
}

// Everything that can be used is reached by Tab.
document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary').forEach(e => {
  if (e.checkVisibility() && e.tabIndex < 0 && !e.disabled) wrong.push(`not reached by Tab: ${e.outerHTML.slice(0, 90)}`);
});
return wrong;
