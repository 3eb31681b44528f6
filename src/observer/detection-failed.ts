/** The listeners of this host cannot be found out. The message says what failed, then what to do. */
export class DetectionFailed extends Error {
  override readonly name = 'DetectionFailed';
}
