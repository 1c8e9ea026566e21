/** Whether a session is as far as it was planned to be by now. Nothing here touches the page. */

// Nearer to the plan than this, nobody is early or late (minutes).
const TOLERANCE = 1;

/**
 * Each slide has the same share of the planned time, and is on time while that share lasts.
 *
 * @param {object} session
 * @param {number} session.elapsed milliseconds since the start
 * @param {number} session.planned minutes
 * @param {number} session.seen how many slides were shown, the one on screen among them
 * @param {number} session.total
 * @returns {number} whole minutes ahead of the plan; negative when behind, 0 when on time
 */
export function ahead({ elapsed, planned, seen, total }) {
  const minutes = elapsed / 60_000;
  const share = planned / total;
  const early = share * (seen - 1) - minutes;
  const late = minutes - share * seen;
  if (early > TOLERANCE) return Math.floor(early);
  return late > TOLERANCE ? -Math.floor(late) : 0;
}
