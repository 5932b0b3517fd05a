/**
 * A repository, or another port, of which only `allowed` is there: everything else fails with what `refusal` gives, so
 * that a method that nobody has decided about is out of reach.
 */
export function only<T extends object>(allowed: Partial<NoInfer<T>>, refusal: () => Error): T {
  return new Proxy(allowed as T, {
    get: (methods, name) => Reflect.get(methods, name) ?? (() => Promise.reject(refusal())),
  });
}
