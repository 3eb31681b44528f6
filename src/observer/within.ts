/**
 * What a promise comes to within so many milliseconds, and `otherwise` after them; what becomes of it then is
 * ignored.
 */
export async function within<Result, Otherwise>(
  promise: Promise<Result>,
  milliseconds: number,
  otherwise: Otherwise,
): Promise<Result | Otherwise> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Otherwise>((resolve) => {
    timer = setTimeout(resolve, milliseconds, otherwise);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
