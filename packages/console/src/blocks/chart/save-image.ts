import { saveFile } from '../save-file.ts';

/** Pixels of a picture for each of the page's. */
const SHARPNESS = 2;

export async function saveSvg(svg: string, name: string): Promise<void> {
  saveFile(new Blob([svg], { type: 'image/svg+xml' }), `${name}.svg`);
}

export async function savePng(svg: string, name: string): Promise<void> {
  const image = new Image();
  const address = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }));
  try {
    image.src = address;
    await image.decode();
    const canvas = document.createElement('canvas');
    canvas.width = image.naturalWidth * SHARPNESS;
    canvas.height = image.naturalHeight * SHARPNESS;
    const pen = canvas.getContext('2d');
    if (pen === null) {
      throw new Error('This browser cannot draw pictures: save it as SVG');
    }
    // A picture is looked at on paper or another page: it brings the page's ground.
    pen.fillStyle = getComputedStyle(document.body).backgroundColor;
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.drawImage(image, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
    if (blob === null) {
      throw new Error('The picture could not be made: save it as SVG');
    }
    saveFile(blob, `${name}.png`);
  } finally {
    URL.revokeObjectURL(address);
  }
}
