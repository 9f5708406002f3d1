import type { Style } from './lines.ts';

// Points. A4 is ISO 216's.
export const MARGIN = 48;
export const WIDTH = 595.28 - 2 * MARGIN;
export const BOTTOM = 841.89 - 64;
/** Between what stands side by side. */
export const CELL_GAP = 8;

const SIZE = 8.5;
const SMALL = 7;
const INK = '#1a1a1a';
const GREY = '#5f5f5f';
export const RULE = '#b8b8b8';

export const BODY: Style = { font: 'regular', size: SIZE, color: INK };
export const BOLD: Style = { font: 'bold', size: SIZE, color: INK };
export const NOTE: Style = { font: 'regular', size: SMALL, color: GREY };
export const LABEL: Style = { font: 'regular', size: SIZE, color: GREY };
export const TITLE: Style = { font: 'bold', size: 17, color: INK };
export const HEADING: Style = { font: 'bold', size: 11, color: INK };
export const COLUMN_HEAD: Style = { font: 'bold', size: SMALL, color: INK };
