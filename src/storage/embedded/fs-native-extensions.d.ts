/** The package has no types of its own; what is used of it. */
declare module 'fs-native-extensions' {
  /** Takes an exclusive lock on the file without waiting; it is gone when the process is. */
  export function tryLock(fileDescriptor: number): boolean;
  export function unlock(fileDescriptor: number): void;
}
