/** What was found at a path of this host. */
export interface FoundPath {
  /** With symbolic links resolved as far as it exists and answers. */
  readonly path: string;
  /** `hidden`: it may not be looked at. `unknown`: it does not answer. */
  readonly kind: 'directory' | 'other' | 'missing' | 'hidden' | 'unknown';
  /** The file system of the directory, or of the nearest one above what is none; null where that is unknown. */
  readonly device: number | null;
}

/** What can be said of a path that cannot be asked about. */
export const asGiven = (path: string): FoundPath => ({ path, kind: 'unknown', device: null });
