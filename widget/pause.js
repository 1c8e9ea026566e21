/**
 * How long to wait before a line is tried again: never as long as anybody else, so that those whom one server lost together do not
 * all knock at the next one at once.
 *
 * @param {number} retry about so long (milliseconds)
 * @param {number} crowd spread over so much longer, because so many others come back too (milliseconds)
 * @param {() => number} [random]
 * @returns {number} milliseconds
 */
export function pause(retry, crowd, random = Math.random) {
  return retry * (0.75 + random() / 2) + crowd * random();
}
