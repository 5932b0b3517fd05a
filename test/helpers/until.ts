/** Far beyond what a busy machine needs, and shorter than a test may take, so that its message is what fails. */
const patienceMs = 60_000;

/** Resolves once `reached` holds; for what happens on the other side of a socket. */
export async function until(reached: () => boolean | Promise<boolean>, what = 'it'): Promise<void> {
  const giveUpAt = performance.now() + patienceMs;
  while (!(await reached())) {
    if (performance.now() > giveUpAt) throw new Error(`${what} did not happen`);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}
