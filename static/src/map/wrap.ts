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
  // Glue punctuation to its neighbour.
  const glued: string[] = [];
  for (const p of out) {
    const last = glued[glued.length - 1];
    if (last !== undefined && (closing.test(p.trim()) || opening.test(last))) glued[glued.length - 1] = last + p;
    else glued.push(p);
  }
  return glued;
}

/**
 * Breaks a text into lines of at most max ems, as even as they go, so that no
 * single character is left over on the last line. A piece wider than max has a
 * line of its own.
 */
export function wrap(text: string, max: number): string[] {
  const clean = text.trim();
  if (ems(clean) <= max) return clean ? [clean] : [];
  const parts = pieces(clean);
  const rows = Math.ceil(ems(clean) / max);
  for (let n = rows; n <= parts.length; n++) {
    const lines = even(parts, ems(clean) / n, max);
    if (lines.length <= n) return lines;
  }
  return even(parts, max, max);
}

// Fills lines up to the piece whose middle passes the aim, never beyond max.
function even(parts: string[], aim: number, max: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const p of parts) {
    const longer = ems((line + p).trim());
    if (line && (longer > max || longer - ems(p.trim()) / 2 > aim)) {
      lines.push(line.trim());
      line = p;
    } else line += p;
  }
  if (line.trim()) lines.push(line.trim());
  return lines;
}
