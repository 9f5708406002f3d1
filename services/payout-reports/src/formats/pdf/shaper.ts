import type { GlyphPosition } from 'fontkit';
import * as harfbuzz from 'harfbuzzjs';

/** A text as glyphs, from left to right as displayed; lengths in the font's units. */
export interface Shaped {
  readonly glyphs: readonly { readonly id: number; readonly standsFor: readonly number[] }[];
  readonly positions: readonly GlyphPosition[];
  readonly advanceWidth: number;
  /** Of the ink, above and below the baseline. */
  readonly top: number;
  readonly bottom: number;
}

/** Lays out a text of one script and direction. */
export type Shape = (text: string, isRightToLeft?: boolean) => Shaped;

/**
 * HarfBuzz, which knows the order and the joined forms of every script; fontkit's own layout puts Thai and Burmese marks in the wrong
 * place, and fails on Gurmukhi, Telugu, Malayalam and Khmer.
 */
export function shaperOf(bytes: Uint8Array): Shape {
  const font = new harfbuzz.Font(new harfbuzz.Face(new harfbuzz.Blob(bytes)));
  const buffer = new harfbuzz.Buffer();
  return (text, isRightToLeft = false) => {
    buffer.reset();
    buffer.setFlags(harfbuzz.BufferFlag.REMOVE_DEFAULT_IGNORABLES);
    buffer.addText(text);
    buffer.guessSegmentProperties();
    buffer.setDirection(isRightToLeft ? harfbuzz.Direction.RTL : harfbuzz.Direction.LTR);
    harfbuzz.shape(font, buffer);
    const infos = buffer.getGlyphInfos();
    const positions = buffer.getGlyphPositions();
    const behind = charactersBehind(text, infos);
    return {
      glyphs: infos.map(({ codepoint: id }, index) => ({ id, standsFor: behind[index] ?? [] })),
      positions,
      advanceWidth: positions.reduce((sum, { xAdvance }) => sum + xAdvance, 0),
      ...inkOf(font, infos, positions),
    };
  };
}

/** What each glyph stands for: the code points of a cluster go to its first glyph. */
function charactersBehind(text: string, infos: readonly { readonly cluster: number }[]): number[][] {
  const starts = [...new Set(infos.map(({ cluster }) => cluster))].sort((a, b) => a - b);
  const given = new Set<number>();
  return infos.map(({ cluster }) => {
    if (given.has(cluster)) {
      return [];
    }
    given.add(cluster);
    const end = starts[starts.indexOf(cluster) + 1] ?? text.length;
    return [...text.slice(cluster, end)].map((character) => character.codePointAt(0) ?? 0);
  });
}

function inkOf(
  font: harfbuzz.Font,
  infos: readonly { readonly codepoint: number }[],
  positions: readonly GlyphPosition[],
): Pick<Shaped, 'top' | 'bottom'> {
  let [top, bottom] = [0, 0];
  for (const [index, { codepoint }] of infos.entries()) {
    const extents = font.glyphExtents(codepoint);
    const raised = (positions[index]?.yOffset ?? 0) + (extents?.yBearing ?? 0);
    top = Math.max(top, raised);
    bottom = Math.min(bottom, raised + (extents?.height ?? 0));
  }
  return { top, bottom };
}
