declare module 'gifenc' {
  export type Palette = readonly (readonly number[])[];

  export interface Frame {
    readonly palette?: Palette;
    /** Milliseconds until the next frame. */
    readonly delay?: number;
    readonly transparent?: boolean;
    readonly transparentIndex?: number;
    /** 1 keeps what was drawn. */
    readonly dispose?: number;
  }

  export interface Encoder {
    writeFrame(indices: Uint8Array, width: number, height: number, frame: Frame): void;
    finish(): void;
    bytes(): Uint8Array;
  }

  /** A CommonJS module, as Node reads it. */
  const gifenc: {
    GIFEncoder(): Encoder;
    quantize(rgba: Uint8Array, colors: number): Palette;
  };
  export default gifenc;
}
