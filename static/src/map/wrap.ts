// Where a label may break. Chinese and Japanese text has no spaces: it breaks
// between any two characters but before closing and after opening punctuation;
// words of other scripts stay whole.

const wide = /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff01-\uff60\uffe0-\uffe6]|[\ud840-\ud8bf][\udc00-\udfff]/;
const closing = /^[)\]}）】」』》〉、，。；：！？·%…]/;
const opening = /[([{（【「『《〈]$/;

/** The width of a text in ems: 1 for a CJK character, about half for others. */
export function ems(text: string): number {
  let n = 0;
  for (const ch of text) n += wide.test(ch) ? 1 : /[A-Z@MW]/.test(ch) ? 0.68 : ch === " " ? 0.28 : 0.55;
  return n;
}

/** Whether a text is written in characters that may stand one below another. */
export function isWide(text: string): boolean {
  const chars = [...text.replace(/\s/g, "")];
  return chars.length > 0 && chars.filter((c) => wide.test(c)).length * 2 > chars.length;
}

/** The smallest pieces that stay whole. A piece keeps the space before it. */
export function pieces(text: string): string[] {
  const out: string[] = [];
  let word = "";
  const flush = () => {
    if (word) out.push(word);
    word = "";
  };
  for (const ch of text) {
    if (wide.test(ch)) {
      flush();
      out.push(ch);
    } else if (/\s/.test(ch)) {
      flush();
      word = " ";
    } else word += ch;
  }
  flush();
  // Punctuation stays with its neighbour, a number with the 号 or 栋 it counts.
  const glued: string[] = [];
  for (const p of out) {
    const last = glued[glued.length - 1];
    if (last !== undefined && (closing.test(p.trim()) || opening.test(last) || (/\d$/.test(last) && wide.test(p)))) glued[glued.length - 1] = last + p;
    else glued.push(p);
  }
  return glued;
}

/**
 * Breaks a text into as few lines of at most max ems as it needs, and these as
 * even as they go, so that no single character is left over on the last one. A
 * piece wider than max has a line of its own.
 */
export function wrap(text: string, max: number): string[] {
  const parts = pieces(text.trim());
  const lines = lay(parts, max);
  if (lines.length < 2) return lines;
  // What is said in brackets is a line of its own where it fits one.
  const tail = /^(.+?)\s*([（(][^（(]+[)）])$/.exec(text.trim());
  if (tail && ems(tail[2]!) <= max) return [...wrap(tail[1]!, max), tail[2]!];
  // The narrowest width that needs no more lines is the most even one.
  for (let width = ems(text.trim()) / lines.length; width < max; width += 0.1) {
    const even = lay(parts, width);
    if (even.length === lines.length && even.every((l) => ems(l) <= max)) return even;
  }
  return lines;
}

// Fills lines one after the other.
function lay(parts: string[], max: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const p of parts) {
    if (line && ems((line + p).trim()) > max) {
      lines.push(line.trim());
      line = p;
    } else line += p;
  }
  if (line.trim()) lines.push(line.trim());
  return lines;
}
