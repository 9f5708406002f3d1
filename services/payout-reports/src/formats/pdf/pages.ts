import { LineDrawer } from './line-drawer.ts';
import { heightOf, type TextLine, textLines } from './lines.ts';
import type { Text } from './paragraph.ts';
import { BOTTOM, MARGIN, NOTE, RULE, WIDTH } from './styles.ts';

/** The pages of a document, filled from top to bottom, each with its foot. Lengths in points. */
export class Pages {
  readonly doc: PDFKit.PDFDocument;
  readonly root: PDFKit.PDFStructureElement;
  readonly drawer: LineDrawer;
  /** Where on the page the next thing is drawn. */
  y = 0;
  /** Draws what is repeated at the top of each page. */
  repeated: (() => void) | undefined;
  readonly #foot: Text;
  readonly #total: number | undefined;
  #count = 0;

  /**
   * @param foot at the foot of every page
   * @param total pages; undefined while they are counted
   */
  constructor(doc: PDFKit.PDFDocument, foot: Text, total: number | undefined) {
    this.doc = doc;
    this.root = doc.struct('Document');
    doc.addStructure(this.root);
    this.drawer = new LineDrawer(doc, total === undefined);
    this.#foot = foot;
    this.#total = total;
  }

  /** Pages so far. */
  get count(): number {
    return this.#count;
  }

  /** Begins a page if this much does not fit on the current one. */
  room(height: number): void {
    if (this.#count > 0 && this.y + height <= BOTTOM) {
      return;
    }
    if (this.#count > 0) {
      this.#drawFoot();
    }
    this.doc.addPage();
    this.#count += 1;
    this.y = MARGIN;
    this.repeated?.();
  }

  /** Lines of the whole width, tagged as one thing, with room for `keepWith` of what follows. */
  block(tag: string, lines: readonly TextLine[], before: number, after: number, keepWith = 0): void {
    this.room(before + heightOf(lines) + after + keepWith);
    if (this.y > MARGIN) {
      this.y += before;
    }
    this.root.add(this.tagged(tag, () => this.drawer.draw(lines, MARGIN, this.y, WIDTH, false)));
    this.y += heightOf(lines) + after;
  }

  /** What `put` draws, as an element of the document's structure. */
  tagged(
    tag: string,
    put: () => void,
    options: PDFKit.Mixins.StructureElementOptions = {},
  ): PDFKit.PDFStructureElement {
    const content = this.doc.markStructureContent(tag);
    put();
    this.doc.endMarkedContent();
    return this.doc.struct(tag, options, [content]);
  }

  /** What `put` draws, as something that screen readers pass over. */
  artifact(type: 'Pagination' | 'Layout', put: () => void): void {
    this.doc.markContent('Artifact', { type });
    put();
    this.doc.endMarkedContent();
  }

  /** A line across the page. */
  rule(at: number, width: number): void {
    this.artifact('Layout', () => {
      this.doc
        .moveTo(MARGIN, at)
        .lineTo(MARGIN + WIDTH, at)
        .lineWidth(width)
        .strokeColor(RULE)
        .stroke();
    });
  }

  /** Ends the last page. @returns the number of pages */
  end(): number {
    this.room(0);
    this.#drawFoot();
    this.root.end();
    return this.#count;
  }

  #drawFoot(): void {
    this.artifact('Pagination', () => {
      const at = BOTTOM + 14;
      this.drawer.draw(textLines(this.#foot, NOTE, WIDTH - 90).slice(0, 2), MARGIN, at, WIDTH - 90, false);
      const place = `Page ${this.#count} of ${this.#total ?? 0}`;
      this.drawer.draw(textLines(place, NOTE, WIDTH), MARGIN, at, WIDTH, true);
    });
  }
}
